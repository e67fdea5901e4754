package approval

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/plan"
)

// needs is since when the person has needed something, the newest of it.
type needs map[string]time.Time

// inOrder puts the questions of one person together, and whose need is newest
// first; a person stays in place when one of their questions is answered.
func (n needs) inOrder(questions []plan.Question) []plan.Question {
	for _, q := range questions {
		if key := q.Person.Key(); n[key].Before(q.Since) {
			n[key] = q.Since
		}
	}
	questions = slices.Clone(questions)
	slices.SortStableFunc(questions, func(a, b plan.Question) int {
		return cmp.Or(n[b.Person.Key()].Compare(n[a.Person.Key()]),
			strings.Compare(strings.ToLower(a.Person.CN), strings.ToLower(b.Person.CN)),
			strings.Compare(a.Person.Key(), b.Person.Key()))
	})
	return questions
}

// newestFirst puts the latest rejection first.
func newestFirst(refusals []plan.Refusal) []plan.Refusal {
	refusals = slices.Clone(refusals)
	slices.SortStableFunc(refusals, func(a, b plan.Refusal) int { return b.Answer.Timestamp.Compare(a.Answer.Timestamp) })
	return refusals
}
