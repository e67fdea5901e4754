package importer

import (
	"context"
	"fmt"
	"slices"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/report"
	"ad-user-sync/schema"
)

// Decide keeps what was rejected, then carries out what was accepted and still
// stands. There is one reading for all of them. Results beside an error tell
// what was done before the memory of it could not be written. What failed is in
// the report until the same question is decided again.
func (d *Desk) Decide(ctx context.Context, answers []plan.Answer, done func(plan.Result)) ([]plan.Result, error) {
	d.forgetFailed(answers)
	before := len(d.im.report.Failed)
	results, err := d.decide(ctx, answers, done)
	fresh := slices.Clone(d.im.report.Failed[before:])
	for i, a := range answers {
		r := plan.Result{ID: a.ID, Outcome: plan.NotDone}
		switch {
		case i < len(results):
			r = results[i]
		case err != nil:
			r.Problem = err.Error()
		}
		d.reportDecision(a, r, fresh)
	}
	return results, err
}

// reportDecision puts what failed into the report, unless the applier did.
func (d *Desk) reportDecision(a plan.Answer, r plan.Result, fresh []schema.Outcome) {
	sofar, q := &d.im.report, plan.Among(d.asked, a.ID)
	if r.Outcome == plan.Changed && q.ID != "" {
		d.moot[a.ID] = fmt.Sprintf("%s of %s was not carried out: %s", decisionText(q, a), q.Person.CN, r.Problem)
	}
	if r.Outcome != plan.NotDone {
		return
	}
	of := func(o schema.Outcome) bool { return ofOne(o, report.Outcome(*q.Person, plan.Refused, "")) }
	if !slices.ContainsFunc(fresh, of) {
		o := report.Outcome(*q.Person, plan.Refused, decisionText(q, a)+": "+r.Problem)
		sofar.Failed, fresh = append(sofar.Failed, o), append(slices.Clone(fresh), o)
	}
	d.failed[a.ID] = slices.DeleteFunc(slices.Clone(fresh), func(o schema.Outcome) bool { return !of(o) })
}

// forgetFailed takes out of the report what failed before and is decided again.
func (d *Desk) forgetFailed(answers []plan.Answer) {
	for _, a := range answers {
		d.im.report.Failed = slices.DeleteFunc(d.im.report.Failed, func(o schema.Outcome) bool { return slices.Contains(d.failed[a.ID], o) })
		delete(d.failed, a.ID)
		delete(d.moot, a.ID)
	}
}

// withBeyond adds to what failed whom the last reading found to be beyond reach,
// unless the report names them already.
func (d *Desk) withBeyond(failed []schema.Outcome) []schema.Outcome {
	all := slices.Clone(failed)
	for _, o := range d.beyond {
		if !slices.ContainsFunc(failed, func(told schema.Outcome) bool { return ofOne(told, o) }) {
			all = append(all, o)
		}
	}
	return all
}

func decisionText(q plan.Question, a plan.Answer) string {
	verb := "rejecting"
	if a.Accept {
		verb = "accepting"
	}
	if q.Group != nil {
		return fmt.Sprintf("%s %s group %s", verb, q.Kind, q.Group.CN)
	}
	return fmt.Sprintf("%s %s", verb, q.Kind)
}

// ask remembers what questions are about, for the report.
func (d *Desk) ask(lists ...[]plan.Question) {
	for _, q := range slices.Concat(lists...) {
		d.asked[q.ID] = q
		if d.shown[q.ID].IsZero() {
			d.shown[q.ID] = d.im.Clock()
		}
	}
}

// tell makes the report say what is open after x, and who is beyond reach; x is nil
// where nothing was carried out since the directory was read.
func (d *Desk) tell(s *situation, x *apply.Result, open []plan.Question) {
	if x == nil {
		x = apply.Nothing(s.input.Observed)
	}
	d.im.report.RequiredInteractions = report.QuestionsAsNow(report.Interactions(open), x)
	d.beyond = report.OutcomesAsNow(report.Outcomes(s.plan.Failed), x)
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
