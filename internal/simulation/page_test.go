package simulation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	importer "ad-user-sync/import"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// page is a session that one person has open, perhaps for days.
type page struct {
	*run
	desk   *importer.Desk
	view   plan.View // as it was looked at last
	who    string
	opened int
}

func (w *world) openPage(r *rand.Rand) string {
	x, _ := w.start(fault{}, importer.Options{})
	if x == nil || w.looks.waits {
		return ""
	}
	told := w.finish(x)
	if x.result == nil || x.err != nil || len(x.result.Plan.Questions) == 0 && x.result.Report.Guard == nil {
		return told
	}
	p := &page{run: x, who: oneOf(r, "Ann", "Ben"), opened: w.day}
	p.desk = x.NewDesk(x.to, p.who)
	if !w.lookAgain(p) {
		return told
	}
	if w.pages = append(w.pages, p); len(w.pages) > 2 {
		w.pages = w.pages[1:]
	}
	return fmt.Sprintf("%s, %d questions; %s", p.who, len(p.view.Questions), told)
}

func (w *world) lookAgain(p *page) bool {
	view, err := p.desk.Look(ctx)
	if err != nil {
		w.note("%s does not get the page: %s", p.who, firstLine(err.Error()))
		return false
	}
	p.view = view
	return true
}

// answers are what someone decides on a page as it was looked at last.
func (w *world) answers(r *rand.Rand) string {
	if len(w.pages) == 0 {
		return ""
	}
	i := r.IntN(len(w.pages))
	p := w.pages[i]
	told := fmt.Sprintf("%s, on the page of day %d:", p.who, p.opened)
	looks := chance(r, 50) // before deciding; else it is the page of long ago
	for range 1 + r.IntN(3) {
		if looks && !w.lookAgain(p) || len(p.view.Questions)+len(p.view.Trips) == 0 {
			break
		}
		told += w.decide(r, p)
		looks = true
		if p.killed {
			break
		}
	}
	if chance(r, 70) || p.killed || len(p.view.Questions) == 0 {
		w.pages = slices.Delete(w.pages, i, i+1)
	}
	return told
}

func (w *world) decide(r *rand.Rand, p *page) string {
	if len(p.view.Trips) > 0 {
		if chance(r, 50) {
			return ""
		}
		confirmed := func() error { return p.desk.Release(ctx, p.view.Plan, plan.Stopping(p.view.Trips), nil) }
		return " overrides the limits" + w.act(r, p, nil, func(x *run) error { x.confirmed = true; return confirmed() })
	}
	answers, told := w.choose(r, p)
	if len(answers) == 0 {
		return ""
	}
	return told + w.decideOn(r, p, answers)
}

func (w *world) decideOn(r *rand.Rand, p *page, answers []plan.Answer) string {
	return w.act(r, p, answers, func(x *run) error {
		results, err := p.desk.Decide(ctx, answers, func(plan.Result) {})
		if err == nil && len(results) != len(answers) {
			w.breach("desk", "%d answers, and %d outcomes", len(answers), len(results))
		}
		for _, result := range results {
			c := agreedTo(p.view.Questions, []plan.Answer{answers[slices.IndexFunc(answers, func(a plan.Answer) bool { return a.ID == result.ID })]})
			switch result.Outcome {
			case plan.NotDone:
				x.failed = append(x.failed, c...)
			case plan.Done:
				x.done = append(x.done, c...)
			}
		}
		w.judge.decided(p, answers, results)
		return err
	})
}

// choose draws answers; what has to be answered alone is.
func (w *world) choose(r *rand.Rand, p *page) (answers []plan.Answer, told string) {
	for _, q := range p.view.Questions {
		alone := q.Single || q.Kind == plan.Name
		if chance(r, 25) || alone && len(answers) > 0 {
			continue
		}
		a := plan.Answer{ID: q.ID, Accept: chance(r, 75)}
		w.fill(r, q, &a)
		answers = append(answers, a)
		told += fmt.Sprintf(" %s %s %v;", q.Kind, q.Person.CN, a.Accept)
		if alone {
			break
		}
	}
	return answers, told
}

func (w *world) fill(r *rand.Rand, q plan.Question, a *plan.Answer) {
	if !a.Accept {
		a.Reason = "not now"
		if q.Kind == plan.Disable || q.Kind == plan.Leave {
			until := w.now.AddDate(0, 0, 1+r.IntN(20))
			a.Until = &until
		}
		return
	}
	switch q.Kind {
	case plan.Enable:
		if a.Keep = q.MayKeep && chance(r, 30); !a.Keep {
			a.Password = schema.Secret(fmt.Sprintf("Correct-Horse-%d!", w.day))
		}
	case plan.Name:
		a.NewName, a.TakeOver = q.Proposal, q.Barred == "" && chance(r, 40)
	}
	if a.TakeOver || q.Kind == plan.Adopt {
		a.Keeps = &plan.Keeps{Password: chance(r, 50), Expiry: chance(r, 50), Memberships: chance(r, 50)}
	}
}

// act does something at a desk, on which things go wrong, too, and has it judged.
func (w *world) act(r *rand.Rand, p *page, answers []plan.Answer, do func(*run) error) string {
	x := &run{Import: p.Import, to: p.to, settings: p.settings, logins: p.logins, begun: p.begun, before: w.look(), usn: w.target.HighestUSN(), agreed: agreedTo(p.view.Questions, answers)}
	x.to.Directory = w.target
	x.to.fault, x.to.n, x.to.ledger = w.drawFirst(r, p), 0, nil
	x.disturbed = x.to.fault.name != ""
	w.protected(x, func() { x.err = do(x) })
	w.forgets(x)
	x.to.fault, x.to.down, x.to.controller = fault{}, false, "dc1.plant.example"
	p.killed = x.killed
	x.after = w.look()
	if w.target.HighestUSN() != x.usn {
		w.wrote = w.target.HighestUSN()
	}
	w.judge.regains(x)
	w.judge.safe(x)
	w.judge.migrates(x)
	w.judge.remember(x)
	if x.killed {
		for _, c := range x.agreed {
			w.judge.agreed[c.anchor+" "+c.group] = true
		}
		for _, a := range answers {
			if q, ok := asked(p.view.Questions, a); ok && !a.Accept {
				w.judge.mayHaveRejected(consentTo(q))
			}
		}
		return " killed"
	}
	w.judge.cameAbout(x, p.desk.Report())
	w.judge.toldOver(x, p.desk.Report())
	if p.desk.Report().Input != nil && fmt.Sprint(p.settings) != fmt.Sprint(w.settings) {
		w.judge.lapse(x) // by the configuration of when the page was opened
	}
	report := reportText(p.desk.Report())
	w.note("%s decides: %v%s", p.who, x.err, report)
	if x.err != nil {
		return " " + firstLine(x.err.Error())
	}
	return ""
}

// cameAbout holds what a person was told of their answers against what is there.
func (j *judge) cameAbout(x *run, r schema.Report) {
	for _, c := range x.done {
		a := j.meant(x, c)
		switch {
		case a == nil:
			j.breach("desk", "%s of %s is said to be done, and there is no account", c.kind, c.anchor)
		case c.kind == "enable" && !a.enabled(), c.kind == "disable" && a.enabled(), c.kind == "join" && !a.groups[c.group], c.kind == "leave" && a.groups[c.group],
			c.kind == "adopt" && j.anchorOf(a.stamp) != c.anchor:
			j.breach("desk", "%s of %s %s is said to be done, and is not", c.kind, a.dn, c.group)
		}
	}
	if len(x.failed) > 0 && len(r.Failed) == 0 {
		j.breach("desk", "%v failed, and the report does not say so", x.failed)
	}
}

// meant is the account that a consent was about; of someone new it was made by it.
func (j *judge) meant(x *run, c consent) *account {
	if a := x.after.accounts[c.guid]; a != nil {
		return a
	}
	for _, guid := range x.after.order {
		if a := x.after.accounts[guid]; a.inside && j.anchorOf(a.stamp) == c.anchor {
			return a
		}
	}
	return nil
}

func agreedTo(questions []plan.Question, answers []plan.Answer) (agreed []consent) {
	for _, a := range answers {
		if q, ok := asked(questions, a); ok && a.Accept {
			c := consentTo(q)
			if q.Kind == plan.Name && !a.TakeOver {
				c.guid = "" // another name, and the holder keeps this one
			}
			c.first = q.Matched() && !a.Keeps.Expiry
			agreed = append(agreed, c)
		}
	}
	return agreed
}

func asked(questions []plan.Question, a plan.Answer) (plan.Question, bool) {
	i := slices.IndexFunc(questions, func(q plan.Question) bool { return q.ID == a.ID })
	if i < 0 {
		return plan.Question{}, false
	}
	return questions[i], true
}

func consentTo(q plan.Question) consent {
	c := consent{kind: string(q.Kind), anchor: strings.ToLower(q.Person.Anchor)}
	if !q.Person.GUID.IsZero() {
		c.guid = q.Person.GUID.String()
	}
	if q.Holder != nil {
		c.guid = q.Holder.GUID.String()
	}
	if q.Group != nil {
		c.group = q.Group.CN
	}
	return c
}

// decided keeps what people said.
func (j *judge) decided(p *page, answers []plan.Answer, results []plan.Result) {
	for _, result := range results {
		i := slices.IndexFunc(answers, func(a plan.Answer) bool { return a.ID == result.ID })
		q, ok := asked(p.view.Questions, answers[i])
		if !ok {
			continue
		}
		c := consentTo(q)
		j.rejected = slices.DeleteFunc(j.rejected, func(r rejection) bool {
			return (result.Outcome == plan.Kept || result.Outcome == plan.Done) && r.kind == c.kind && r.anchor == c.anchor && r.group == c.group
		})
		if answers[i].Accept {
			j.agreed[c.anchor+" "+c.group] = true
		}
		if result.Outcome == plan.Done && c.kind == "join" {
			delete(j.perhaps, c.anchor+" "+c.group)
		}
		if result.Outcome == plan.Kept {
			j.mayHaveRejected(c)
			j.disowns(c)
			r := rejection{kind: c.kind, anchor: c.anchor, group: c.group}
			if until := answers[i].Until; until != nil {
				r.until = *until
			}
			j.rejected = append(j.rejected, r)
		}
	}
}

// mayHaveRejected notes what a person rejected once, whether or not that was kept, or lapsed
// since.
func (j *judge) mayHaveRejected(c consent) {
	switch c.kind {
	case "join":
		j.perhaps[c.anchor+" "+c.group] = true
	case "adopt":
		j.denied[c.anchor] = true
	}
}

// askAgain has a kept rejection forgotten.
func (w *world) askAgain(r *rand.Rand) string {
	for _, p := range w.pages {
		refusal, ok := somebody(r, p.view.Refusals, func(r plan.Refusal) string { return r.Question.ID })
		if !ok || p.desk.AskAgain(ctx, refusal.Question.ID) != nil {
			continue
		}
		c := consentTo(refusal.Question)
		w.judge.rejected = slices.DeleteFunc(w.judge.rejected, func(r rejection) bool {
			return r.kind == c.kind && r.anchor == c.anchor && r.group == c.group
		})
		return fmt.Sprintf("%s %s", c.kind, refusal.Question.Person.CN)
	}
	return ""
}
