package approval

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rs/zerolog"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// progress of what is being carried out.
type progress struct {
	What  string `json:"what"` // decisions or release
	Total int    `json:"total"`
	Done  int    `json:"done"`
}

// item is one decision and what came of it.
type item struct {
	ID       string       `json:"id"`
	Kind     plan.Kind    `json:"kind"`
	Person   person       `json:"person"`
	Group    string       `json:"group"`
	Accept   bool         `json:"accept"`
	Outcome  plan.Outcome `json:"outcome"`
	Problem  string       `json:"problem"`
	Hint     string       `json:"hint"`
	At       time.Time    `json:"at"`
	Password bool         `json:"password"` // one was set and can be shown
}

// slot is the place of a question: what stays when its content changes.
type slot struct {
	key, group string
	kind       plan.Kind
}

func slotOf(q plan.Question) slot {
	s := slot{key: q.Person.Key(), kind: q.Kind}
	if q.Group != nil {
		s.group = string(q.Group.SID)
	}
	return s
}

var errBusy = errors.New("other actions are still being carried out; wait until they are done")

func (s *session) working() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.job != nil
}

// begin notes a job; finished takes it away.
func (s *session) begin(what string, total int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.job != nil {
		return errBusy
	}
	s.job = &progress{What: what, Total: total}
	s.jobs.Add(1)
	return nil
}

func (s *session) finished() {
	s.mu.Lock()
	s.job = nil
	s.mu.Unlock()
	s.hub.send(event{Type: "refresh"})
	s.jobs.Done()
}

// start carries answers out in the background, whatever becomes of the page.
func (s *session) start(answers []plan.Answer, gone []string) error {
	if err := s.begin("decisions", len(answers)+len(gone)); err != nil {
		return err
	}
	for _, a := range answers {
		s.note(a)
	}
	go func() {
		defer s.finished()
		for _, id := range gone {
			s.record(plan.Answer{ID: id}, plan.Result{ID: id, Outcome: plan.Changed})
		}
		s.carryOut(answers)
	}()
	return nil
}

func (s *session) carryOut(answers []plan.Answer) {
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
			s.record(a, r)
		}
	}
	s.desk.Lock()
	results, err := s.Desk.Decide(s.ctx, answers, settle)
	s.desk.Unlock()
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
func (s *session) note(a plan.Answer) {
	s.mu.Lock()
	q := s.known[a.ID]
	s.mu.Unlock()
	verb := "rejected"
	if a.Accept {
		verb = "accepted"
	}
	s.about(s.log.Info(), q).Str("decision", verb).Bool("take_over", a.TakeOver).Str("new_name", a.NewName).
		Bool("keep_password", a.Keep).Str("reason", a.Reason).Msg("decided")
}

func (s *session) about(e *zerolog.Event, q plan.Question) *zerolog.Event {
	e = e.Str("digest", q.ID).Str("kind", string(q.Kind)).Str("user", q.Person.CN).Str("account", q.Person.AccountName)
	if q.Group != nil {
		e = e.Str("group", q.Group.CN)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.view != nil {
		e = e.Str("identity", s.view.Identity)
	}
	return e
}

// record keeps one result and tells the page.
func (s *session) record(a plan.Answer, r plan.Result) {
	s.mu.Lock()
	q := s.known[r.ID]
	done := newItem(q, a, r)
	delete(s.problems, r.ID)
	switch r.Outcome {
	case plan.NotDone:
		s.problems[r.ID] = r
	case plan.Changed:
		s.changed[slotOf(q)] = true
	default:
		delete(s.shown, r.ID) // the same digest can not be used again before it is shown again
		delete(s.changed, slotOf(q))
	}
	if r.Outcome == plan.Done && a.Password != "" {
		s.vault.issue(q, a, s.view)
		done.Password = true
	}
	s.items = append(s.items, done)
	s.job.Done++
	job := *s.job
	s.mu.Unlock()

	s.hub.send(event{Type: "progress", Job: &job, Result: &done})
	level := zerolog.InfoLevel
	if r.Outcome == plan.NotDone {
		level = zerolog.WarnLevel
	}
	s.about(s.log.WithLevel(level), q).Str("outcome", string(r.Outcome)).Str("problem", r.Problem).Msg("decision carried out")
}

func newItem(q plan.Question, a plan.Answer, r plan.Result) item {
	done := item{ID: r.ID, Kind: q.Kind, Person: personOf(q.Person), Accept: a.Accept, Outcome: r.Outcome,
		Problem: r.Problem, Hint: r.Hint, At: time.Now()}
	if a.NewName != "" {
		done.Person.AccountName = a.NewName
	}
	if q.Group != nil {
		done.Group = q.Group.CN
	}
	return done
}

// release lets the brakes go, for the plan that was shown and the number of
// accounts that the person read.
func (s *session) release(w http.ResponseWriter, r *http.Request) {
	in, ok := receive[struct {
		Plan     string `json:"plan"`
		Accounts int    `json:"accounts"`
	}](w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	view := s.view
	s.mu.Unlock()
	if view == nil || view.Plan != in.Plan || in.Accounts != stopped(view.Trips) || firm(view.Trips) {
		refuse(w, http.StatusUnprocessableEntity, "this is not the number of accounts, or the plan has changed meanwhile")
		return
	}
	if err := s.begin("release", 1); err != nil {
		refuse(w, http.StatusConflict, err.Error())
		return
	}
	defer s.finished()
	s.log.Warn().Str("plan", in.Plan).Int("accounts", in.Accounts).Msg("brakes released")
	s.desk.Lock()
	err := s.Desk.Release(s.ctx, in.Plan, in.Accounts)
	s.desk.Unlock()
	if err != nil {
		s.log.Warn().Err(err).Msg("the brakes could not be released")
		refuse(w, http.StatusBadGateway, err.Error())
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// stopped counts the different accounts that the brakes stopped.
func stopped(trips []plan.Trip) int {
	accounts := map[string]bool{}
	for _, trip := range trips {
		for _, p := range trip.Accounts {
			accounts[p.Key()] = true
		}
	}
	return len(accounts)
}

// firm tells whether one of the brakes is not released by anybody.
func firm(trips []plan.Trip) bool {
	for _, trip := range trips {
		if trip.Firm {
			return true
		}
	}
	return false
}

// again forgets a kept rejection, so that its question is asked again.
func (s *session) again(w http.ResponseWriter, r *http.Request) {
	in, ok := receive[struct {
		ID string `json:"id"`
	}](w, r)
	if !ok {
		return
	}
	if err := s.begin("again", 1); err != nil {
		refuse(w, http.StatusConflict, err.Error())
		return
	}
	defer s.finished()
	s.desk.Lock()
	err := s.Desk.AskAgain(s.ctx, in.ID)
	s.desk.Unlock()
	if err != nil {
		refuse(w, http.StatusBadGateway, fmt.Sprintf("the rejection could not be forgotten: %v", err))
		return
	}
	s.log.Info().Str("digest", in.ID).Msg("rejection forgotten, to be asked again")
	w.WriteHeader(http.StatusNoContent)
}

// checkName tells why a name can not be taken.
func (s *session) checkName(w http.ResponseWriter, r *http.Request) {
	in, ok := receive[struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}](w, r)
	if !ok {
		return
	}
	if !s.desk.TryLock() {
		refuse(w, http.StatusConflict, errBusy.Error())
		return
	}
	defer s.desk.Unlock()
	why, err := s.Desk.CheckName(r.Context(), in.ID, in.Name)
	if err != nil {
		refuse(w, http.StatusBadGateway, err.Error())
		return
	}
	send(w, http.StatusOK, map[string]string{"problem": schema.Visible(why)})
}
