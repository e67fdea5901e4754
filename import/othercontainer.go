package importer

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// others are the containers that the ledger knows of the file's source domain,
// where it knows nothing of the present one (rule 07), and where they are now.
// Later these are the ones that were left behind when a person confirmed that, until
// an import into them comes again; that leaves behind what the imports went to
// meanwhile, unless both are seen to have imports of their own.
func (s *situation) others(ctx context.Context, o *observer) (list []plan.OtherContainer, err error) {
	away := s.now.Sub(s.record.LeftBehind)
	for _, guid := range slices.SortedFunc(maps.Keys(s.ledger.Containers), func(a, b adrules.GUID) int { return bytes.Compare(a[:], b[:]) }) {
		record := s.ledger.Containers[guid]
		left := !record.LeftBehind.IsZero() || !s.record.LeftBehind.IsZero() && !(record.Back && away < plan.LeftToThemselves)
		if guid == s.obs.Container.GUID || s.fresh.known && !left || !sameDomain(record.File.Domain, s.fresh.sourceDomain()) {
			continue
		}
		c := plan.OtherContainer{GUID: guid, Accounts: map[adrules.GUID]plan.Remembered{}}
		if s.fresh.known {
			c.Left = record.LeftBehind
			if c.Left.IsZero() {
				c.Left = s.now
			}
		}
		for id, known := range record.Accounts {
			c.Accounts[id] = known.remembered()
		}
		if left && s.obs.Container.Unfit == "" {
			if err := o.lookUpGone(ctx, s.obs, &Record{Accounts: record.Accounts}); err != nil {
				return nil, err
			}
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

// elsewhere are the anchors of accounts that the ledger knows in other containers
// only. What was moved from there to here is this one's.
func (s *situation) elsewhere() map[string]bool {
	anchors := map[string]bool{}
	for container, record := range s.ledger.Containers {
		for guid, known := range record.Accounts {
			if _, here := s.record.Accounts[guid]; container != s.obs.Container.GUID && !here && known.Anchor != "" {
				anchors[strings.ToLower(known.Anchor)] = true
			}
		}
	}
	return anchors
}

// apart are the other containers of the ledger, whose answers are their own, and moved
// the anchors of the accounts that came from there.
func (s *situation) apart() (containers, moved map[string]bool) {
	containers, moved = map[string]bool{}, map[string]bool{}
	for container, record := range s.ledger.Containers {
		containers[container.String()] = container != s.obs.Container.GUID
		for i := range s.obs.Accounts {
			if known := record.Accounts[s.obs.Accounts[i].GUID]; container != s.obs.Container.GUID && known.Anchor != "" {
				moved[strings.ToLower(known.Anchor)] = true
			}
		}
	}
	return containers, moved
}

// leaveBehind remembers which containers this import goes on without, and which of
// their accounts are seen nowhere.
func (s *situation) leaveBehind() {
	s.record.Back = s.record.Back || !s.record.LeftBehind.IsZero()
	s.record.LeftBehind = time.Time{}
	for _, c := range s.otherContainers {
		record := s.ledger.Containers[c.GUID]
		if record.LeftBehind.IsZero() {
			record.LeftBehind = s.now.Truncate(time.Second)
		} else {
			record.Accounts = maps.Clone(record.Accounts)
			record.see(s.obs, s.now)
		}
		s.ledger.Containers[c.GUID] = record
	}
}
