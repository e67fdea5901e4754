package report

import (
	"cmp"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// deed is an action, with whom it was done to as the report calls them. What the report
// tells of it is made when it is written: each is told of by as many entries as it has
// changes.
type deed struct {
	action *plan.Action
	names  *names // nil: as the action has it
}

// names are what an account is called now.
type names struct {
	guid                adrules.GUID
	cn, accountName, dn string
}

// deeds are made in one piece, and those of one account share its names.
type deeds struct {
	called func(plan.Person) plan.Person
	made   []deed
	names  map[adrules.GUID]*names
}

func (l *deeds) of(a *plan.Action) *deed {
	d := deed{action: a}
	if a.Answer != nil { // may hold a password
		d.action = new(*a)
		d.action.Answer = nil
	}
	who, was := l.called(*a.Person), a.Person
	now := names{who.GUID, who.CN, who.AccountName, who.DN}
	if now != (names{was.GUID, was.CN, was.AccountName, was.DN}) {
		d.names = l.names[who.GUID]
		if d.names == nil || *d.names != now {
			d.names = &now
			l.names[who.GUID] = d.names
		}
	}
	l.made = append(l.made, d)
	return &l.made[len(l.made)-1]
}

func (d *deed) person() plan.Person {
	p := *d.action.Person
	if n := d.names; n != nil {
		p.GUID, p.CN, p.AccountName, p.DN = n.guid, n.cn, n.accountName, n.dn
	}
	return p
}

func (d *deed) user() string {
	if d.names != nil {
		return d.names.cn
	}
	return d.action.Person.CN
}

func (d *deed) entry() schema.Action {
	a := d.action
	e := schema.Action{Type: string(a.Kind), Code: string(a.Reason), User: d.user(), Subject: Subject(d.person()), Sooner: a.Sooner}
	if a.Group != nil {
		e.Group, e.From = a.Group.CN, a.From
	}
	return e
}

// done tells of an action.
type done deed

func (d *done) User() string          { return (*deed)(d).user() }
func (d *done) Tell() []schema.Action { return []schema.Action{(*deed)(d).entry()} }

// disabled tells of an account that was disabled as it was taken over.
type disabled deed

func (d *disabled) User() string { return (*deed)(d).user() }

func (d *disabled) Tell() []schema.Action {
	e := (*deed)(d).entry()
	e.Type = string(plan.Disable)
	return []schema.Action{e}
}

// changed tells what is before and after an action, fit to be read.
type changed deed

func (d *changed) User() string { return (*deed)(d).user() }

func (d *changed) Tell() []schema.Change {
	a, who := d.action, Subject((*deed)(d).person())
	cause := &schema.Cause{User: d.User(), Action: string(a.Kind), Reason: words.Because(a.Reason, a.Detail), Code: string(a.Reason)}
	list := make([]schema.Change, 0, len(a.Changes)+1)
	add := func(attribute string, before, after []string) {
		list = append(list, schema.Change{Cause: cause, Subject: &who, Attribute: attribute, Before: texts(before), After: texts(after)})
	}
	for _, c := range a.Changes {
		add(c.Attribute, readable(c, c.Before), readable(c, after(c)))
	}
	switch {
	case a.Group == nil:
	case a.Kind == plan.Join:
		add("member of", nil, []string{a.Group.CN})
	default:
		add("member of", []string{a.Group.CN}, nil)
	}
	slices.SortStableFunc(list, func(a, b schema.Change) int { return cmp.Compare(a.Attribute, b.Attribute) })
	return list
}
