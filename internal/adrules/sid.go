package adrules

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// SID is a security identifier in its string form, "S-1-5-21-...-1104"
// (MS-DTYP 2.4.2.1).
type SID string

// Well-known SIDs (MS-DTYP 2.4.2.4).
const (
	SIDSelf           SID = "S-1-5-10"
	SIDEveryone       SID = "S-1-1-0"
	SIDAuthenticated  SID = "S-1-5-11"     // everybody who logged on
	SIDUsers          SID = "S-1-5-32-545" // of which all users of the domain are members
	SIDPreWindows2000 SID = "S-1-5-32-554" // the same in most domains
)

// SIDFromBytes reads the binary form (MS-DTYP 2.4.2.2).
func SIDFromBytes(b []byte) (SID, error) {
	if len(b) < 8 || b[0] != 1 || len(b) != 8+4*int(b[1]) {
		return "", fmt.Errorf("not a SID: %d bytes", len(b))
	}
	authority := uint64(binary.BigEndian.Uint16(b[2:]))<<32 | uint64(binary.BigEndian.Uint32(b[4:]))
	var s strings.Builder
	fmt.Fprintf(&s, "S-1-%d", authority)
	for rest := b[8:]; len(rest) > 0; rest = rest[4:] {
		fmt.Fprintf(&s, "-%d", binary.LittleEndian.Uint32(rest))
	}
	return SID(s.String()), nil
}

// Bytes returns the binary form, nil for a SID that is none.
func (s SID) Bytes() []byte {
	parts := strings.Split(string(s), "-")
	if len(parts) < 3 || parts[0] != "S" || parts[1] != "1" || len(parts) > 18 {
		return nil
	}
	authority, err := strconv.ParseUint(parts[2], 10, 48)
	if err != nil {
		return nil
	}
	b := binary.BigEndian.AppendUint64(nil, authority)
	b[0], b[1] = 1, byte(len(parts)-3)
	for _, part := range parts[3:] {
		v, err := strconv.ParseUint(part, 10, 32)
		if err != nil {
			return nil
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	return b
}

// RID is the last part: the object's number within its domain.
func (s SID) RID() uint32 {
	v, err := strconv.ParseUint(string(s[strings.LastIndexByte(string(s), '-')+1:]), 10, 32)
	if err != nil {
		return 0
	}
	return uint32(v)
}

// Domain is everything before the RID.
func (s SID) Domain() SID {
	if i := strings.LastIndexByte(string(s), '-'); i > 0 {
		return s[:i]
	}
	return ""
}

// builtinDomain holds the groups of CN=Builtin.
const builtinDomain SID = "S-1-5-32"

// DomainUsersRID is that of the primary group of every new user.
const DomainUsersRID = 513

// FirstUserRID is the lowest RID that a domain assigns to objects made by its
// administrators (MS-ADTS 3.1.1.1.9); below it are the domain's own.
const FirstUserRID = 1000

// Privileged reports whether a group of this SID grants rights over the domain
// by itself, with the reason. Nesting and adminCount are judged elsewhere.
func (s SID) Privileged() (why string, yes bool) {
	rid := s.RID()
	if s.Domain() == builtinDomain {
		const users, guests = 545, 546
		if rid == users || rid == guests {
			return "", false
		}
		return "a built-in group", true
	}
	switch {
	case rid == 498, rid == 512, rid >= 516 && rid <= 521, rid >= 525 && rid <= 527,
		rid == 553, rid == 571, rid == 572:
		return "a group that every domain has for administration", true
	}
	return "", false
}

// Administrative reports whether the SID is that of a group whose members
// AdminSDHolder protects (MS-ADTS 3.1.1.6.1.2).
func (s SID) Administrative() bool {
	rid := s.RID()
	if s.Domain() == builtinDomain {
		return rid == 544 || rid >= 548 && rid <= 552
	}
	switch rid {
	case 512, 516, 518, 519, 521, 526, 527:
		return true
	}
	return false
}
