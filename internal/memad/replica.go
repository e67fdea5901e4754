package memad

import (
	"maps"

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
