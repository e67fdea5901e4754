package ledger

import (
	"time"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// GivenTime is more time that a person gave to accounts at once (rule 37), while the
// user file was the newest.
type GivenTime struct {
	schema.GivenTime
	File string `json:"file"` // SHA-256
}

// maxGiven bounds how many are remembered.
const maxGiven = 100

// learnGiven counts who was given more time. What goes on through another controller is
// the same giving.
func (r *Record) learnGiven(x *apply.Result, now time.Time) {
	for _, a := range x.Own() {
		if a.Kind != plan.Prolong {
			continue
		}
		g := GivenTime{schema.GivenTime{At: now.Truncate(time.Second), By: a.Answer.By, Reason: a.Answer.Reason, Days: a.Given.Days}, a.Given.File}
		n := len(r.GivenTime)
		if n == 0 || !r.GivenTime[n-1].same(g) {
			r.GivenTime, n = append(r.GivenTime, g), n+1
		}
		r.GivenTime[n-1].Accounts++
	}
	r.GivenTime = r.GivenTime[max(0, len(r.GivenTime)-maxGiven):]
}

func (g GivenTime) same(h GivenTime) bool {
	g.Accounts, h.Accounts = 0, 0
	return g == h
}

// Since is what was given since the last file.
func (r *Record) Since() (list []schema.GivenTime) {
	for _, g := range r.GivenTime {
		if g.File == r.File.SHA256 {
			list = append(list, g.GivenTime)
		}
	}
	return list
}
