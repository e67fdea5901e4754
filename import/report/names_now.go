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
	r.LeftOut = allAsNow(r.LeftOut, x, func(l *schema.LeftOut) (*string, *schema.Subject) { return &l.User, &l.Subject })
	return r
}

// QuestionsAsNow does so for questions.
func QuestionsAsNow(list []schema.Interaction, x *apply.Result) []schema.Interaction {
	return allAsNow(list, x, func(i *schema.Interaction) (*string, *schema.Subject) { return &i.User, &i.Subject })
}

// OutcomesAsNow does so for outcomes.
func OutcomesAsNow(list []schema.Outcome, x *apply.Result) []schema.Outcome {
	return allAsNow(list, x, func(o *schema.Outcome) (*string, *schema.Subject) { return &o.User, &o.Subject })
}

func allAsNow[T any](list []T, x *apply.Result, names func(*T) (*string, *schema.Subject)) []T {
	list = slices.Clone(list)
	for i := range list {
		user, subject := names(&list[i])
		*user, *subject = asNow(x, *user, *subject)
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
