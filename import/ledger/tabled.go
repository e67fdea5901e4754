package ledger

import (
	"slices"
	"strings"

	"ad-user-sync/import/plan"
)

// Tabled is what a row of a table of match said, objectGUIDs in lower case. As long as
// the first run has not finished it goes on taking over unasked, also without the table:
// a run that was killed leaves its word here.
type Tabled struct {
	Anchor  string `json:"anchor"`            // of the person
	GUID    string `json:"guid,omitempty"`    // of the account
	Wanted  string `json:"wanted,omitempty"`  // account name of the user file
	HasName string `json:"has,omitempty"`     // of the account
	Refused bool   `json:"refused,omitempty"` // the person is not to have it
}

// Heed keeps rows until the first run has finished; after that nothing is taken over by its
// names unasked.
func (r *Record) Heed(rows []plan.Row) {
	if r.Finished {
		return
	}
	known := map[Tabled]bool{}
	for _, t := range r.Tabled {
		known[t] = true
	}
	r.Tabled = slices.Clone(r.Tabled)
	for _, row := range rows {
		t := Tabled{strings.ToLower(row.Anchor), strings.ToLower(row.GUID), row.Wanted, row.HasName, row.Refused}
		if t.Anchor+t.GUID+t.Wanted != "" && !known[t] {
			known[t] = true
			r.Tabled = append(r.Tabled, t)
		}
	}
}

// Heeded returns the rows that are kept.
func (r *Record) Heeded() []plan.Row {
	var rows []plan.Row
	for _, t := range r.Tabled {
		rows = append(rows, plan.Row{Anchor: t.Anchor, GUID: t.GUID, Wanted: t.Wanted, HasName: t.HasName, Refused: t.Refused})
	}
	return rows
}
