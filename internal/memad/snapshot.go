package memad

import (
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
)

// Clone is a directory with the same content, clock and counters that goes its
// own way from now on. Faults are not cloned.
func (d *Directory) Clone() *Directory {
	d.mu.Lock()
	defer d.mu.Unlock()
	domain := new(*d.domain)
	return &Directory{domain: domain, store: d.store.clone(domain), requests: requests{counts: d.requests.counts}, identity: d.identity}
}

// Align makes what is made next, in either of two copies of a domain, have the
// same objectGUID and SID, as an object that was replicated does.
func (d *Directory) Align(other *Directory) {
	d.store.made, d.store.rid = max(d.store.made, other.store.made), max(d.store.rid, other.store.rid)
	other.store.made, other.store.rid = d.store.made, d.store.rid
}

// Diverge makes sure that what is made from now on has other objectGUIDs and
// SIDs than what was made in the other, of which this one is an earlier copy.
func (d *Directory) Diverge(other *Directory) {
	d.store.made, d.store.rid = max(d.store.made, other.store.made)+1000, max(d.store.rid, other.store.rid)+1000
}

// HighestUSN is highestCommittedUSN of the rootDSE: equal before and after
// where nothing was written.
func (d *Directory) HighestUSN() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.store.usn
}

// notDumped differ between directories that say the same, or are long.
var notDumped = set("objectGUID whenCreated whenChanged uSNCreated uSNChanged objectSid nTSecurityDescriptor distinguishedName name instanceType objectCategory")

// Dump lists the objects below base with their attributes, sorted, for people
// and for comparison. Passwords show as set or not.
func (d *Directory) Dump(base ad.DN) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	start := d.store.find(base)
	if start == nil {
		return ""
	}
	var entries []string
	d.store.walk(start, -1, func(o *object) {
		entries = append(entries, d.store.dump(o))
	})
	slices.Sort(entries)
	return strings.Join(entries, "\n")
}

func (s *store) dump(o *object) string {
	var lines []string
	e := s.entry(o, s.stored(o))
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
