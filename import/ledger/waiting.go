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

// waitingFor is what waits where this question is asked.
func waitingFor(q plan.Question, since time.Time) Waiting {
	w := Waiting{Kind: q.Kind, Who: q.Person.Trace(), User: q.Person.CN, About: q.Wanted, Since: since}
	if q.Group != nil {
		w.About = q.Group.CN
	}
	return w
}

// WaitsSince is since when runs have asked a question; zero where none has yet.
func (r *Record) WaitsSince(q plan.Question) time.Time {
	w := waitingFor(q, time.Time{})
	for _, known := range r.Waiting {
		if known.same(w) {
			return known.Since
		}
	}
	return time.Time{}
}

// Wait keeps what waits for a person, and since when.
func (r *Record) Wait(questions []plan.Question, now time.Time) {
	before := r.Waiting
	r.Waiting = nil
	for _, q := range questions {
		w := waitingFor(q, now.Truncate(time.Second))
		for _, known := range before {
			if known.same(w) {
				w.Since = known.Since
			}
		}
		r.Waiting = append(r.Waiting, w)
	}
}
