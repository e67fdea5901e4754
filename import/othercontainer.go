package importer

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// others are the containers that the ledger knows of the file's source domain,
// where it knows nothing of the present one (rule 07), and where they are now.
func (s *situation) others(ctx context.Context, o *observer) (list []plan.OtherContainer, err error) {
	if s.fresh.known {
		return nil, nil
	}
	for _, guid := range slices.SortedFunc(maps.Keys(s.ledger.Containers), func(a, b adrules.GUID) int { return bytes.Compare(a[:], b[:]) }) {
		record := s.ledger.Containers[guid]
		if !sameDomain(record.File.Domain, s.fresh.sourceDomain()) {
			continue
		}
		c := plan.OtherContainer{GUID: guid, Accounts: map[adrules.GUID]plan.Remembered{}}
		for id, known := range record.Accounts {
			c.Accounts[id] = known.remembered()
		}
		e, found, err := o.one(ctx, ad.ByGUID(guid), "objectGUID")
		if err != nil {
			return nil, fmt.Errorf("look for the container that was imported into before: %w", err)
		}
		if found {
			c.DN = e.DN.String()
		}
		list = append(list, c)
	}
	return list, nil
}
