package ledger

import (
	"slices"
	"time"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// join remembers how an account came into a group.
func (known Account) join(group adrules.SID, how plan.Joined) Account {
	known.Joined = known.Joined.With(group, how)
	return known
}

func (known Account) leave(group adrules.SID) Account {
	known.Joined = known.Joined.Without(group)
	return known
}

// ReconcileJoins forgets who is in a group no more. Where the ledger is of a
// version that did not record who agreed, all that is there counts as agreed. It
// tells how many of these are in guarded groups.
func (r *Record) ReconcileJoins(obs *plan.Observation) (guarded int) {
	for i := range obs.Accounts {
		a := &obs.Accounts[i]
		known, ok := r.Accounts[a.GUID]
		if !ok {
			continue
		}
		for i := range obs.Groups {
			g := &obs.Groups[i]
			_, joined := known.Joined.Of(g.SID)
			switch {
			case g.Missing != "":
			case joined && !a.MemberOf[g.SID]:
				known = known.leave(g.SID)
			case !r.Consents && a.MemberOf[g.SID]:
				known = known.join(g.SID, plan.JoinedBefore(g))
				if g.Guarded() {
					guarded++
				}
			}
		}
		r.Accounts[a.GUID] = known
	}
	r.Consents = true
	return guarded
}

// learnJoins keeps who agreed to what was done, and forgets what a run meant to do
// and could not.
func (r *Record) learnJoins(x *apply.Result, now time.Time) {
	for _, f := range x.Failed {
		guid := f.Action.Person.GUID
		if known, ok := r.Accounts[guid]; ok && f.Action.Kind == plan.Join && !x.Unsure(f) {
			r.Accounts[guid] = known.leave(f.Action.Group.SID)
		}
	}
	for _, f := range slices.Concat(x.Failed, x.Open) {
		guid, met := x.Target(*f.Action.Person)
		if known, ok := r.Accounts[guid]; met && ok && f.Action.Kind == plan.Join && x.Unsure(f) { // perhaps done, of a new person among them
			r.Accounts[guid] = known.join(f.Action.Group.SID, plan.JoinedBy(&f.Action, now))
		}
	}
	for _, a := range x.Done {
		guid, met := x.Target(*a.Person)
		known, ok := r.Accounts[guid]
		switch {
		case !met || !ok:
		case a.Kind == plan.Join:
			r.Accounts[guid] = known.join(a.Group.SID, plan.JoinedBy(a, now))
		case a.Kind == plan.Leave:
			r.Accounts[guid] = known.leave(a.Group.SID)
		}
	}
}
