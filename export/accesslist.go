package export

import (
	"context"
	"fmt"
	"slices"

	"ad-user-sync/internal/ad"
)

// listsLate reports whether access lists are read late: not with all users, of
// whom they are the larger part, but of those alone who lack a value. What decides
// who goes is always read together with the list.
func (s *source) listsLate(q query) bool {
	return len(s.wanted.exclude) == 0 && len(q.names()) == 0 && (len(s.wanted.groups) == 0 || s.membership.asked())
}

// lacking lists the attributes without a value whose access list matters to Run.
func (b *batch) lacking(e ad.Entry) (names []string) {
	if len(b.run.source.wanted.groups) > 0 {
		names = []string{"memberOf", "primaryGroupID"}
	}
	for _, c := range b.columns {
		names = append(names, c.name)
	}
	return slices.DeleteFunc(names, e.Has)
}

// mostLists are read at once, without pages: Samba looks for each object of a page
// once more. Each is held against all of the filter: many more at once cost more.
const mostLists = 100

// closed is an access list that lets no one read anything (MS-DTYP 2.4.6): of whom
// a second look does not find, what has no value is not known.
var closed = ad.NewEntry(ad.DN{}, map[string][][]byte{accessList: {[]byte("\x01\x00\x04\x80" + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x14\x00\x00\x00" + "\x02\x00\x08\x00\x00\x00\x00\x00")}})

// readLists reads the access list of each user who lacks a value, and together
// with it these values once more, so that both are of one moment.
func (b *batch) readLists(ctx context.Context) error {
	var whom []ad.Filter
	names, at := []string{accessList, "objectGUID"}, map[string]int{}
	for i, e := range b.held {
		lacking := b.lacking(e)
		if guid := e.Values("objectGUID"); len(lacking) > 0 && len(guid) > 0 {
			whom = append(whom, ad.Equal("objectGUID", string(guid[0])))
			at[string(guid[0])] = i
		}
		for _, name := range lacking {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for chunk := range slices.Chunk(whom, mostLists) {
		_, err := b.run.source.dir.Search(ctx, ad.Search{Base: b.run.source.dir.Domain().Base, Filter: ad.Or(chunk...), Attributes: names, AtOnce: true}, func(e ad.Entry) error {
			guid := e.Text("objectGUID")
			if i, asked := at[guid]; asked {
				b.held[i] = b.held[i].With(e)
				delete(at, guid)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("read which attributes may be read: %w", err)
		}
	}
	for _, i := range at {
		b.held[i] = b.held[i].With(closed)
	}
	return nil
}
