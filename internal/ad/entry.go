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
	DN         DN
	attributes []Attribute // names in lower case, each once; looked through faster than a map is made
}

// NewEntry takes attribute names in any case; the values are not copied.
func NewEntry(dn DN, values map[string][][]byte) Entry {
	e := Entry{DN: dn}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		e.set(strings.ToLower(name), values[name])
	}
	return e
}

// set takes a name in lower case.
func (e *Entry) set(name string, values [][]byte) {
	if i := e.index(name); i >= 0 {
		e.attributes[i].Values = values
		return
	}
	e.attributes = append(e.attributes, Attribute{name, values})
}

func (e Entry) index(attribute string) int {
	for i, a := range e.attributes {
		if len(a.Name) == len(attribute) && strings.EqualFold(a.Name, attribute) {
			return i
		}
	}
	return -1
}

func (e *Entry) remove(attribute string) {
	if i := e.index(attribute); i >= 0 {
		e.attributes = slices.Delete(e.attributes, i, i+1)
	}
}

// With returns the entry with what another read of the same object showed.
func (e Entry) With(other Entry) Entry {
	e.attributes = slices.Clone(e.attributes)
	for _, a := range other.attributes {
		e.set(a.Name, a.Values)
	}
	return e
}

// Has reports whether the attribute has a value that the reader may see.
func (e Entry) Has(attribute string) bool { return len(e.Values(attribute)) > 0 }

// Names lists the attributes with values, lower case, sorted.
func (e Entry) Names() []string {
	names := make([]string, 0, len(e.attributes))
	for _, a := range e.attributes {
		names = append(names, a.Name)
	}
	slices.Sort(names)
	return names
}

// Values returns the raw values, nil where there are none.
func (e Entry) Values(attribute string) [][]byte {
	if i := e.index(attribute); i >= 0 {
		return e.attributes[i].Values
	}
	return nil
}

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
