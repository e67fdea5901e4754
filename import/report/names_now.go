package report

import (
	"slices"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// AsNow lets what the plan says of accounts name them as this run left them.
func AsNow(r schema.Report, x *apply.Result) schema.Report {
	r.RequiredInteractions = QuestionsAsNow(r.RequiredInteractions, x)
	for _, list := range []*[]schema.Outcome{&r.Skipped, &r.Failed, &r.Unmanaged, &r.HeldBack} {
		*list = OutcomesAsNow(*list, x)
	}
	r.LeftOut = slices.Clone(r.LeftOut)
	for i := range r.LeftOut {
		r.LeftOut[i].User, r.LeftOut[i].Subject = asNow(x, r.LeftOut[i].User, r.LeftOut[i].Subject)
	}
	return r
}

// QuestionsAsNow does so for questions.
func QuestionsAsNow(list []schema.Interaction, x *apply.Result) []schema.Interaction {
	list = slices.Clone(list)
	for i := range list {
		list[i].User, list[i].Subject = asNow(x, list[i].User, list[i].Subject)
	}
	return list
}

// OutcomesAsNow does so for outcomes.
func OutcomesAsNow(list []schema.Outcome, x *apply.Result) []schema.Outcome {
	list = slices.Clone(list)
	for i := range list {
		list[i].User, list[i].Subject = asNow(x, list[i].User, list[i].Subject)
	}
	return list
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
	return who.CN, Subject(who)
}
