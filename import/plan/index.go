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
	byAnchor        accountsBy // users anchored for this source, inside and outside
	keys            *keys
	byCN, byName    accountsBy // users inside, by collation key; nil until they are asked for
}

func (l *ledger) indexAccounts() {
	n := len(l.obs.Accounts)
	x := &accountIndex{
		inside: l.accounts(l.obs.Accounts), outside: l.accounts(l.obs.Elsewhere),
		byGUID: make(map[adrules.GUID]*account, n), byAnchor: make(accountsBy, n), keys: l.keys,
	}
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
	}
	l.index = x
}

// called are the users inside whose account name may be taken for this one.
func (x *accountIndex) called(name string) []*account {
	x.indexNames()
	return x.byName[x.keys.of(name)]
}

// withCN are the users inside whose CN may be taken for this one.
func (x *accountIndex) withCN(cn string) []*account {
	x.indexNames()
	return x.byCN[x.keys.of(cn)]
}

// indexNames is for those who are not found by an anchor, of whom there are none mostly.
func (x *accountIndex) indexNames() {
	if x.byCN != nil {
		return
	}
	x.byCN, x.byName = make(accountsBy, len(x.inside)), make(accountsBy, len(x.inside))
	for i, a := range x.inside {
		if a.Class == "user" {
			x.byCN.add(x.keys.of(a.CN), x.inside[i:])
			x.byName.add(x.keys.of(a.AccountName), x.inside[i:])
		}
	}
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
