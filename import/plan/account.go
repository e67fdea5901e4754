package plan

import (
	"bytes"
	"slices"

	"ad-user-sync/internal/adrules"
)

// account is an observed account, and where it stands in this plan. What was read twice,
// inside the container and outside, has one standing.
type account struct {
	*Account
	*standing
}

// standing is what the ledger knows of an account, and what was decided about it so far.
type standing struct {
	known  Remembered
	listed bool // the ledger has it

	person   *person // whose it is, as far as that is settled
	resting  bool    // whose it is is open
	inDoubt  bool    // several may be the person's, and all of them are named
	strayed  bool    // reported as out of our hands
	declined bool    // it was decided that it is not the person's
	awaited  bool    // of someone who may have been made anew, as long as no one has answered
	ends     int64   // accountExpires as this plan leaves it, 0 where it does not end by itself
}

// accounts are in an order of their own, and beside one another in memory.
func (l *ledger) accounts(observed []Account) []*account {
	type found struct {
		guid adrules.GUID
		a    *Account
	}
	order := make([]found, len(observed))
	for i := range observed {
		order[i] = found{observed[i].GUID, &observed[i]}
	}
	slices.SortFunc(order, func(a, b found) int { return bytes.Compare(a.guid[:], b.guid[:]) })
	accounts, standings, list := make([]account, len(order)), make([]standing, len(order)), make([]*account, len(order))
	for i, one := range order {
		accounts[i], list[i] = account{one.a, &standings[i]}, &accounts[i]
		standings[i].known, standings[i].listed = l.in.Memory.Accounts[one.guid]
	}
	return list
}
