package plan

import (
	"slices"

	"ad-user-sync/internal/adrules"
)

// accountIndex is the observed accounts in an order of their own, that of their
// objectGUID, and found by what identifies them.
type accountIndex struct {
	inside, outside []*account
	byGUID          map[adrules.GUID]*account
	byAnchor        accountsBy      // users anchored for this source, inside and outside
	byCN, byName    accountsBy      // users inside, by collation key
	remembered      map[string]bool // anchors of accounts that are seen and known to the ledger
}

func (l *ledger) indexAccounts() {
	x := &accountIndex{
		inside: l.accounts(l.obs.Accounts), outside: l.accounts(l.obs.Elsewhere),
		remembered: map[string]bool{},
	}
	n := len(l.obs.Accounts)
	x.byGUID, x.byAnchor, x.byCN, x.byName = make(map[adrules.GUID]*account, n), make(accountsBy, n), make(accountsBy, n), make(accountsBy, n)
	all := x.all()
	for i, a := range all {
		if again := x.byGUID[a.GUID]; again != nil {
			a.standing = again.standing
		}
		x.byGUID[a.GUID] = a
		if a.Class != "user" || a.Anchor.ObjectGUID == "" || l.foreign(a) {
			continue
		}
		x.byAnchor.add(a.Anchor.ObjectGUID, all[i:])
		if known, _ := l.remembered(a); known.Anchor == a.Anchor.ObjectGUID {
			x.remembered[known.Anchor] = true
		}
	}
	for i, a := range x.inside {
		if a.Class == "user" {
			x.byCN.add(l.keys.of(a.CN), x.inside[i:])
			x.byName.add(l.keys.of(a.AccountName), x.inside[i:])
		}
	}
	l.index = x
}

// accountsBy are accounts by what several may have in common.
type accountsBy map[string][]*account

// add adds the first of a list. Most are the only one, for which the list's memory does.
func (x accountsBy) add(key string, list []*account) {
	if others, some := x[key]; some {
		x[key] = append(others, list[0])
		return
	}
	x[key] = list[:1:1]
}

func (x *accountIndex) all() []*account { return slices.Concat(x.inside, x.outside) }

// accountOf is the observed account of a person of the plan, nil before there
// is one.
func (l *ledger) accountOf(p Person) *account {
	if p.GUID.IsZero() {
		return nil
	}
	return l.index.byGUID[p.GUID]
}
