package faults_test

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	importer "ad-user-sync/import"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// told is what a run said to whoever started it.
type told struct {
	code    int
	err     error
	report  *schema.Report // nil: there is none, so nothing was done
	answers []answered     // at the desk
	open    []string       // what waits for a person in the end
}

// answered is a question, and what the desk said came of the answer.
type answered struct {
	question plan.Question
	accept   bool
	result   plan.Result
}

// exitCode as the documentation has it.
func exitCode(r *schema.Report, err error) int {
	var refused *importer.Refusal
	switch {
	case errors.Is(err, importer.ErrConfiguration):
		return 2
	case errors.As(err, &refused):
		return 3
	case err != nil:
		return 1
	case r.Guard != nil:
		return 4
	case len(r.Failed) > 0:
		return 5
	}
	return 0
}

func (w *world) must(said told) {
	w.t.Helper()
	require.NoError(w.t, said.err)
	require.Zero(w.t, said.code, "%+v", said.report)
}

// mustAs: in some scenes people are failed, by name, whatever happens.
func (w *world) mustAs(s *scene, said told) {
	w.t.Helper()
	if !s.fails {
		w.must(said)
		return
	}
	require.NoError(w.t, said.err)
	require.Equal(w.t, 5, said.code, "%+v", said.report)
}

func failed(err error) told { return told{code: exitCode(nil, err), err: err} }

func importOnce(ctx context.Context, w *world, connect connect) told {
	dir, err := connect()
	if err != nil {
		return failed(err)
	}
	defer dir.Close()
	return importThrough(ctx, w, dir)
}

func importThrough(ctx context.Context, w *world, dir importer.Directory) told {
	result, err := w.start(dir).Run(ctx)
	if result == nil {
		return failed(err)
	}
	return told{code: exitCode(&result.Report, err), err: err, report: &result.Report, open: open(result.Report)}
}

func cleanImport(w *world) told { return importThrough(w.t.Context(), w, w.admin) }

func open(r schema.Report) []string {
	var all []string
	for _, i := range r.RequiredInteractions {
		all = append(all, interaction(i))
	}
	slices.Sort(all)
	return all
}

func interaction(i schema.Interaction) string { return i.Type + " " + i.User + " " + i.Group }

const password = schema.Secret("Correct-Horse-7!")

// decision of the person at the desk: everybody is enabled but Bert, whom the
// person rejects, and Carl joins the guarded group. Who has an account already keeps
// what it has.
func decision(q plan.Question) *plan.Answer {
	if q.Person.CN == "Bert B" {
		return &plan.Answer{ID: q.ID, Reason: "on leave"}
	}
	a := &plan.Answer{ID: q.ID, Accept: true, Password: password}
	if q.Kind == plan.Adopt {
		a.Password, a.Keeps = "", &plan.Keeps{Password: true, Expiry: true, Memberships: true, Names: true, Values: true}
	}
	return a
}

// session is an import with the desk open after it.
func session(ctx context.Context, w *world, connect connect) told {
	dir, err := connect()
	if err != nil {
		return failed(err)
	}
	defer dir.Close()
	return decideOn(ctx, w, dir, decision)
}

func cleanSession(w *world) told { return decideOn(w.t.Context(), w, w.admin, decision) }

// decideOn imports, and answers all questions: those that are never to be answered
// together with others alone, the rest at once.
func decideOn(ctx context.Context, w *world, dir importer.Directory, decide func(plan.Question) *plan.Answer) told {
	im := w.start(dir)
	result, err := im.Run(ctx)
	if result == nil || err != nil {
		return failed(err)
	}
	said := told{report: &result.Report}
	desk := im.NewDesk(dir, "op")
	view, err := desk.Look(ctx)
	if err != nil {
		return told{code: 1, err: err, report: &result.Report}
	}
	for _, batch := range batches(view.Questions) {
		var answers []plan.Answer
		for _, q := range batch {
			answers = append(answers, *decide(q))
		}
		results, err := desk.Decide(ctx, answers, func(plan.Result) {})
		for i, q := range batch {
			r := plan.Result{ID: q.ID, Outcome: plan.NotDone, Unsure: true}
			if len(results) > 0 {
				r = results[i]
			} else {
				r.Problem = err.Error()
			}
			said.answers = append(said.answers, answered{q, answers[i].Accept, r})
		}
	}
	report := desk.Report()
	said.report, said.open = &report, open(report)
	said.code = exitCode(&report, nil)
	return said
}

func batches(questions []plan.Question) [][]plan.Question {
	var together []plan.Question
	var all [][]plan.Question
	for _, q := range questions {
		if q.Single {
			all = append(all, []plan.Question{q})
		} else {
			together = append(together, q)
		}
	}
	return append(all, together)
}

// String is for the message of a scenario that breaks.
func (t told) String() string {
	text := fmt.Sprintf("exit code %d: %v", t.code, t.err)
	if t.report != nil {
		text += fmt.Sprintf("; failed: %v; guard: %+v; notices: %q", t.report.Failed, t.report.Guard, t.report.Notices)
	}
	return text
}
