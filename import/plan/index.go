package plan

import (
	"bytes"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
)

// accountIndex is the observed accounts in an order of their own, that of their
// objectGUID, and found by what identifies them.
type accountIndex struct {
	inside, outside []*Account
	byGUID          map[adrules.GUID]*Account
	byAnchor        map[string][]*Account // users stamped for this source, inside and outside
	byCN, byName    map[string][]*Account // users inside, by collation key
	remembered      map[string]bool       // anchors of accounts that are seen and known to the ledger
}

func (m *maker) indexAccounts() {
	x := accountIndex{
		inside: sorted(m.obs.Accounts), outside: sorted(m.obs.Elsewhere),
		byGUID:   map[adrules.GUID]*Account{},
		byAnchor: map[string][]*Account{}, byCN: map[string][]*Account{}, byName: map[string][]*Account{},
		remembered: map[string]bool{},
	}
	for _, list := range [][]*Account{x.inside, x.outside} {
		for _, a := range list {
			x.byGUID[a.GUID] = a
			if a.Class != "user" || a.Stamp.Anchor == "" || m.foreign(a) {
				continue
			}
			x.byAnchor[a.Stamp.Anchor] = append(x.byAnchor[a.Stamp.Anchor], a)
			if known, _ := m.remembered(a); known.Anchor == a.Stamp.Anchor {
				x.remembered[known.Anchor] = true
			}
		}
	}
	for _, a := range x.inside {
		if a.Class == "user" {
			x.byCN[m.keys.of(a.CN)] = append(x.byCN[m.keys.of(a.CN)], a)
			m.kept.bearers[strings.ToLower(a.CN)]++
			x.byName[m.keys.of(a.AccountName)] = append(x.byName[m.keys.of(a.AccountName)], a)
		}
	}
	m.index = x
}

func sorted(accounts []Account) []*Account {
	list := make([]*Account, len(accounts))
	for i := range accounts {
		list[i] = &accounts[i]
	}
	slices.SortFunc(list, func(a, b *Account) int { return bytes.Compare(a.GUID[:], b.GUID[:]) })
	return list
}

// accountOf is the observed account of a person of the plan, nil before there
// is one.
func (m *maker) accountOf(p Person) *Account {
	if p.GUID.IsZero() {
		return nil
	}
	return m.index.byGUID[p.GUID]
}
