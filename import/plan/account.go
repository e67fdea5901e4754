package plan

import (
	"bytes"
	"slices"
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
}

// accounts are in an order of their own, and beside one another in memory.
func (l *ledger) accounts(observed []Account) []*account {
	order := make([]*Account, len(observed))
	for i := range observed {
		order[i] = &observed[i]
	}
	slices.SortFunc(order, func(a, b *Account) int { return bytes.Compare(a.GUID[:], b.GUID[:]) })
	accounts, standings, list := make([]account, len(order)), make([]standing, len(order)), make([]*account, len(order))
	for i, a := range order {
		accounts[i], list[i] = account{a, &standings[i]}, &accounts[i]
		standings[i].known, standings[i].listed = l.in.Memory.Accounts[a.GUID]
	}
	return list
}
