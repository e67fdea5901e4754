package importer

import (
	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// nameAsNow lets what the plan says of accounts name them as this run left them.
func (im *Import) nameAsNow(x *apply.Result) {
	r := &im.report
	nameQuestions(x, r.RequiredInteractions)
	for _, list := range [][]schema.Outcome{r.Skipped, r.Failed, r.Unmanaged, r.HeldBack} {
		nameOutcomes(x, list)
	}
	for i := range r.LeftOut {
		r.LeftOut[i].User, r.LeftOut[i].Subject = asNow(x, r.LeftOut[i].User, r.LeftOut[i].Subject)
	}
}

func nameQuestions(x *apply.Result, list []schema.Interaction) {
	for i := range list {
		list[i].User, list[i].Subject = asNow(x, list[i].User, list[i].Subject)
	}
}

func nameOutcomes(x *apply.Result, list []schema.Outcome) {
	for i := range list {
		list[i].User, list[i].Subject = asNow(x, list[i].User, list[i].Subject)
	}
}

// tell makes the report say what is open after x, and who is beyond reach; x is nil
// where nothing was carried out since the directory was read.
func (d *Desk) tell(s *situation, x *apply.Result, open []plan.Question) {
	if x == nil {
		x = apply.Nothing(s.input.Observed)
	}
	d.im.report.RequiredInteractions, d.beyond = interactions(open), outcomes(s.plan.Failed)
	nameQuestions(x, d.im.report.RequiredInteractions)
	nameOutcomes(x, d.beyond)
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

func asNow(x *apply.Result, user string, s schema.Subject) (string, schema.Subject) {
	var guid adrules.GUID // zero of a person whose account was made since
	if s.ObjectGUID != "" {
		var err error
		guid, err = adrules.ParseGUID(s.ObjectGUID)
		if err != nil || !x.Knows(guid) {
			return user, s
		}
	}
	who := x.Present(plan.Person{Anchor: s.Anchor, GUID: guid, CN: user, AccountName: s.AccountName, DN: s.DN})
	return who.CN, subject(who)
}
