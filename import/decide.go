package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// batch is what a person decided at once, and what was read because of it.
type batch struct {
	desk    *Desk
	s       *situation
	answers []plan.Answer
	done    func(plan.Result)
	told    map[string]bool
	apart   map[string]bool // by ID: accepted together with others, and has to be decided alone
}

func (d *Desk) decide(ctx context.Context, answers []plan.Answer, done func(plan.Result)) ([]plan.Result, error) {
	var accepted []plan.Answer
	for _, a := range answers {
		a.By = d.operator
		if q := plan.Among(d.asked, a.ID); q.Offered() { // which account it was is the desk's to know
			a.Account = q.Person.GUID
		}
		if a.Accept {
			accepted = append(accepted, a)
		}
	}
	if err := d.onlyProlongs(); err != nil {
		return nil, err
	}
	if err := d.im.unstarted(); err != nil {
		return nil, err
	}
	s, unlock, err := d.sit(ctx, accepted)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if d.im.stopped(s) {
		return nil, errors.New("a limit stops this plan; it has to be overridden first")
	}
	d.ask(s.plan.Questions, s.plan.Agreed)
	d.tell(s, nil, s.plan.Questions)
	b := &batch{d, s, answers, done, map[string]bool{}, map[string]bool{}}
	if err := b.setApart(ctx, accepted); err != nil {
		return nil, err
	}
	if err := b.keep(); err != nil {
		return nil, err
	}
	x, err := b.carryOut(ctx)
	if x == nil && err != nil {
		return nil, err
	}
	results := b.results(x)
	b.stillOpen(x, results)
	return results, errors.Join(err, b.forgetNames(x, results))
}

// setApart plans without consent that was given together with other answers to
// what has to be decided alone, as the directory is now.
func (b *batch) setApart(ctx context.Context, accepted []plan.Answer) error {
	if len(b.answers) < 2 {
		return nil
	}
	rest := slices.DeleteFunc(accepted, func(a plan.Answer) bool {
		q, stands := b.s.question(a)
		b.apart[a.ID] = stands && q.Single
		return b.apart[a.ID]
	})
	if len(rest) == len(accepted) {
		return nil
	}
	return b.desk.im.decide(ctx, b.desk.dir, b.s, rest)
}

// question finds what an answer is about: open still, or agreed to by it.
func (s *situation) question(a plan.Answer) (plan.Question, bool) {
	if q := s.questions[a.ID]; q != nil {
		return *q, true
	}
	return plan.Question{}, false
}

// carryOut applies the actions of the people who were decided about, and no
// others. The applier is nil where there are none.
func (b *batch) carryOut(ctx context.Context) (*apply.Result, error) {
	concerned := map[string]bool{}
	for _, a := range b.answers {
		if q, stands := b.s.question(a); stands && a.Accept && !b.apart[a.ID] {
			if concerned[a.ID] = true; !q.Offered() {
				concerned[q.Person.Key()] = true
			}
			b.desk.im.Log.Info().Str("action", "accept").Str("question", string(q.Kind)).Str("user", schema.Visible(q.Person.CN)).
				Str("anchor", q.Person.Anchor).Str("by", schema.Visible(b.desk.operator)).Str("id", a.ID).Msg("accepted")
		}
	}
	var actions []plan.Action
	for _, a := range b.s.plan.Actions {
		if concerned[a.Person.Key()] || a.Question != "" && concerned[a.Question] {
			actions = append(actions, a)
		}
	}
	if len(actions) == 0 {
		return nil, nil
	}
	waiting := slices.Clone(b.answers)
	return b.desk.im.applyTo(ctx, b.desk.dir, b.s, actions, func(x *apply.Result) {
		waiting = slices.DeleteFunc(waiting, func(a plan.Answer) bool {
			q, stands := b.s.question(a)
			over := a.Accept && stands && x.Over(q.Person.Key())
			if over {
				b.tell(b.result(x, a))
			}
			return over
		})
	})
}

func (b *batch) tell(r plan.Result) {
	if !b.told[r.ID] {
		b.told[r.ID] = true
		b.done(r)
	}
}

func (b *batch) results(x *apply.Result) []plan.Result {
	results := make([]plan.Result, 0, len(b.answers))
	for _, a := range b.answers {
		r := b.result(x, a)
		b.tell(r)
		results = append(results, r)
	}
	return results
}

// result tells what came of one answer.
func (b *batch) result(x *apply.Result, a plan.Answer) plan.Result {
	q, stands := b.s.question(a)
	switch {
	case !stands && b.rejectedBefore(a) != "":
		return plan.Result{ID: a.ID, Outcome: plan.Changed, Problem: b.rejectedBefore(a), Hint: "Whoever reconsiders uses \"ask again\" among the rejections first."}
	case !stands && b.s.lag.Behind != "":
		return plan.Result{ID: a.ID, Outcome: plan.NotDone, Problem: b.s.lag.Behind}
	case !stands && b.acceptedBefore(a) != "":
		return plan.Result{ID: a.ID, Outcome: plan.Changed, Problem: b.acceptedBefore(a), Hint: "Nothing was done a second time."}
	case !stands && b.barred(plan.Among(b.desk.asked, a.ID)) != "":
		return plan.Result{ID: a.ID, Outcome: plan.NotDone, Problem: b.barred(plan.Among(b.desk.asked, a.ID))}
	case !stands:
		return b.changed(a)
	case b.apart[a.ID]:
		return plan.Result{ID: a.ID, Outcome: plan.Changed, Problem: "this has to be decided alone, and was not done; look at it again"}
	case !a.Accept:
		return plan.Result{ID: a.ID, Outcome: plan.Kept}
	}
	if x != nil {
		for _, f := range x.Failed {
			if f.Action.Question == a.ID { // others of the same person may fail by themselves
				r := notDone(a, b.explained(x, f))
				r.Unsure = x.Unsure(f)
				return r
			}
		}
		if slices.ContainsFunc(x.Done, func(done *plan.Action) bool { return done.Question == a.ID }) {
			return plan.Result{ID: a.ID, Outcome: plan.Done}
		}
	}
	if why := b.barred(q); why != "" {
		return plan.Result{ID: a.ID, Outcome: plan.NotDone, Problem: why}
	}
	return plan.Result{ID: a.ID, Outcome: plan.Changed, Problem: "nothing is to be done any more"}
}

// barred tells why nothing can be done about a question now; "" where something
// can. That another group cannot be read is not a reason.
func (b *batch) barred(q plan.Question) string {
	for _, n := range b.s.plan.Failed {
		ofGroup := q.Group != nil && strings.HasPrefix(n.Detail, q.Group.Name+": ")
		if n.Person.Key() == q.Person.Key() && (n.Reason != plan.GroupMissing || ofGroup) {
			return words.Because(n.Reason, n.Detail)
		}
	}
	return ""
}

// changed tells what of a question is not as it was shown, where that can be said.
func (b *batch) changed(a plan.Answer) plan.Result {
	r := plan.Result{ID: a.ID, Outcome: plan.Changed, Problem: "the directory or the file changed meanwhile; look at what is asked now"}
	shown := plan.Among(b.desk.asked, a.ID)
	for _, q := range b.s.questions {
		if r.Differs = q.ChangedSince(shown); r.Differs != nil {
			r.Problem = "this changed since it was shown: " + words.OfChanges(r.Differs) + "; look at what is asked now"
			break
		}
	}
	return r
}

// rejectedBefore tells who has rejected what an answer is about, when and why; ""
// where no one has.
func (b *batch) rejectedBefore(a plan.Answer) string {
	for _, r := range b.s.plan.Refusals {
		if r.Question.ID != a.ID {
			continue
		}
		text := "rejected"
		if r.Answer.By != "" {
			text += " by " + schema.Visible(r.Answer.By)
		}
		if text += " on " + words.When(r.Answer.Timestamp); r.Answer.Reason != "" {
			text += ": " + schema.Visible(r.Answer.Reason)
		}
		return text
	}
	return ""
}

// acceptedBefore tells who agreed, since it was shown, to what an answer is about; ""
// where no one has.
func (b *batch) acceptedBefore(a plan.Answer) string {
	known, answered := b.s.record.Answered[a.ID]
	if !answered || known.At.Before(b.desk.shown[a.ID]) {
		return ""
	}
	return "already answered: accepted by " + schema.Visible(known.By) + " on " + words.When(known.At)
}

// explained tells where a taking over was done, all but this.
func (b *batch) explained(x *apply.Result, f apply.Failure) error {
	if !f.Action.Then || !x.TakenOver(f.Action.Person.GUID) {
		return f.Err
	}
	next := "tries again"
	if b.desk.im.Config.Approve.Leave {
		next = "asks about it"
	}
	return fmt.Errorf("the account was taken over, but did not leave %s; the next import %s: %w", f.Action.Group.CN, next, f.Err)
}

// notDone says in words what the directory refused; its own are the detail.
func notDone(a plan.Answer, err error) plan.Result {
	r := plan.Result{ID: a.ID, Outcome: plan.NotDone, Problem: err.Error(), Hint: ad.Hint(err), Weak: errors.Is(err, ad.ErrPasswordPolicy)}
	if refused, ok := errors.AsType[*ad.Error](err); ok {
		r.Problem, r.Detail = strings.Replace(r.Problem, refused.Error(), refused.Kind.Error(), 1), r.Problem
	}
	return r
}

// stillOpen makes the report say what waits after this batch. What was offered does not:
// no one is asked about it.
func (b *batch) stillOpen(x *apply.Result, results []plan.Result) {
	settled := map[string]bool{}
	for _, r := range results {
		settled[r.ID] = r.Outcome == plan.Done || r.Outcome == plan.Kept
	}
	b.desk.tell(b.s, x, slices.DeleteFunc(
		slices.Concat(b.s.plan.Questions, b.s.plan.Agreed), func(q plan.Question) bool { return settled[q.ID] || q.Offered() }))
}
