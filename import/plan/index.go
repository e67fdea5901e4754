package plan

import (
	"bytes"
	"slices"

	"ad-user-sync/internal/adrules"
)

// accountIndex is the observed accounts in an order of their own, that of their
// objectGUID, and found by what identifies them.
type accountIndex struct {
	inside, outside []*Account
	byGUID          map[adrules.GUID]*Account
	byAnchor        map[string][]*Account // users anchored for this source, inside and outside
	byCN, byName    map[string][]*Account // users inside, by collation key
	remembered      map[string]bool       // anchors of accounts that are seen and known to the ledger
}

func (l *ledger) indexAccounts() {
	x := &accountIndex{
		inside: sorted(l.obs.Accounts), outside: sorted(l.obs.Elsewhere),
		remembered: map[string]bool{},
	}
	n := len(l.obs.Accounts)
	x.byGUID, x.byAnchor = make(map[adrules.GUID]*Account, n), make(map[string][]*Account, n)
	x.byCN, x.byName = make(map[string][]*Account, n), make(map[string][]*Account, n)
	for _, a := range x.all() {
		x.byGUID[a.GUID] = a
		if a.Class != "user" || a.Anchor.ObjectGUID == "" || l.foreign(a) {
			continue
		}
		x.byAnchor[a.Anchor.ObjectGUID] = append(x.byAnchor[a.Anchor.ObjectGUID], a)
		if known, _ := l.remembered(a); known.Anchor == a.Anchor.ObjectGUID {
			x.remembered[known.Anchor] = true
		}
	}
	for _, a := range x.inside {
		if a.Class == "user" {
			cn, name := l.keys.of(a.CN), l.keys.of(a.AccountName)
			x.byCN[cn], x.byName[name] = append(x.byCN[cn], a), append(x.byName[name], a)
		}
	}
	l.index = x
}

func (x *accountIndex) all() []*Account { return slices.Concat(x.inside, x.outside) }

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
func (l *ledger) accountOf(p Person) *Account {
	if p.GUID.IsZero() {
		return nil
	}
	return l.index.byGUID[p.GUID]
}
