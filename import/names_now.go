package importer

import (
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// present is what somebody is called now, which is not what the plan says where a
// rename failed, nor what was read where it was done: common name, account name and
// DN of one account, so that of people who swap names neither is named as the other.
// A new account that nobody has found yet has its DN alone.
func (x *applier) present(p plan.Person) plan.Person {
	guid, err := x.target(p)
	made, unmet := x.unmet[p.Key()]
	switch {
	case err != nil && unmet:
		p.DN = made.dn.String()
		return p
	case err != nil && x.before != nil:
		return x.before.present(p)
	case err != nil:
		return p
	}
	p.GUID = guid
	if dn := x.names[guid]; !dn.IsZero() {
		_, p.CN = dn.Name()
		p.DN = dn.String()
	}
	if name := x.called[guid]; name != "" {
		p.AccountName = name
	}
	return p
}

// rememberName keeps the account name that an action wrote.
func (x *applier) rememberName(a plan.Action) {
	guid, err := x.target(a.Person)
	if err != nil {
		return // meet does
	}
	for _, c := range a.Changes {
		if c.Attribute == "sAMAccountName" {
			x.called[guid] = c.After[0]
		}
	}
}

// nameAsNow lets what the plan says of accounts name them as this run left them.
func (im *Import) nameAsNow(x *applier) {
	r := &im.report
	x.nameQuestions(r.RequiredInteractions)
	for _, list := range [][]schema.Outcome{r.Skipped, r.Failed, r.Unmanaged, r.HeldBack} {
		x.nameOutcomes(list)
	}
	for i := range r.LeftOut {
		r.LeftOut[i].User, r.LeftOut[i].Subject = x.asNow(r.LeftOut[i].User, r.LeftOut[i].Subject)
	}
}

func (x *applier) nameQuestions(list []schema.Interaction) {
	for i := range list {
		list[i].User, list[i].Subject = x.asNow(list[i].User, list[i].Subject)
	}
}

func (x *applier) nameOutcomes(list []schema.Outcome) {
	for i := range list {
		list[i].User, list[i].Subject = x.asNow(list[i].User, list[i].Subject)
	}
}

// tell makes the report say what is open after x, and who is beyond reach; x is nil
// where nothing was carried out since the directory was read.
func (d *Desk) tell(s *situation, x *applier, open []plan.Question) {
	if x == nil {
		x = newApplier(d.dir, d.im.Config, s, d.im.Log)
	}
	d.im.report.RequiredInteractions, d.beyond = interactions(open), outcomes(s.plan.Failed)
	x.nameQuestions(d.im.report.RequiredInteractions)
	x.nameOutcomes(d.beyond)
}

// ofOne reports whether two entries are about the same person: by anchor or account,
// since names may have been passed on.
func ofOne(a, b schema.Outcome) bool {
	switch {
	case a.Anchor != "" && b.Anchor != "":
		return a.Anchor == b.Anchor
	case a.ObjectGUID != "" && b.ObjectGUID != "":
		return a.ObjectGUID == b.ObjectGUID
	}
	return a.User == b.User
}

func (x *applier) asNow(user string, s schema.Subject) (string, schema.Subject) {
	var guid adrules.GUID // zero of somebody whose account was made since
	if s.ObjectGUID != "" {
		var err error
		guid, err = adrules.ParseGUID(s.ObjectGUID)
		if dn, known := x.names[guid]; err != nil || !known || dn.IsZero() {
			return user, s
		}
	}
	who := x.present(plan.Person{Anchor: s.Anchor, GUID: guid, CN: user, AccountName: s.AccountName, DN: s.DN})
	return who.CN, subject(who)
}
