package plan

import (
	"slices"
	"strings"
)

// Wishes are what tables say of people and accounts. Cells may have been sorted or filled
// down apart from the others, so that a row is about whomever any of them names.
type Wishes struct {
	People   map[string][]Row // by source objectGUID in lower case
	Accounts map[string][]Row // by objectGUID in lower case
	Refused  map[string]bool  // account names of the user file
}

// Add takes in a row.
func (w *Wishes) Add(row Row) {
	if w.People == nil {
		*w = Wishes{map[string][]Row{}, map[string][]Row{}, map[string]bool{}}
	}
	anchor, guid := strings.ToLower(row.Anchor), strings.ToLower(row.GUID)
	if anchor != "" {
		w.People[anchor] = append(w.People[anchor], row)
	}
	if guid != "" {
		w.Accounts[guid] = append(w.Accounts[guid], row)
	}
	if row.Refused && row.Wanted != "" {
		w.Refused[row.Wanted] = true
	}
}

// against reports whether a person is not to have an account without a question: a row that
// is about one of them does not say that this one is to have that one.
func (w *Wishes) against(anchor, guid, wanted, has string) bool {
	other := func(r Row) bool {
		return r.Refused || !sameFold(r.Anchor, anchor) || !sameFold(r.GUID, guid) || r.Wanted != wanted || r.HasName != has
	}
	return w.Refused[wanted] || slices.ContainsFunc(w.People[strings.ToLower(anchor)], other) || slices.ContainsFunc(w.Accounts[strings.ToLower(guid)], other)
}
