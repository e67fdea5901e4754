package demo

import (
	"context"

	"ad-user-sync/import/plan"
)

// desk is what an administrator decides at.
type desk interface {
	Look(ctx context.Context) (plan.View, error)
	Decide(ctx context.Context, answers []plan.Answer, done func(plan.Result)) ([]plan.Result, error)
}

// choice is how an administrator answers a question; ok is false where they
// leave it for later.
type choice func(plan.Question) (answer plan.Answer, ok bool)

// decided is what an administrator's answers came to.
type decided struct {
	done, rejected []plan.Question
	failed         []plan.Result
}

// sit answers what is asked, also what answers lead to, until nothing is left
// that the administrator wants to answer.
func sit(ctx context.Context, d desk, choose choice) (decided, error) {
	var sum decided
	answered := map[string]bool{}
	for {
		view, err := d.Look(ctx)
		if err != nil {
			return sum, err
		}
		batches := together(view.Questions, answered, choose)
		if len(batches) == 0 {
			return sum, nil
		}
		for _, batch := range batches {
			results, err := d.Decide(ctx, batch, func(plan.Result) {})
			if err != nil {
				return sum, err
			}
			sum.add(view.Questions, results)
		}
	}
}

// together puts the answers into batches: those that must be given alone are.
func together(questions []plan.Question, answered map[string]bool, choose choice) [][]plan.Answer {
	var bulk []plan.Answer
	var batches [][]plan.Answer
	for _, q := range questions {
		answer, ok := choose(q)
		if !ok || answered[q.ID] {
			continue
		}
		answered[q.ID], answer.ID = true, q.ID
		if q.Single {
			batches = append(batches, []plan.Answer{answer})
		} else {
			bulk = append(bulk, answer)
		}
	}
	if len(bulk) > 0 {
		batches = append(batches, bulk)
	}
	return batches
}

func (s *decided) add(questions []plan.Question, results []plan.Result) {
	byID := map[string]plan.Question{}
	for _, q := range questions {
		byID[q.ID] = q
	}
	for _, r := range results {
		switch r.Outcome {
		case plan.Done:
			s.done = append(s.done, byID[r.ID])
		case plan.Kept:
			s.rejected = append(s.rejected, byID[r.ID])
		default:
			s.failed = append(s.failed, r)
		}
	}
}

// accept says yes, in the way that a question wants it.
func (s *story) accept(q plan.Question) plan.Answer {
	a := plan.Answer{ID: q.ID, Accept: true}
	switch {
	case q.Kind == plan.Enable && q.Reason == plan.ExpiredElsewhere:
		a.Keep = true
	case q.Kind == plan.Enable:
		a.Password = s.world.secrets.passphrase(q.Person.AccountName, q.Person.DisplayName)
	case q.Kind == plan.Name:
		a.NewName = q.Proposal
	}
	return a
}
