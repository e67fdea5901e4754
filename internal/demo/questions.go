package demo

import (
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// sort of question, and what it means in plain words.
type sort struct {
	kind    plan.Kind
	is      func(plan.Question) bool
	meaning string
}

func because(why plan.Reason) func(plan.Question) bool {
	return func(q plan.Question) bool { return q.Reason == why }
}

func privileged(q plan.Question) bool { return q.Group != nil && q.Group.Why != "" }

// sorts are all there are, in the order they are told.
var sorts = []sort{
	{plan.Enable, because(plan.New), "new; disabled until a password is set"},
	{plan.Enable, because(plan.Returned), "back in the file, and disabled by an earlier import"},
	{plan.Enable, because(plan.DisabledHere), "disabled by hand in plant, which is never undone without asking"},
	{plan.Enable, because(plan.ExpiredElsewhere), "set by hand in plant to expire earlier"},
	{plan.Join, func(q plan.Question) bool { return !privileged(q) }, "listed in restricted_groups"},
	{plan.Join, privileged, "the group has rights over the domain"},
	{plan.Leave, func(plan.Question) bool { return true }, "the file does not give the group any more"},
	{plan.Disable, because(plan.MissingInFile), "not in the file any more"},
	{plan.Name, func(q plan.Question) bool { return q.Reason == plan.NameTaken && q.Barred == "" }, "an account of plant has the name; one person or two?"},
	{plan.Name, func(q plan.Question) bool { return q.Reason == plan.NameTaken && q.Barred != "" }, "a protected account of plant has the account name"},
	{plan.Name, because(plan.NameInvalid), "the account name begins with a Cyrillic letter that looks like a Latin one"},
	{plan.Adopt, because(plan.SamePerson), "an account made by hand has the account name, but another full name"},
	{plan.Adopt, because(plan.Unconfirmed), "an account made by hand carries an anchor that this program did not write"},
	{plan.Adopt, because(plan.MovedOut), "moved out of the managed container by hand"},
}

// asked are the people that one sort of question is about.
func (s sort) asked(questions []plan.Question) []string {
	var who []string
	for _, q := range questions {
		if q.Kind == s.kind && s.is(q) {
			text := strings.TrimPrefix(q.Person.CN, prefix)
			if q.Group != nil {
				text += " (" + q.Group.CN + ")"
			}
			who = append(who, text)
		}
	}
	slices.Sort(who)
	return who
}

// byKind is "18 enable, 2 join".
func byKind(list []schema.Interaction) string {
	counts := map[string]int{}
	var kinds []string
	for _, q := range list {
		if counts[q.Type]++; counts[q.Type] == 1 {
			kinds = append(kinds, q.Type)
		}
	}
	slices.SortStableFunc(kinds, func(a, b string) int { return counts[b] - counts[a] })
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%d %s", counts[kind], kind)
	}
	return strings.Join(kinds, ", ")
}
