package approval

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/rs/zerolog"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// worker makes the calls to the Desk, one at a time, and carries out one job at
// a time, whatever becomes of the page.
type worker struct {
	desk   Desk
	agenda *agenda
	hub    *hub
	log    zerolog.Logger
	ctx    context.Context // ends with the session
	cancel func()

	call    sync.Mutex // held for a call to desk
	running sync.WaitGroup
	mu      sync.Mutex
	job     *progress // nil: none is running
}

// progress of what is being carried out.
type progress struct {
	What  string `json:"what"` // decisions or release
	Total int    `json:"total"`
	Done  int    `json:"done"`
}

var (
	errBusy = errors.New("other actions are still being carried out; wait until they are done")
	errOver = errors.New("the session has ended")
)

// look reads afresh, but for a page that is shown what was read while the
// browser started, or while a job is running.
func (w *worker) look() error {
	if w.working() && w.agenda.last() != nil {
		return nil
	}
	w.call.Lock()
	defer w.call.Unlock()
	if w.agenda.prepared() {
		return nil
	}
	view, err := w.desk.Look(w.ctx) // a page that is reloaded meanwhile must not cut the connection
	if err == nil {
		w.agenda.read(view)
	}
	return err
}

// prepare reads while the browser starts.
func (w *worker) prepare() {
	w.running.Go(func() { _ = w.look() }) // the page will say it
}

func (w *worker) working() bool { return w.progress() != nil }

// progress of the job; nil where none is running.
func (w *worker) progress() *progress {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.job == nil {
		return nil
	}
	job := *w.job
	return &job
}

// begin notes a job; finished takes it away.
func (w *worker) begin(what string, total int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.job != nil {
		return errBusy
	}
	if w.ctx.Err() != nil {
		return errOver
	}
	w.job = &progress{What: what, Total: total}
	w.running.Add(1)
	return nil
}

func (w *worker) finished() {
	w.mu.Lock()
	w.job = nil
	w.mu.Unlock()
	w.hub.send(event{Type: "refresh"})
	w.running.Done()
}

// end lets no further job begin, and waits for the one that is running.
func (w *worker) end() {
	w.mu.Lock()
	w.cancel()
	w.mu.Unlock()
	w.running.Wait()
}

// report is what was done so far. It reads nothing.
func (w *worker) report() schema.Report {
	w.call.Lock()
	defer w.call.Unlock()
	return w.desk.Report()
}

// override overrides the limits and carries out what they held back.
func (w *worker) override(digest string, accounts int) error {
	if err := w.begin("release", 1); err != nil {
		return err
	}
	defer w.finished()
	w.log.Warn().Str("plan", digest).Int("accounts", accounts).Msg("limits overridden")
	w.call.Lock()
	defer w.call.Unlock()
	before := countsOf(w.desk.Report())
	err := w.desk.Release(w.ctx, digest, accounts, w.advance)
	w.agenda.noteReleased("release", "limits overridden for "+schema.Plural(accounts, "account"), before, countsOf(w.desk.Report()), err)
	if err != nil {
		w.log.Warn().Err(err).Msg("the limits could not be overridden")
	}
	return err
}

// advance tells the page how far the job is.
func (w *worker) advance(done, total int) {
	w.mu.Lock()
	w.job.Done, w.job.Total = done, total
	job := *w.job
	w.mu.Unlock()
	w.hub.send(event{Type: "progress", Job: &job})
}

// askAgain forgets a kept rejection.
func (w *worker) askAgain(id string) error {
	if err := w.begin("again", 1); err != nil {
		return err
	}
	defer w.finished()
	w.call.Lock()
	defer w.call.Unlock()
	if err := w.desk.AskAgain(w.ctx, id); err != nil {
		return fmt.Errorf("the rejection could not be forgotten: %w", err)
	}
	w.log.Info().Str("digest", id).Msg("rejection forgotten, to be asked again")
	return nil
}

// checkName tells why a name cannot be taken; it does not wait for other calls.
func (w *worker) checkName(ctx context.Context, id, name string) (string, error) {
	if !w.call.TryLock() {
		return "", errBusy
	}
	defer w.call.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(w.ctx, cancel)() // the end of the session does not wait for it
	return w.desk.CheckName(ctx, id, name)
}

// askedNoMore is said of what the page showed still when it was asked no longer.
const askedNoMore = "it is not asked any more as it was shown here, and nothing was done or kept; look at what is asked now"

// start carries answers out in the background.
func (w *worker) start(answers, gone []plan.Answer) error {
	if err := w.begin("decisions", len(answers)+len(gone)); err != nil {
		return err
	}
	for _, a := range answers {
		w.note(a)
	}
	go func() {
		defer w.finished()
		for _, a := range gone {
			w.record(a, plan.Result{ID: a.ID, Outcome: plan.Changed, Problem: askedNoMore})
		}
		w.carryOut(answers)
	}()
	return nil
}

func (w *worker) carryOut(answers []plan.Answer) {
	if len(answers) == 0 {
		return
	}
	open := map[string]plan.Answer{}
	for _, a := range answers {
		open[a.ID] = a
	}
	settle := func(r plan.Result) {
		if a, ok := open[r.ID]; ok {
			delete(open, r.ID)
			w.record(a, r)
		}
	}
	w.call.Lock()
	results, err := w.desk.Decide(w.ctx, answers, settle)
	w.call.Unlock()
	for _, r := range results {
		settle(r)
	}
	for _, a := range answers {
		if _, left := open[a.ID]; left {
			settle(plan.Result{ID: a.ID, Outcome: plan.NotDone, Problem: failure(err), Hint: "Try again."})
		}
	}
}

func failure(err error) string {
	if err == nil {
		return "nothing was reported about it"
	}
	return err.Error()
}

// note logs a decision before it is carried out.
func (w *worker) note(a plan.Answer) {
	verb := "rejected"
	if a.Accept {
		verb = "accepted"
	}
	w.about(w.log.Info(), a.ID).Str("decision", verb).Bool("take_over", a.TakeOver).Str("new_name", a.NewName).
		Bool("keep_password", a.Keep).Interface("keeps", a.Keeps).Str("reason", a.Reason).Msg("decided")
}

// record keeps one result and tells page and log.
func (w *worker) record(a plan.Answer, r plan.Result) {
	done := w.agenda.record(a, r)
	w.mu.Lock()
	w.job.Done++
	job := *w.job
	w.mu.Unlock()
	w.hub.send(event{Type: "progress", Job: &job, Result: &done})
	level := zerolog.InfoLevel
	if r.Outcome == plan.NotDone {
		level = zerolog.WarnLevel
	}
	w.about(w.log.WithLevel(level), r.ID).Str("outcome", string(r.Outcome)).Str("problem", r.Problem).Str("detail", r.Detail).Bool("unsure", r.Unsure).Msg("decision carried out")
}

// about names a question in the log.
func (w *worker) about(e *zerolog.Event, id string) *zerolog.Event {
	q := w.agenda.question(id)
	e = e.Str("digest", q.ID).Str("kind", string(q.Kind)).Str("user", q.Person.CN).Str("account", q.Person.AccountName)
	if q.Group != nil {
		e = e.Str("group", q.Group.CN)
	}
	if view := w.agenda.last(); view != nil {
		e = e.Str("identity", view.Identity)
	}
	return e
}
