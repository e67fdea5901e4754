package ledger

import (
	"time"

	"ad-user-sync/import/plan"
)

// Intend writes down what a run means to do, so that one that is killed leaves
// no doubt about what is ours.
func (r *Record) Intend(actions []plan.Action, now time.Time) {
	r.intendCount(actions, now)
	for a := range plan.Each(actions) {
		if a.Kind == plan.Disable {
			r.regain(a.Person.GUID)
		}
		known, managed := r.Accounts[a.Person.GUID]
		switch a.Kind {
		case plan.Create:
			if key := intendedKey(a.Person.Anchor, a.Person.CN); r.Intended[key].IsZero() {
				r.Intended[key] = now.Truncate(time.Second)
			}
			continue
		case plan.Adopt:
			known.MeantAnchor, known.MeantKeeps, managed = a.Person.Anchor, a.Keeps, true
			known.MeantExpires, known.MeantDisable = expiry(a), known.lost(a.Keeps)
		case plan.Prolong:
			known.MeantExpires, known.MeantGiven = expiry(a), a.Given
			r.intendGiven(a, now)
		case plan.Extend, plan.Enable:
			if ends := expiry(a); ends != 0 {
				known.MeantExpires = ends
			}
		case plan.Join:
			known = known.join(a.Group.SID, plan.JoinedBy(a, now))
		case plan.Disable:
			known.MeantDisable = a.Reason
		}
		if managed {
			r.Accounts[a.Person.GUID] = known
		}
	}
}
