package approval

import (
	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
)

// tabled is what a table of match, which a person edited, comes to.
type tabled struct {
	Rows  int     `json:"rows"`
	Taken int     `json:"taken"`
	Stand []apart `json:"stand"` // open, and may be answered together
	Apart []apart `json:"apart"`
}

// apart is one row of it.
type apart struct {
	ID   string `json:"id"` // of the question; "" for none
	Line int    `json:"line"`
	User string `json:"user"`
	Why  string `json:"why"`
}

// tabled leaves out what was answered since; mu is held.
func (g *agenda) tabled(t *plan.Tabled) *tabled {
	if t == nil {
		return nil
	}
	out := &tabled{Rows: t.Rows, Taken: t.Taken}
	for _, id := range t.Stand {
		if q, open := g.shown[id]; open {
			out.Stand = append(out.Stand, apart{ID: id, User: q.Person.CN})
		}
	}
	for _, a := range t.Apart {
		row := apart{ID: a.ID, Line: a.Row.Line, User: a.Row.User, Why: words.OfValue(plan.FieldRow, string(a.Why))}
		if q, open := g.shown[a.ID]; open {
			row.User = q.Person.CN
		}
		out.Apart = append(out.Apart, row)
	}
	return out
}
