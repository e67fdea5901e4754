package importer

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// join remembers how an account came into a group.
func (known Account) join(group adrules.SID, how plan.Joined) Account {
	known.Joined = maps.Clone(known.Joined)
	if known.Joined == nil {
		known.Joined = plan.Joins{}
	}
	known.Joined[group] = how
	return known
}

func (known Account) leave(group adrules.SID) Account {
	known.Joined = maps.Clone(known.Joined)
	delete(known.Joined, group)
	return known
}

// reconcileJoins forgets who is in a group no more. Where the ledger is of a
// version that did not record who agreed, all that is there counts as agreed. It
// tells how many of these are in guarded groups.
func (r *Record) reconcileJoins(obs *plan.Observation) (guarded int) {
	for i := range obs.Accounts {
		a := &obs.Accounts[i]
		known, ok := r.Accounts[a.GUID]
		if !ok {
			continue
		}
		for i := range obs.Groups {
			g := &obs.Groups[i]
			_, joined := known.Joined[g.SID]
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

func (s *situation) reconcileJoins() {
	if n := s.record.reconcileJoins(s.obs); n > 0 {
		s.notices = append(s.notices, fmt.Sprintf("from now on it is recorded who agrees that somebody joins a guarded group; what is there already counts as agreed; memberships of guarded groups: %d", n))
	}
}

// learnJoins keeps who agreed to what was done, and forgets what a run meant to do
// and could not.
func (r *Record) learnJoins(x *applier, now time.Time) {
	for _, f := range x.failed {
		guid := f.action.Person.GUID
		if known, ok := r.Accounts[guid]; ok && f.action.Kind == plan.Join && !x.uncertain(f) {
			r.Accounts[guid] = known.leave(f.action.Group.SID)
		}
	}
	for _, f := range slices.Concat(x.failed, x.open) {
		guid, err := x.target(f.action.Person)
		if known, ok := r.Accounts[guid]; err == nil && ok && f.action.Kind == plan.Join && x.uncertain(f) { // perhaps done, of somebody new among them
			r.Accounts[guid] = known.join(f.action.Group.SID, plan.JoinedBy(f.action, now))
		}
	}
	for _, a := range x.done {
		guid, err := x.target(a.Person)
		known, ok := r.Accounts[guid]
		switch {
		case err != nil || !ok:
		case a.Kind == plan.Join:
			r.Accounts[guid] = known.join(a.Group.SID, plan.JoinedBy(a, now))
		case a.Kind == plan.Leave:
			r.Accounts[guid] = known.leave(a.Group.SID)
		}
	}
}

// listAccepted tells who agreed to what was done, and who gave the account name that
// was written. Who was put out of a group was rejected, and is with the rejections.
func (im *Import) listAccepted(a plan.Action) {
	if a.NamedBy != "" {
		im.report.Accepted = append(im.report.Accepted, schema.Accepted{Type: string(plan.Name), User: a.Person.CN, By: a.NamedBy, Subject: subject(a.Person)})
	}
	if a.Answer == nil || !a.Answer.Accept || a.Then || a.Kind == plan.Rename { // a rename is the rest of a taking over
		return
	}
	accepted := schema.Accepted{Type: string(a.Kind), User: a.Person.CN, By: a.Answer.By, Subject: subject(a.Person)}
	if a.Group != nil {
		accepted.Group = a.Group.CN
	}
	im.report.Accepted = append(im.report.Accepted, accepted)
}
