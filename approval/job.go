package approval

import (
	"errors"

	"ad-user-sync/import/plan"
)

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
	if s.ctx.Err() != nil {
		return errOver
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
