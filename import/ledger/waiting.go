package ledger

import (
	"time"

	"ad-user-sync/import/plan"
)

// Waiting is a question that no one has answered yet.
type Waiting struct {
	Kind  plan.Kind `json:"kind"`
	Who   string    `json:"who"` // by plan.Person.Trace
	User  string    `json:"user"`
	About string    `json:"about,omitempty"` // group, or account name that is wanted
	Since time.Time `json:"since"`
}

func (w Waiting) same(o Waiting) bool {
	return w.Kind == o.Kind && w.Who == o.Who && w.About == o.About
}

// Wait keeps what waits for a person, and since when.
func (r *Record) Wait(questions []plan.Question, now time.Time) {
	before := r.Waiting
	r.Waiting = nil
	for _, q := range questions {
		w := Waiting{Kind: q.Kind, Who: q.Person.Trace(), User: q.Person.CN, About: q.Wanted, Since: now.Truncate(time.Second)}
		if q.Group != nil {
			w.About = q.Group.CN
		}
		for _, known := range before {
			if known.same(w) {
				w.Since = known.Since
			}
		}
		r.Waiting = append(r.Waiting, w)
	}
}
