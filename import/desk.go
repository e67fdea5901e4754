package importer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// Desk carries out what one person decides about an import. Every call reads
// the directory afresh; nothing is locked while the person thinks.
type Desk struct {
	im       *Import
	dir      Directory // bound as the person who decides
	operator string    // who that is, as kept answers name them
	looked   *situation
}

// NewDesk lets a person decide about the questions of an import that has run.
func (im *Import) NewDesk(dir Directory, operator string) *Desk {
	return &Desk{im: im, dir: dir, operator: operator}
}

// Look reads and plans, and writes nothing.
func (d *Desk) Look(ctx context.Context) (plan.View, error) {
	s, unlock, err := d.sit(ctx, nil)
	if err != nil {
		return plan.View{}, err
	}
	defer unlock()
	d.looked = s
	domain := d.dir.Domain()
	view := plan.View{
		Domain: domain.Name, Controller: domain.Controller, Container: s.obs.Container.DN, Identity: domain.Identity,
		File: *d.im.report.Input, Source: s.fresh.sourceDomain(), Plan: s.plan.Digest, Password: s.obs.Domain.Password,
		Questions: s.plan.Questions, Refusals: s.plan.Refusals, Notices: append(s.notices, s.plan.Notices...),
	}
	if s.plan.Stopped(d.im.Confirm) {
		view.Trips = s.plan.Trips
	}
	d.im.report.RequiredInteractions = interactions(s.plan.Questions)
	view.Report = d.Report()
	return view, nil
}

// Report is what the import and this desk have done so far, and what was open
// at the last look.
func (d *Desk) Report() schema.Report { return d.im.finished(d.dir) }

// sit locks, reads and plans.
func (d *Desk) sit(ctx context.Context, answers []plan.Answer) (*situation, func(), error) {
	unlock, err := d.im.lock(ctx)
	if err != nil {
		return nil, nil, err
	}
	s, err := d.im.read(ctx, d.dir, answers)
	if err != nil {
		unlock()
		return nil, nil, err
	}
	return s, unlock, nil
}

// Decide keeps what was rejected, then carries out what was accepted and still
// stands. There is one reading for all of them.
func (d *Desk) Decide(ctx context.Context, answers []plan.Answer, done func(plan.Result)) ([]plan.Result, error) {
	var accepted []plan.Answer
	for _, a := range answers {
		if a.Accept {
			accepted = append(accepted, a)
		}
	}
	s, unlock, err := d.sit(ctx, accepted)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if s.plan.Stopped(d.im.Confirm) {
		return nil, errors.New("a brake stops this plan; it has to be released first")
	}
	if err := d.keep(s, answers); err != nil {
		return nil, err
	}
	x, err := d.carryOut(ctx, s, accepted, answers, done)
	if err != nil {
		return nil, err
	}
	results := make([]plan.Result, 0, len(answers))
	for _, a := range answers {
		results = append(results, d.result(s, x, a))
		if !a.Accept || x == nil {
			done(results[len(results)-1])
		}
	}
	return results, nil
}

// keep writes rejections and new account names to the resolutions file, before
// anybody is told that they are kept.
func (d *Desk) keep(s *situation, answers []plan.Answer) error {
	var kept []schema.Resolution
	for _, a := range answers {
		q, open := d.question(s, a)
		switch {
		case !open:
		case !a.Accept:
			kept = append(kept, rejection(q, a, d.operator, s.now))
		case q.Kind == plan.Name && a.NewName != "":
			kept = append(kept, newName(q, a, d.operator, s.now))
		}
	}
	if len(kept) == 0 {
		return nil
	}
	s.plan.Kept = append(s.plan.Kept, kept...)
	for _, r := range kept {
		d.im.Log.Info().Str("action", "keep answer").Str("question", r.Type).Str("user", r.User).Str("group", r.Group).
			Str("anchor", r.Anchor).Bool("accept", r.Accept).Str("by", r.By).Str("why", r.Reason).Msg("kept")
	}
	s.kept = s.plan.Kept
	return SaveResolutions(d.im.Config.ResolutionsFile, s.plan.Kept)
}

// question finds what an answer is about: open still, or agreed to by it.
func (d *Desk) question(s *situation, a plan.Answer) (plan.Question, bool) {
	for _, list := range [][]plan.Question{s.plan.Questions, s.plan.Agreed} {
		for _, q := range list {
			if q.ID == a.ID {
				return q, true
			}
		}
	}
	return plan.Question{}, false
}

// carryOut applies the actions of the people who were decided about, and no
// others.
func (d *Desk) carryOut(ctx context.Context, s *situation, accepted, answers []plan.Answer, done func(plan.Result)) (*applier, error) {
	concerned := map[string]bool{}
	for _, a := range accepted {
		if q, stands := d.question(s, a); stands {
			concerned[q.Person.Key()] = true
			d.im.Log.Info().Str("action", "accept").Str("question", string(q.Kind)).Str("user", q.Person.CN).
				Str("anchor", q.Person.Anchor).Str("by", d.operator).Str("id", a.ID).Msg("accepted")
		}
	}
	var actions []plan.Action
	for _, a := range s.plan.Actions {
		if concerned[a.Person.Key()] {
			actions = append(actions, a)
		}
	}
	if len(actions) == 0 {
		return nil, nil
	}
	told := map[string]bool{}
	return d.im.applyTo(ctx, d.dir, s, actions, func(x *applier) {
		for _, a := range answers {
			if a.Accept && !told[a.ID] && x.over(d.person(s, a)) {
				told[a.ID] = true
				done(d.result(s, x, a))
			}
		}
	})
}

func (d *Desk) person(s *situation, a plan.Answer) string {
	q, _ := d.question(s, a)
	return q.Person.Key()
}

// result tells what came of one answer.
func (d *Desk) result(s *situation, x *applier, a plan.Answer) plan.Result {
	q, stands := d.question(s, a)
	r := plan.Result{ID: a.ID, Outcome: plan.Changed}
	switch {
	case !stands:
		r.Problem = "the directory or the file changed meanwhile; look at what is asked now"
		return r
	case !a.Accept:
		r.Outcome = plan.Kept
		return r
	}
	r.Outcome = plan.Done
	for _, n := range s.plan.Failed {
		if n.Person.Key() == q.Person.Key() && (n.Reason == plan.NameTaken || n.Reason == plan.Answered || n.Reason == plan.Namesake) {
			r.Outcome, r.Problem = plan.NotDone, n.Detail
		}
	}
	if x == nil {
		if r.Outcome == plan.Done {
			r.Outcome, r.Problem = plan.Changed, "nothing is to be done any more"
		}
		return r
	}
	for _, f := range x.failed {
		if f.action.Person.Key() == q.Person.Key() && concerns(f.action, q, a) {
			r.Outcome, r.Problem, r.Hint = plan.NotDone, f.err.Error(), ad.Hint(f.err)
		}
	}
	return r
}

// concerns tells whether an action is what the answer was given to: others of
// the same person may fail by themselves.
func concerns(action plan.Action, q plan.Question, a plan.Answer) bool {
	if action.Answer != nil {
		return action.Answer.ID == a.ID
	}
	return q.Kind == plan.Name && (action.Kind == plan.Create || action.Kind == plan.Rename)
}

// AskAgain forgets the kept rejection of a question.
func (d *Desk) AskAgain(ctx context.Context, id string) error {
	s, unlock, err := d.sit(ctx, nil)
	if err != nil {
		return err
	}
	defer unlock()
	for _, refusal := range s.plan.Refusals {
		if refusal.Question.ID == id {
			return d.forget(s, refusal.Answer)
		}
	}
	return errors.New("this rejection is not kept any more")
}

func (d *Desk) forget(s *situation, gone schema.Resolution) error {
	var rest []schema.Resolution
	for _, r := range s.kept {
		sameWho := r.Anchor == gone.Anchor && r.Anchor != "" || r.User == gone.User && (r.Anchor == "" || gone.Anchor == "")
		if !r.Accept && r.Type == gone.Type && sameWho && r.Group == gone.Group && r.Name == gone.Name {
			d.im.Log.Info().Str("action", "forget rejection").Str("question", r.Type).Str("user", r.User).Str("by", d.operator).Msg("forgotten")
			continue
		}
		rest = append(rest, r)
	}
	return SaveResolutions(d.im.Config.ResolutionsFile, rest)
}

// Release lets the brakes go for one plan and carries out what it stopped.
func (d *Desk) Release(ctx context.Context, digest string, accounts int) error {
	s, unlock, err := d.sit(ctx, nil)
	if err != nil {
		return err
	}
	defer unlock()
	switch {
	case s.plan.Digest != digest:
		return errors.New("the plan changed meanwhile; look at it again")
	case s.plan.Stopped(digest):
		return errors.New("this brake can not be released; correct the configuration")
	case plan.Braked(s.plan.Trips) != accounts:
		return fmt.Errorf("the number typed, %d, is not the number of accounts", accounts)
	}
	d.im.Log.Info().Str("action", "release brakes").Str("plan", digest).Int("accounts", accounts).Str("by", d.operator).Msg("released")
	d.im.report.Guard = nil
	_, err = d.im.applyTo(ctx, d.dir, s, s.plan.Actions, func(*applier) {})
	return err
}

// CheckName tells why a name can not be the answer to a question. It looks up
// the name alone; what else the plan knows is at most a few minutes old, and
// read again before anything is done.
func (d *Desk) CheckName(ctx context.Context, id, name string) (string, error) {
	if d.looked == nil || time.Since(d.looked.now) > 5*time.Minute {
		if _, err := d.Look(ctx); err != nil {
			return "", err
		}
	}
	s := *d.looked
	if err := d.im.decide(ctx, d.dir, &s, []plan.Answer{{ID: id, Accept: true, NewName: name}}); err != nil {
		return "", err
	}
	q, stands := d.question(&s, plan.Answer{ID: id})
	if !stands {
		return "the question no longer stands", nil
	}
	for _, n := range s.plan.Failed {
		if n.Person.Key() == q.Person.Key() && n.Reason == plan.NameTaken {
			return n.Detail, nil
		}
	}
	return "", nil
}
