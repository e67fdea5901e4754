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

// same reports whether two are one giving, which may go on through another controller.
func (g GivenTime) same(h GivenTime) bool {
	g.Accounts, h.Accounts = 0, 0
	g.At, h.At = time.Time{}, time.Time{}
	return g == h
}

func giving(a *plan.Action, now time.Time) GivenTime {
	return GivenTime{schema.GivenTime{At: now.Truncate(time.Second), By: a.Answer.By, Reason: a.Answer.Reason, Days: a.Given.Days}, a.Given.File}
}

// intendGiven writes down who means to give time, and why: a run that is killed could
// not tell.
func (r *Record) intendGiven(a *plan.Action, now time.Time) {
	if g := giving(a, now); r.MeantTime == nil || !r.MeantTime.same(g) {
		r.MeantTime = &g
	}
}

// has reports whether an account was given this already.
func (known Account) has(given *plan.Given) bool {
	return known.Given != nil && known.Given.Expires == given.Expires && known.Given.File == given.File && known.Given.Times == given.Times
}

// learnGiven counts who was given more time, but for whom [Record.Reconcile] did
// since it was meant.
func (r *Record) learnGiven(x *apply.Result, now time.Time) {
	for _, a := range x.Own() {
		if a.Kind != plan.Prolong {
			continue
		}
		if guid, known := x.Target(*a.Person); !known || !r.Accounts[guid].has(a.Given) {
			r.gave(giving(a, now))
		}
	}
}

// gave counts one account.
func (r *Record) gave(g GivenTime) {
	if m := r.MeantTime; m != nil && m.same(g) {
		g.At = m.At
	}
	n := len(r.GivenTime)
	if n == 0 || !r.GivenTime[n-1].same(g) || !r.GivenTime[n-1].At.Equal(g.At) {
		r.GivenTime, n = append(r.GivenTime, g), n+1
	}
	r.GivenTime[n-1].Accounts++
	r.GivenTime = r.GivenTime[max(0, n-maxGiven):]
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
