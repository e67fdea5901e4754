package memad

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// object is one entry. Values and links are replaced whole, never changed in
// place, so that a copied map is a copied object.
type object struct {
	guid   adrules.GUID
	parent adrules.GUID // zero for the domain's head
	head   ad.DN        // full DN of a naming context's head, else zero
	rdn    rdn
	class  *class
	values map[string][][]byte       // by lower-case attribute name
	links  map[string][]adrules.GUID // forward links
	secret *string                   // the password; nil: none was ever set

	created, changed  time.Time
	createdUSN, usn   int64
	dn                ad.DN // cached
	dnMoves           int   // value of Directory.moves for which dn holds
	credentialsByHand bool  // smart card only: no password fits
}

// rdn is a relative distinguished name, not escaped.
type rdn struct{ attribute, value string }

type siblingKey struct {
	parent adrules.GUID
	name   string
}

func (o *object) copy() *object {
	c := *o
	c.values, c.links = maps.Clone(o.values), maps.Clone(o.links)
	return &c
}

func (o *object) text(attribute string) string {
	if v := o.values[attribute]; len(v) > 0 {
		return string(v[0])
	}
	return ""
}

func (o *object) control() adrules.UserAccountControl {
	return adrules.UserAccountControl(max(0, number(o.text("useraccountcontrol"))))
}

func (o *object) sid() adrules.SID {
	if v := o.values["objectsid"]; len(v) > 0 {
		sid, _ := adrules.SIDFromBytes(v[0])
		return sid
	}
	return ""
}

// key is equal for siblings that cannot be beside one another: the attribute
// of the RDN does not matter (MS-ADTS 3.1.1.3.1.2.1).
func (d *Directory) key(parent adrules.GUID, name rdn) siblingKey {
	return siblingKey{parent, d.collation.Key(name.value)}
}

// nameOf is the object's DN as the directory spells it.
func (d *Directory) nameOf(o *object) ad.DN {
	if !o.head.IsZero() {
		return o.head
	}
	if o.dn.IsZero() || o.dnMoves != d.moves {
		o.dn = d.nameOf(d.objects[o.parent]).Child(o.rdn.attribute, o.rdn.value)
		o.dnMoves = d.moves
	}
	return o.dn
}

// find resolves a DN, "<GUID=...>" or "<SID=...>"; nil where there is none.
func (d *Directory) find(dn ad.DN) *object {
	text := dn.String()
	if inner, ok := strings.CutPrefix(text, "<GUID="); ok {
		g, _ := adrules.ParseGUID(strings.TrimSuffix(inner, ">"))
		return d.objects[g]
	}
	if inner, ok := strings.CutPrefix(text, "<SID="); ok {
		return d.findSID(adrules.SID(strings.TrimSuffix(inner, ">")))
	}
	if dn.Equal(d.domain.base) {
		return d.objects[d.domain.headGUID()]
	}
	attribute, value := dn.Name()
	if attribute == "" {
		return nil
	}
	parent := d.find(dn.Parent())
	if parent == nil {
		return nil
	}
	found := d.objects[d.children[d.key(parent.guid, rdn{attribute, value})]]
	if found != nil && !strings.EqualFold(found.rdn.attribute, attribute) {
		return nil
	}
	return found
}

func (d *Directory) findSID(sid adrules.SID) *object {
	wanted := sid.Bytes()
	for _, o := range d.objects {
		if v := o.values["objectsid"]; len(v) > 0 && bytes.Equal(v[0], wanted) {
			return o
		}
	}
	return nil
}

// walk visits o and what is below it, within its naming context, in a stable
// order. It returns the number of naming contexts it passed by.
func (d *Directory) walk(o *object, depth int, visit func(*object)) (passedBy int) {
	visit(o)
	if depth == 0 {
		return 0
	}
	for _, guid := range d.below[o.guid] {
		child := d.objects[guid]
		if !child.head.IsZero() {
			passedBy++
			continue
		}
		passedBy += d.walk(child, depth-1, visit)
	}
	return passedBy
}

// put makes o part of the tree.
func (d *Directory) put(o *object) {
	d.objects[o.guid] = o
	if !o.parent.IsZero() {
		d.children[d.key(o.parent, o.rdn)] = o.guid
		d.below[o.parent] = append(d.below[o.parent], o.guid)
	}
}

// take removes o from its place in the tree.
func (d *Directory) take(o *object) {
	delete(d.children, d.key(o.parent, o.rdn))
	d.below[o.parent] = slices.DeleteFunc(slices.Clone(d.below[o.parent]), func(g adrules.GUID) bool { return g == o.guid })
}

// newGUID is a version 4 GUID that depends on the domain and the number of
// objects made before.
func (d *Directory) newGUID() adrules.GUID {
	d.made++
	return d.domain.guid(d.made)
}
