package report

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Result adds what was done and what was not.
func Result(r schema.Report, x *apply.Result) schema.Report {
	return addFailed(actions(r, slices.Values(x.Done), x.Present), x)
}

// Actions adds actions as done; of a dry run, those that would be.
func Actions(r schema.Report, list []plan.Action) schema.Report {
	return actions(r, plan.Each(list), func(p plan.Person) plan.Person { return p })
}

func actions(r schema.Report, list iter.Seq[*plan.Action], called func(plan.Person) plan.Person) schema.Report {
	updated := map[string]bool{} // by objectGUID
	for a := range r.Actions.All() {
		updated[a.ObjectGUID] = updated[a.ObjectGUID] || a.Type == string(plan.Update)
	}
	n, joins := 0, 0
	for a := range list { // a first run has so many that half of an array in vain is felt
		if n++; a.Kind == plan.Join {
			joins++
		}
	}
	r.Actions, r.Changes, r.Joined = slices.Grow(r.Actions, n), slices.Grow(r.Changes, n), slices.Grow(r.Joined, joins)
	deeds := deeds{called: called, made: make([]deed, 0, n), names: map[adrules.GUID]*names{}}
	for a := range list {
		d := deeds.of(a)
		r.Accepted = append(r.Accepted, accepted(a, d.person())...)
		if !a.Stays {
			r = add(r, d, updated)
		}
	}
	return r
}

func add(r schema.Report, d *deed, updated map[string]bool) schema.Report {
	a, who, group := d.action, d.person(), ""
	if a.Group != nil {
		group = a.Group.CN
	}
	guid := ""
	if a.Kind == plan.Update {
		guid = Subject(who).ObjectGUID
	}
	if repeated := a.Kind == plan.Update && updated[guid]; !repeated && a.Reason != plan.SwapStep { // references come by themselves
		r.Add(string(a.Kind), who.CN, group)
	}
	if guid != "" {
		updated[guid] = true
	}
	if a.Reason != plan.SwapStep {
		r.Actions = append(r.Actions, (*done)(d))
	}
	if a.MoveIn && a.Kind == plan.Adopt {
		r.Moved = append(r.Moved, who.CN)
	}
	if a.Kind == plan.Adopt && a.Disables() {
		r.Actions = append(r.Actions, (*disabled)(d))
		r.Add(string(plan.Disable), who.CN, "")
	}
	if len(a.Changes) > 0 || a.Group != nil {
		r.Changes = append(r.Changes, (*changed)(d))
	}
	return r
}

// addFailed has an entry for each action that failed, and one for each person
// of whom nothing more was tried.
func addFailed(r schema.Report, x *apply.Result) schema.Report {
	untried := map[string][]string{} // by Person key
	for _, f := range x.Failed {
		if f.CutShort() {
			untried[f.Action.Person.Key()] = append(untried[f.Action.Person.Key()], what(f.Action))
		}
	}
	for _, f := range x.Failed {
		who := x.Present(*f.Action.Person)
		if f.Spared() {
			r.HeldBack = append(r.HeldBack, Outcome(who, plan.Refused, fmt.Sprintf("%s: %v; it is tried again, and fails once half of expiration_time is over", what(f.Action), f.Err)))
			continue
		}
		key, doing := f.Action.Person.Key(), what(f.Action)
		if f.CutShort() {
			if untried[key] == nil {
				continue
			}
			doing = strings.Join(untried[key], ", ")
			untried[key] = nil
		}
		r.Failed = append(r.Failed, Outcome(who, plan.Refused, fmt.Sprintf("%s: %v", doing, f.Err)+x.Remedy(f)))
	}
	for _, n := range x.Refused {
		r.Failed = append(r.Failed, Outcome(n.Person, n.Reason, n.Detail))
	}
	return r
}

// what is the action, without its person.
func what(a plan.Action) string {
	if a.Group != nil {
		return fmt.Sprintf("%s group %s", a.Kind, a.Group.CN)
	}
	return string(a.Kind)
}

// accepted tells who agreed to what was done, and who gave the account name that was
// written. Who was put out of a group was rejected, and is with the rejections.
func accepted(a *plan.Action, who plan.Person) (list []schema.Accepted) {
	if a.NamedBy != "" {
		list = append(list, schema.Accepted{Type: string(plan.Name), User: who.CN, By: a.NamedBy, Subject: Subject(who)})
	}
	if a.Answer == nil || !a.Answer.Accept || a.Then || a.Kind == plan.Rename { // a rename is the rest of a taking over
		return list
	}
	agreed := schema.Accepted{Type: string(a.Kind), User: who.CN, By: a.Answer.By, Subject: Subject(who)}
	if a.Kind == plan.Prolong || a.Kind == plan.NewPassword || a.Kind == plan.Unlock {
		agreed.Why = a.Answer.Reason
	}
	if a.Group != nil {
		agreed.Group = a.Group.CN
	}
	return append(list, agreed)
}
