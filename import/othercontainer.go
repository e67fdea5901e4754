package importer

import (
	"maps"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// others are the other containers that matter to the file.
func (s *situation) others() (list []plan.OtherContainer) {
	for _, record := range s.history.Others(s.obs.Container.GUID) {
		c := plan.OtherContainer{GUID: record.GUID, Accounts: map[adrules.GUID]plan.Remembered{}}
		if s.fresh.known {
			c.Left = record.LeftBehind
			if c.Left.IsZero() {
				c.Left = s.now
			}
		}
		for id, known := range record.Accounts {
			c.Accounts[id] = known.Remembered()
		}
		list = append(list, c)
	}
	return list
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
			record.See(s.obs, s.now)
		}
		s.ledger.Containers[c.GUID] = record
	}
}
