package apply

import (
	"fmt"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
)

// tasks are what an action is for, whichever controller it is planned from.
// It has a name by the person and, where there is one, by the account: whose that is may be known
// only since the action was meant (row 71), and who is new has one only since it was done.
func tasks(a plan.Action) (names []string) {
	what := string(a.Kind)
	if a.Group != nil {
		what += " " + string(a.Group.SID)
	}
	for _, c := range a.Changes { // references are written apart from the rest
		what += " " + c.Attribute
	}
	names = append(names, what+" "+a.Person.Key())
	if !a.Person.GUID.IsZero() {
		names = append(names, what+" of "+a.Person.GUID.String())
	}
	return names
}

type taskSet map[string]bool

func (s taskSet) add(a plan.Action) {
	for _, name := range tasks(a) {
		s[name] = true
	}
}

func (s taskSet) has(a plan.Action) bool {
	return slices.ContainsFunc(tasks(a), func(name string) bool { return s[name] })
}

// Resume begins with what came of the actions through a controller that was lost,
// and returns those of the plan that it left open. What was done is not done again:
// this controller will hear of it.
func (x *Applier) Resume(lost *Result) (actions []plan.Action) {
	open, wanted := taskSet{}, taskSet{}
	for _, f := range lost.Open {
		open.add(f.Action)
	}
	for _, a := range x.Plan.Actions {
		if open.has(a) {
			actions = append(actions, a)
			wanted.add(a)
		}
	}
	r := x.result
	x.accounts.before, r.stayed = lost.accounts, lost.stayed
	r.Done, r.Failed, r.Refused, r.LeftOut = lost.Done, lost.Failed, lost.Refused, lost.LeftOut
	for _, f := range lost.Open {
		x.settle(f, wanted.has(f.Action))
	}
	r.former, r.formerFailed = len(r.Done), len(r.Failed)
	return actions
}

// settle looks at an action that was left open. Where it may have been carried out
// and is not wanted any more, it is done.
func (x *Applier) settle(f Failure, wanted bool) {
	n, fails := x.failing(f.Action)
	if f.Unsure() && (wanted || fails) {
		x.result.unsure.add(f.Action)
	}
	switch {
	case wanted:
	case fails:
		x.conclude(&f.Action, fmt.Errorf("%w: %s", errNotTried, words.Because(n.Reason, n.Detail)))
	case f.Unsure() && x.open(f.Action):
		x.conclude(&f.Action, fmt.Errorf("%w; this controller does not show it as done, %s", f.Err, next(f.Action, "so that it is asked again")))
	case f.Unsure():
		x.result.Done = append(x.result.Done, &f.Action)
	}
}

// failing is the last note about the account of an action, or about its person where
// that has none yet: a person may have two accounts.
func (x *Applier) failing(a plan.Action) (found plan.Note, ok bool) {
	for _, n := range x.Plan.Failed {
		if n.Reason == plan.GroupMissing && !x.missing(a.Group) || n.Reason == plan.PrimaryGroup && a.Kind != plan.Leave {
			continue // of one membership
		}
		same := n.Person.Key() == a.Person.Key()
		if !n.Person.GUID.IsZero() && !a.Person.GUID.IsZero() {
			same = n.Person.GUID == a.Person.GUID
		}
		if same {
			found, ok = n, true
		}
	}
	return found, ok
}

// missing reports whether a group cannot be found now.
func (x *Applier) missing(g *plan.Group) bool {
	return g != nil && !slices.ContainsFunc(x.Observed.Groups, func(seen plan.Group) bool { return seen.SID == g.SID && seen.Missing == "" })
}

// open reports whether nothing shows that an action was carried out.
func (x *Applier) open(a plan.Action) bool {
	switch a.Kind {
	case plan.NewPassword:
		return true // which cannot be read
	case plan.Disable:
		return slices.ContainsFunc(x.Observed.Accounts, func(seen plan.Account) bool { return seen.GUID == a.Person.GUID && seen.Enabled() })
	case plan.Unlock:
		return !slices.ContainsFunc(x.Plan.Found, func(f plan.Found) bool { return f.Person.GUID == a.Person.GUID && !f.Logon.Locked })
	case plan.Prolong: // what is offered next tells nothing: it differs with every end
		return !slices.ContainsFunc(x.Observed.Accounts, func(seen plan.Account) bool {
			return seen.GUID == a.Person.GUID && seen.Expires == a.Given.Expires
		})
	}
	return x.asked(a)
}

// asked reports whether what was agreed to is a question again.
func (x *Applier) asked(a plan.Action) bool {
	return slices.ContainsFunc(x.Plan.Questions, func(q plan.Question) bool {
		return q.Kind == a.Kind && q.Person.Key() == a.Person.Key() && (q.Group == nil || a.Group != nil && q.Group.SID == a.Group.SID)
	})
}

// GiveUp takes what is open for failed: there is no other controller.
func (x *Applier) GiveUp() {
	open := x.result.Open
	x.result.Open = nil
	for _, f := range open {
		x.conclude(&f.Action, f.Err)
	}
}

// Withhold fails the actions that answer an entry of the resolutions file, since
// that could not be marked, and returns the rest.
func (x *Applier) Withhold(actions []plan.Action, why error) (rest []plan.Action) {
	for i := range actions {
		a := &actions[i]
		if a.Answer == nil || a.Answer.Entry == 0 {
			rest = append(rest, *a)
			continue
		}
		x.result.left[a.Person.Key()]++
		x.conclude(a, fmt.Errorf("%w: the accepted entry could not be marked as done first, without which it might be carried out twice: %w", errNotTried, why))
	}
	return rest
}
