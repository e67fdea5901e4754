package memad

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Twin is another controller of the same domain that knows all of it by now, and
// hears of what is written later by HearFrom. It is called by the host name given.
func (d *Directory) Twin(host string) *Directory {
	twin := d.Clone()
	twin.domain.host = host
	twin.store.heard = map[adrules.GUID]int64{d.domain.database(): twin.store.usn}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.store.heard[twin.domain.database()] = twin.store.usn
	return twin
}

// HearFrom replicates everything that the other controller knows. What was written
// through this one alone is lost.
func (d *Directory) HearFrom(other *Directory) {
	from := other.Clone()
	d.mu.Lock()
	defer d.mu.Unlock()
	heard := from.store.heard
	delete(heard, d.domain.database())
	heard[from.domain.database()] = from.store.usn
	usn := d.store.usn
	d.store = from.store
	d.store.domain, d.store.usn = d.domain, usn+1
}

// Knows makes this controller one that has heard of all that the other wrote, where
// it was written to both.
func (d *Directory) Knows(other *Directory) { d.store.heard[other.domain.database()] = other.store.usn }

// GoBackTo restores an old copy of this controller under the same identity, as a
// snapshot of a virtual machine does.
func (d *Directory) GoBackTo(old *Directory) {
	usn := old.HighestUSN()
	d.HearFrom(old)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.store.usn, d.store.heard = usn, maps.Clone(old.store.heard)
}

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
