package approval

import (
	"fmt"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// item is one decision and what came of it.
type item struct {
	ID         string       `json:"id"`
	Kind       plan.Kind    `json:"kind"`
	Person     person       `json:"person"`
	Department string       `json:"department"`
	Group      string       `json:"group"`
	Stays      bool         `json:"stays"` // in the group: agreed to, and nothing was written
	Accept     bool         `json:"accept"`
	Title      string       `json:"title"` // of the kind, in words
	Outcome    plan.Outcome `json:"outcome"`
	Said       string       `json:"said"` // the outcome in words
	Problem    string       `json:"problem"`
	Hint       string       `json:"hint"`
	Detail     string       `json:"detail"`
	At         time.Time    `json:"at"`
	Password   bool         `json:"password"` // one was set and can be shown
	Perhaps    bool         `json:"perhaps"`  // it may not have been set
}

// line is the decision in words.
func (i item) line() string {
	verb, group := "rejected", ""
	if i.Accept {
		verb = "accepted"
	}
	if i.Group != "" {
		group = " " + schema.Visible(i.Group)
	}
	return fmt.Sprintf("%s%s of %s (%s): %s, %s", i.Kind, group, schema.Visible(i.Person.CN), schema.Visible(i.Person.AccountName), verb, words.OfOutcome(i.Outcome))
}

// latest leaves out what was decided again.
func latest(items []item) (list []item) {
	last := map[string]int{}
	for i, item := range items {
		last[item.ID] = i
	}
	for i, item := range items {
		if last[item.ID] == i {
			list = append(list, item)
		}
	}
	return list
}

// doings counts what was carried out, in words: "3 enabled". What was done once
// limits were overridden is added.
func doings(items []item, more counts) (lines []string) {
	stay, done := 0, counts{}.plus(more, 1).done
	for _, i := range items {
		switch {
		case i.Outcome == plan.Done && i.Stays:
			stay++
		case i.Outcome == plan.Done:
			done[i.Kind]++
		}
	}
	if stay > 0 {
		lines = append(lines, fmt.Sprintf("%d kept in a group", stay))
	}
	return append(lines, inWords(done)...)
}

func newItem(q plan.Question, a plan.Answer, r plan.Result, at time.Time) item {
	done := item{ID: r.ID, Kind: q.Kind, Person: personOf(*q.Person), Accept: a.Accept, Outcome: r.Outcome,
		Problem: sentence(r.Problem), Hint: sentence(r.Hint), Detail: r.Detail, At: at}
	if department := q.Shown(plan.FieldDepartment); len(department) > 0 {
		done.Department = department[0]
	}
	if a.TakeOver {
		done.Kind = plan.Adopt
	}
	if a.NewName != "" {
		done.Person.AccountName = a.NewName
	}
	if q.Group != nil {
		done.Group, done.Stays = q.Group.CN, q.Stays()
	}
	done.Title, done.Said = words.OfKind(done.Kind).Title, words.OfOutcome(done.Outcome)
	switch {
	case done.Outcome == plan.Done && done.Stays:
		done.Said = words.Kept()
	case done.Outcome == plan.Done:
		done.Said = words.OfKind(done.Kind).Done
	}
	return done
}
