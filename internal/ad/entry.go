package ad

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"ad-user-sync/internal/adrules"
)

// Entry is one object as it was read. It owns its values.
type Entry struct {
	DN     DN
	values map[string][][]byte // by lower-case attribute name
}

// NewEntry takes attribute names in any case; the map is copied, the values
// are not.
func NewEntry(dn DN, values map[string][][]byte) Entry {
	e := Entry{DN: dn, values: make(map[string][][]byte, len(values))}
	for name, v := range values {
		e.values[strings.ToLower(name)] = v
	}
	return e
}

// With returns the entry with what another read of the same object showed.
func (e Entry) With(other Entry) Entry {
	values := maps.Clone(e.values)
	maps.Copy(values, other.values)
	return Entry{DN: e.DN, values: values}
}

// Has reports whether the attribute has a value that the reader may see.
func (e Entry) Has(attribute string) bool { return len(e.values[strings.ToLower(attribute)]) > 0 }

// Names lists the attributes with values, lower case, sorted.
func (e Entry) Names() []string {
	return slices.Sorted(maps.Keys(e.values))
}

// Values returns the raw values, nil where there are none.
func (e Entry) Values(attribute string) [][]byte { return e.values[strings.ToLower(attribute)] }

// Texts returns the values as strings.
func (e Entry) Texts(attribute string) []string {
	return texts(e.Values(attribute))
}

// Text returns the first value, "" where there is none.
func (e Entry) Text(attribute string) string {
	if v := e.Values(attribute); len(v) > 0 {
		return string(v[0])
	}
	return ""
}

// Int returns the first value as an integer, and whether there is one.
func (e Entry) Int(attribute string) (int64, bool) {
	n, err := strconv.ParseInt(e.Text(attribute), 10, 64)
	return n, err == nil
}

// GUID returns the objectGUID, zero where it could not be read.
func (e Entry) GUID() adrules.GUID { return e.guid("objectGUID") }

func (e Entry) guid(attribute string) (g adrules.GUID) {
	if v := e.Values(attribute); len(v) > 0 {
		g, _ = adrules.GUIDFromBytes(v[0])
	}
	return g
}

// SID returns the objectSid, "" where there is none.
func (e Entry) SID() adrules.SID {
	if v := e.Values("objectSid"); len(v) > 0 {
		if sid, err := adrules.SIDFromBytes(v[0]); err == nil {
			return sid
		}
	}
	return ""
}
