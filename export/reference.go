package export

import (
	"context"
	"fmt"
	"hash/maphash"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// references tell the objectGUID behind a DN: 24 bytes for each object that
// can be referred to.
type references struct {
	seed   maphash.Seed
	byName map[uint64]adrules.GUID // by hash of the DN's key
}

func (r *references) hash(dn ad.DN) uint64 { return maphash.String(r.seed, dn.Key()) }

// resolve is false where the DN names no user whom the reader can see.
func (r *references) resolve(text string) (adrules.GUID, bool) {
	dn, err := ad.ParseDN(text)
	if err != nil {
		return adrules.GUID{}, false
	}
	guid, ok := r.byName[r.hash(dn)]
	return guid, ok
}

// readReferences reads, in one search, everybody whom the DN-valued attributes
// of the users may refer to. Where the attribute is linked these are the
// objects with a back link, such as directReports, hence few.
func (s *source) readReferences(ctx context.Context) (*references, error) {
	r := &references{seed: maphash.MakeSeed(), byName: map[uint64]adrules.GUID{}}
	var whom []ad.Filter
	for _, name := range s.wanted.attributes {
		switch d := s.definitions[strings.ToLower(name)]; {
		case !d.Reference():
		case d.backLink != "":
			whom = append(whom, ad.Present(d.backLink))
		default:
			whom = append(whom, ad.People)
		}
	}
	if len(whom) == 0 || !s.wanted.anchored {
		return r, nil
	}
	_, err := s.dir.Search(ctx, ad.Search{Base: s.dir.Domain().Base, Filter: ad.Or(whom...), Attributes: []string{"objectGUID"}}, func(e ad.Entry) error {
		if guid := e.GUID(); !guid.IsZero() {
			r.byName[r.hash(e.DN)] = guid
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read whom the users refer to, as their managers: %w", err)
	}
	return r, nil
}
