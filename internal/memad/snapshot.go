package memad

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Clone is a directory with the same content, clock and counters that goes its
// own way from now on. Faults are not cloned.
func (d *Directory) Clone() *Directory {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := &Directory{
		schema: d.schema, domain: new(*d.domain), heard: d.heard, identity: d.identity,
		objects: make(map[adrules.GUID]*object, len(d.objects)), children: maps.Clone(d.children),
		below: maps.Clone(d.below), byAccount: maps.Clone(d.byAccount), byUPN: maps.Clone(d.byUPN),
		back: map[string]map[adrules.GUID][]adrules.GUID{}, collation: adrules.NewCollation(),
		moves: d.moves, made: d.made, rid: d.rid, usn: d.usn, requests: requests{counts: d.requests.counts},
	}
	for g, o := range d.objects {
		shared := *o // its maps are never changed in place
		c.objects[g] = &shared
	}
	for g, list := range c.below {
		c.below[g] = slices.Clip(list)
	}
	for attribute, sources := range d.back {
		c.back[attribute] = maps.Clone(sources)
	}
	return c
}

// Align makes what is made next, in either of two copies of a domain, bear the
// same objectGUID and SID, as an object that was replicated does.
func (d *Directory) Align(other *Directory) {
	d.made, d.rid = max(d.made, other.made), max(d.rid, other.rid)
	other.made, other.rid = d.made, d.rid
}

// Diverge makes sure that what is made from now on bears other objectGUIDs and
// SIDs than what was made in the other, of which this one is an earlier copy.
func (d *Directory) Diverge(other *Directory) {
	d.made, d.rid = max(d.made, other.made)+1000, max(d.rid, other.rid)+1000
}

// USN is the object's uSNChanged, 0 where there is none of this name.
func (d *Directory) USN(dn ad.DN) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if o := d.find(dn); o != nil {
		return o.usn
	}
	return 0
}

// HighestUSN is highestCommittedUSN of the rootDSE: equal before and after
// where nothing was written.
func (d *Directory) HighestUSN() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.usn
}

// notDumped differ between directories that say the same, or are long.
var notDumped = set("objectGUID whenCreated whenChanged uSNCreated uSNChanged objectSid nTSecurityDescriptor distinguishedName name instanceType objectCategory")

// Dump lists the objects below base with their attributes, sorted, for people
// and for comparison. Passwords show as set or not.
func (d *Directory) Dump(base ad.DN) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	start := d.find(base)
	if start == nil {
		return ""
	}
	var entries []string
	d.walk(start, -1, func(o *object) {
		entries = append(entries, d.dumpObject(o))
	})
	slices.Sort(entries)
	return strings.Join(entries, "\n")
}

func (d *Directory) dumpObject(o *object) string {
	var lines []string
	e := d.entry(o, d.stored(o))
	for _, name := range e.Names() {
		if notDumped[name] {
			continue
		}
		for _, value := range e.Texts(name) {
			lines = append(lines, fmt.Sprintf("%s: %s", name, value))
		}
	}
	if o.secret != nil {
		lines = append(lines, "password: set")
	}
	slices.Sort(lines)
	return "dn: " + e.DN.String() + "\n" + strings.Join(lines, "\n") + "\n"
}
