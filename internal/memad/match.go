package memad

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// comparison is how the directory compares values, in filters and in requests.
type comparison struct{ store *store }

func (c comparison) known(attribute string) bool { return c.store.schema.attribute(attribute) != nil }

func never([]byte) bool { return false }

// equal prepares the comparison with an asserted value by the attribute's
// syntax.
func (c comparison) equal(attribute string, asserted []byte) func([]byte) bool {
	a := c.store.schema.attribute(attribute)
	switch {
	case a == nil:
		return never
	case a.syntax == syntaxDN:
		return c.equalDN(a, string(asserted))
	case a.syntax == syntaxSID:
		if sid := adrules.SID(asserted).Bytes(); sid != nil {
			asserted = sid
		}
	case a.number():
		n, err := strconv.ParseInt(string(asserted), 10, 64)
		return func(value []byte) bool {
			v, bad := strconv.ParseInt(string(value), 10, 64)
			return err == nil && bad == nil && v == n
		}
	case a.text():
		return c.equalText(string(asserted))
	}
	return func(value []byte) bool { return bytes.Equal(value, asserted) }
}

func (c comparison) equalText(asserted string) func([]byte) bool {
	plain, key := ascii(asserted), c.store.collation.Key(asserted)
	return func(value []byte) bool {
		text := string(value)
		if plain && ascii(text) {
			return strings.EqualFold(text, asserted)
		}
		return c.store.collation.Key(text) == key
	}
}

// equalDN also takes the short form of objectCategory, a class's name
// (MS-ADTS 3.1.1.3.1.3.5).
func (c comparison) equalDN(a *attribute, asserted string) func([]byte) bool {
	if class := c.store.schema.class(asserted); class != nil && a.key == "objectcategory" {
		asserted = c.store.domain.categoryOf(class)
	}
	dn, err := ad.ParseDN(asserted)
	if err != nil {
		return never
	}
	key := dn.Key()
	return func(value []byte) bool {
		if string(value) == asserted {
			return true
		}
		if len(value) != len(asserted) && ascii(string(value)) && !bytes.ContainsRune(value, '\\') && !strings.ContainsAny(asserted, `\ `) {
			return false // spelled alike but for case, they would be as long
		}
		v, err := ad.ParseDN(string(value))
		return err == nil && v.Key() == key
	}
}

func (c comparison) compare(attribute string, asserted []byte) func([]byte) (int, bool) {
	a := c.store.schema.attribute(attribute)
	if a != nil && a.number() {
		n, err := strconv.ParseInt(string(asserted), 10, 64)
		return func(value []byte) (int, bool) {
			v, bad := strconv.ParseInt(string(value), 10, 64)
			return cmp.Compare(v, n), err == nil && bad == nil
		}
	}
	return func(value []byte) (int, bool) {
		return strings.Compare(strings.ToLower(string(value)), strings.ToLower(string(asserted))), true
	}
}

// inChain finds the objects that reach end over any number of links
// (MS-ADTS 3.1.1.3.4.4.3).
func (c comparison) inChain(attribute string, end ad.DN) func(ad.Entry) bool {
	a, o := c.store.schema.attribute(attribute), c.store.find(end)
	if a == nil || a.linkID == 0 || o == nil {
		return func(ad.Entry) bool { return false }
	}
	follow := func(g adrules.GUID) []adrules.GUID { return c.store.back[a.key][g] }
	if a.backLink() {
		forward := c.store.schema.forwardOf[a.linkID-1]
		follow = func(g adrules.GUID) []adrules.GUID { return c.store.objects[g].links[forward.key] }
	}
	reached := map[string]bool{}
	for g := range closure(o.guid, follow) {
		reached[c.store.nameOf(c.store.objects[g]).String()] = true
	}
	return func(e ad.Entry) bool { return reached[e.DN.String()] }
}

// index finds a value in a set; -1 where it is not there.
func (c comparison) index(a *attribute, values [][]byte, value []byte) int {
	same := func(v []byte) bool { return bytes.Equal(v, value) }
	if a.text() {
		same = c.equalText(string(value))
	}
	return slices.IndexFunc(values, same)
}
