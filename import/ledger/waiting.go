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

// about is what it is about, whoever is called what.
func (w Waiting) about() Waiting { return Waiting{Kind: w.Kind, Who: w.Who, About: w.About} }

// waitingFor is what waits where this question is asked.
func waitingFor(q plan.Question, since time.Time) Waiting {
	w := Waiting{Kind: q.Kind, Who: q.Person.Trace(), User: q.Person.CN, About: q.Wanted, Since: since}
	if q.Group != nil {
		w.About = q.Group.CN
	}
	return w
}

// WaitsSince tells of questions since when runs have asked them; zero where none has
// yet.
func (r *Record) WaitsSince() func(plan.Question) time.Time {
	since := r.waitsSince()
	return func(q plan.Question) time.Time { return since[waitingFor(q, time.Time{}).about()] }
}

func (r *Record) waitsSince() map[Waiting]time.Time {
	since := make(map[Waiting]time.Time, len(r.Waiting))
	for _, w := range r.Waiting {
		since[w.about()] = w.Since
	}
	return since
}

// Wait keeps what waits for a person, and since when.
func (r *Record) Wait(questions []plan.Question, now time.Time) {
	since := r.waitsSince()
	r.Waiting = make([]Waiting, 0, len(questions))
	for _, q := range questions {
		w := waitingFor(q, now.Truncate(time.Second))
		if known, waited := since[w.about()]; waited {
			w.Since = known
		}
		r.Waiting = append(r.Waiting, w)
	}
}
