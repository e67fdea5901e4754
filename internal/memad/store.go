package memad

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// store holds the objects of a domain as one controller has them, and keeps the
// tree, the names and both ends of links consistent. Requests are judged by draft.
type store struct {
	schema *schema
	domain *domain

	objects          map[adrules.GUID]*object
	children         map[siblingKey]adrules.GUID
	below            map[adrules.GUID][]adrules.GUID // children in the order they came
	byAccount, byUPN map[string]adrules.GUID         // by collation key
	back             map[string]map[adrules.GUID][]adrules.GUID
	collation        *adrules.Collation

	moves int // counts renames: cached DNs of an earlier count are stale
	made  int // objects made, for GUIDs
	rid   uint32
	usn   int64
	heard map[adrules.GUID]int64 // USNs of other controllers, by invocationId
}

type siblingKey struct {
	parent adrules.GUID
	name   string
}

func newStore(d *domain) *store {
	return &store{
		schema: loadSchema(), domain: d,
		objects: map[adrules.GUID]*object{}, children: map[siblingKey]adrules.GUID{},
		below: map[adrules.GUID][]adrules.GUID{}, byAccount: map[string]adrules.GUID{}, byUPN: map[string]adrules.GUID{},
		back: map[string]map[adrules.GUID][]adrules.GUID{}, collation: adrules.NewCollation(),
		rid: firstRID, usn: firstUSN, heard: map[adrules.GUID]int64{},
	}
}

// clone is a store with the same content and counters, for a copy of the domain.
func (s *store) clone(d *domain) *store {
	c := *s
	c.domain, c.collation, c.heard = d, adrules.NewCollation(), maps.Clone(s.heard)
	c.children, c.below, c.byAccount, c.byUPN = maps.Clone(s.children), maps.Clone(s.below), maps.Clone(s.byAccount), maps.Clone(s.byUPN)
	c.objects, c.back = maps.Clone(s.objects), maps.Clone(s.back)
	for g, o := range c.objects {
		c.objects[g] = new(*o) // its maps are never changed in place
	}
	for g, list := range c.below {
		c.below[g] = slices.Clip(list)
	}
	for attribute, sources := range c.back {
		c.back[attribute] = maps.Clone(sources)
	}
	return &c
}

// find resolves a DN, "<GUID=...>" or "<SID=...>"; nil where there is none.
func (s *store) find(dn ad.DN) *object {
	text := dn.String()
	if inner, ok := strings.CutPrefix(text, "<GUID="); ok {
		g, _ := adrules.ParseGUID(strings.TrimSuffix(inner, ">"))
		return s.objects[g]
	}
	if inner, ok := strings.CutPrefix(text, "<SID="); ok {
		return s.findSID(adrules.SID(strings.TrimSuffix(inner, ">")))
	}
	if dn.Equal(s.domain.base) {
		return s.head()
	}
	attribute, value := dn.Name()
	if attribute == "" {
		return nil
	}
	parent := s.find(dn.Parent())
	if parent == nil {
		return nil
	}
	found := s.objects[s.children[s.key(parent.guid, rdn{attribute, value})]]
	if found != nil && !strings.EqualFold(found.rdn.attribute, attribute) {
		return nil
	}
	return found
}

func (s *store) findSID(sid adrules.SID) *object {
	wanted := sid.Bytes()
	for _, o := range s.objects {
		if v := o.values["objectsid"]; len(v) > 0 && bytes.Equal(v[0], wanted) {
			return o
		}
	}
	return nil
}

// account finds by sAMAccountName.
func (s *store) account(name string) *object { return s.objects[s.byAccount[s.collation.Key(name)]] }

// at finds an object by its name relative to the domain.
func (s *store) at(relative string) *object { return s.find(s.domain.relative(relative)) }

// head is the domain's head.
func (s *store) head() *object { return s.objects[s.domain.guid(1)] }

// key is equal for siblings that cannot be beside one another: the attribute
// of the RDN does not matter (MS-ADTS 3.1.1.3.1.2.1).
func (s *store) key(parent adrules.GUID, name rdn) siblingKey {
	return siblingKey{parent, s.collation.Key(name.value)}
}

// nameOf is the object's DN as the directory spells it.
func (s *store) nameOf(o *object) ad.DN {
	if !o.head.IsZero() {
		return o.head
	}
	if o.dn.IsZero() || o.dnMoves != s.moves {
		o.dn = s.nameOf(s.objects[o.parent]).Child(o.rdn.attribute, o.rdn.value)
		o.dnMoves = s.moves
	}
	return o.dn
}

// walk visits o and what is below it, within its naming context, in a stable
// order. It returns the number of naming contexts it passed by.
func (s *store) walk(o *object, depth int, visit func(*object)) (passedBy int) {
	visit(o)
	if depth == 0 {
		return 0
	}
	for _, guid := range s.below[o.guid] {
		child := s.objects[guid]
		if !child.head.IsZero() {
			passedBy++
			continue
		}
		passedBy += s.walk(child, depth-1, visit)
	}
	return passedBy
}

// put makes o part of the tree.
func (s *store) put(o *object) {
	s.objects[o.guid] = o
	if !o.parent.IsZero() {
		s.children[s.key(o.parent, o.rdn)] = o.guid
		s.below[o.parent] = append(s.below[o.parent], o.guid)
	}
}

// take removes o from its place in the tree.
func (s *store) take(o *object) {
	delete(s.children, s.key(o.parent, o.rdn))
	s.below[o.parent] = slices.DeleteFunc(slices.Clone(s.below[o.parent]), func(g adrules.GUID) bool { return g == o.guid })
}

func (s *store) move(o, parent *object, name rdn) {
	if o.parent == parent.guid && o.rdn == name {
		return
	}
	moved := o.copy()
	moved.parent, moved.rdn = parent.guid, name
	moved.usn, moved.changed = s.nextUSN(), s.domain.now()
	s.take(o)
	s.put(moved)
	s.moves++
}

func (s *store) forget(o *object) {
	for attribute, sources := range s.back {
		for _, source := range slices.Clone(sources[o.guid]) {
			s.unlink(s.objects[source], attribute, o.guid)
		}
	}
	s.reindex(o, nil)
	s.take(o)
	delete(s.objects, o.guid)
	s.usn++
}

// newGUID is a version 4 GUID that depends on the domain and the number of
// objects made before.
func (s *store) newGUID() adrules.GUID {
	s.made++
	return s.domain.guid(s.made)
}

// nextUSN is the update sequence number of the next originating write
// (MS-ADTS 3.1.1.1.9).
func (s *store) nextUSN() int64 {
	s.usn++
	return s.usn
}
