package memad

import (
	"encoding/binary"
	"maps"

	"ad-user-sync/internal/adrules"
)

// Twin is another controller of the same domain that knows all of it by now, and
// hears of what is written later by HearFrom. It is called by the host name given.
func (d *Directory) Twin(host string) *Directory {
	twin := d.Clone()
	twin.domain.host = host
	twin.heard = map[adrules.GUID]int64{d.domain.database(): twin.usn}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = maps.Clone(d.heard)
	if d.heard == nil {
		d.heard = map[adrules.GUID]int64{}
	}
	d.heard[twin.domain.database()] = twin.usn
	return twin
}

// HearFrom replicates everything that the other controller knows. What was written
// through this one alone is lost.
func (d *Directory) HearFrom(other *Directory) {
	from := other.Clone()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.objects, d.children, d.below, d.byAccount, d.byUPN, d.back = from.objects, from.children, from.below, from.byAccount, from.byUPN, from.back
	d.collation, d.moves, d.made, d.rid = from.collation, from.moves, from.made, from.rid
	heard := maps.Clone(from.heard)
	if heard == nil {
		heard = map[adrules.GUID]int64{}
	}
	delete(heard, d.domain.database())
	heard[from.domain.database()] = from.usn
	d.heard = heard
	d.usn++
}

// Knows makes this controller one that has heard of all that the other wrote, where
// it was written to both.
func (d *Directory) Knows(other *Directory) {
	heard := maps.Clone(d.heard)
	if heard == nil {
		heard = map[adrules.GUID]int64{}
	}
	heard[other.domain.database()] = other.usn
	d.heard = heard
}

// GoBackTo restores an old copy of this controller under the same identity, as a
// snapshot of a virtual machine does.
func (d *Directory) GoBackTo(old *Directory) {
	usn := old.HighestUSN()
	d.HearFrom(old)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.usn, d.heard = usn, old.heard
}

// readUpToDateness gives an UPTODATE_VECTOR of version 2 (MS-DRSR 5.168).
func (d *Directory) readUpToDateness(o *object) [][]byte {
	if len(d.heard) == 0 || !o.parent.IsZero() {
		return nil
	}
	blob := binary.LittleEndian.AppendUint64(nil, 2)
	blob = binary.LittleEndian.AppendUint64(blob, uint64(len(d.heard)))
	for database, usn := range d.heard {
		blob = append(blob, database[:]...)
		blob = binary.LittleEndian.AppendUint64(blob, uint64(usn))
		blob = binary.LittleEndian.AppendUint64(blob, 0)
	}
	return [][]byte{blob}
}
