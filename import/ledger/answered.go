package ledger

import (
	"maps"
	"time"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
)

// Answered is who agreed to what a question asked, and when it was carried out.
type Answered struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// answeredFor is how long that is told to whoever has a page open from before.
const answeredFor = 14 * 24 * time.Hour

func (r *Record) learnAnswered(x *apply.Result, now time.Time) {
	maps.DeleteFunc(r.Answered, func(_ string, a Answered) bool { return now.Sub(a.At) > answeredFor })
	for _, a := range x.Done {
		if a.Answer == nil || a.Answer.By == "" || a.Question == "" || a.Kind == plan.Prolong { // what is given has no question
			continue
		}
		if r.Answered == nil {
			r.Answered = map[string]Answered{}
		}
		r.Answered[a.Question] = Answered{By: a.Answer.By, At: now}
	}
}
