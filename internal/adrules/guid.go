package adrules

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// GUID is an objectGUID in the byte order in which a directory stores it
// (MS-DTYP 2.3.4.2): the first three fields are little-endian.
type GUID [16]byte

// GUIDFromBytes takes the 16 bytes of an objectGUID value.
func GUIDFromBytes(b []byte) (GUID, error) {
	var g GUID
	if len(b) != len(g) {
		return g, fmt.Errorf("a GUID has 16 bytes, this value has %d", len(b))
	}
	copy(g[:], b)
	return g, nil
}

// ParseGUID reads the dashed form, in any case, without braces.
func ParseGUID(s string) (GUID, error) {
	const form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
	fits := len(s) == len(form)
	for i := 0; fits && i < len(form); i++ {
		fits = (s[i] == '-') == (form[i] == '-')
	}
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || !fits {
		return GUID{}, fmt.Errorf("%q is not a GUID of the form 6f9619ff-8b86-d011-b42d-00cf4fc964ff", s)
	}
	return swap([16]byte(b)), nil
}

// String returns the dashed form in lower case, and "" for the zero GUID.
func (g GUID) String() string {
	if g.IsZero() {
		return ""
	}
	b := swap(g)
	var text [36]byte
	hex.Encode(text[0:], b[0:4])
	hex.Encode(text[9:], b[4:6])
	hex.Encode(text[14:], b[6:8])
	hex.Encode(text[19:], b[8:10])
	hex.Encode(text[24:], b[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// Compare orders GUIDs by their dashed form.
func (g GUID) Compare(other GUID) int {
	a, b := swap(g), swap(other)
	return bytes.Compare(a[:], b[:])
}

// IsZero reports whether the GUID was never set.
func (g GUID) IsZero() bool { return g == GUID{} }

// MarshalText makes a GUID readable as a JSON string and map key.
func (g GUID) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (g *GUID) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*g = GUID{}
		return nil
	}
	*g, err = ParseGUID(string(text))
	return err
}

func swap(in [16]byte) [16]byte {
	slices.Reverse(in[0:4])
	slices.Reverse(in[4:6])
	slices.Reverse(in[6:8])
	return in
}
