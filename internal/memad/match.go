package memad

import (
	"bytes"
	"cmp"
	"strconv"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// matching is how this directory compares values in filters.
func (d *Directory) matching() matching {
	return matching{
		known:   func(attribute string) bool { return d.schema.attribute(attribute) != nil },
		equal:   d.equal,
		compare: d.compare,
		inChain: d.inChain,
	}
}

func never([]byte) bool { return false }

// equal prepares the comparison with an asserted value by the attribute's
// syntax.
func (d *Directory) equal(attribute string, asserted []byte) func([]byte) bool {
	a := d.schema.attribute(attribute)
	switch {
	case a == nil:
		return never
	case a.syntax == syntaxDN:
		return d.equalDN(a, string(asserted))
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
		return d.equalText(string(asserted))
	}
	return func(value []byte) bool { return bytes.Equal(value, asserted) }
}

func (d *Directory) equalText(asserted string) func([]byte) bool {
	plain, key := ascii(asserted), d.collation.Key(asserted)
	return func(value []byte) bool {
		if text := string(value); !plain || !ascii(text) {
			return d.collation.Key(text) == key
		} else {
			return strings.EqualFold(text, asserted)
		}
	}
}

// equalDN also takes the short form of objectCategory, a class's name
// (MS-ADTS 3.1.1.3.1.3.5).
func (d *Directory) equalDN(a *attribute, asserted string) func([]byte) bool {
	if c := d.schema.class(asserted); c != nil && a.key == "objectcategory" {
		asserted = d.domain.categoryOf(c)
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

func (d *Directory) compare(attribute string, asserted []byte) func([]byte) (int, bool) {
	a := d.schema.attribute(attribute)
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
func (d *Directory) inChain(attribute string, end ad.DN) func(ad.Entry) bool {
	a, o := d.schema.attribute(attribute), d.find(end)
	if a == nil || a.linkID == 0 || o == nil {
		return func(ad.Entry) bool { return false }
	}
	follow := func(g adrules.GUID) []adrules.GUID { return d.back[a.key][g] }
	if a.backLink() {
		forward := d.schema.forwardOf[a.linkID-1]
		follow = func(g adrules.GUID) []adrules.GUID { return d.objects[g].links[forward.key] }
	}
	reached := map[string]bool{}
	for g := range closure(o.guid, follow) {
		reached[d.nameOf(d.objects[g]).String()] = true
	}
	return func(e ad.Entry) bool { return reached[e.DN.String()] }
}
