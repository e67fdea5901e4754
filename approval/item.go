package approval

import (
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// item is one decision and what came of it.
type item struct {
	ID       string       `json:"id"`
	Kind     plan.Kind    `json:"kind"`
	Person   person       `json:"person"`
	Group    string       `json:"group"`
	Stays    bool         `json:"stays"` // in the group: agreed to, and nothing was written
	Accept   bool         `json:"accept"`
	Title    string       `json:"title"` // of the kind, in words
	Outcome  plan.Outcome `json:"outcome"`
	Said     string       `json:"said"` // the outcome in words
	Problem  string       `json:"problem"`
	Hint     string       `json:"hint"`
	Detail   string       `json:"detail"`
	At       time.Time    `json:"at"`
	Password bool         `json:"password"` // one was set and can be shown
	Perhaps  bool         `json:"perhaps"`  // it may not have been set
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
		Bool("keep_password", a.Keep).Interface("keeps", a.Keeps).Str("reason", a.Reason).Msg("decided")
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
	done := newItem(q, a, r, s.Clock.now())
	delete(s.problems, r.ID)
	switch r.Outcome {
	case plan.NotDone:
		if r.Weak && s.vault.refused(q.ID, a.Password) {
			r.Hint = "A longer passphrase is shown now; try again with it."
			done.Hint = r.Hint
		}
		if r.Unsure && a.Password != "" {
			r.Hint = "The password may have been set: it is kept with those to be handed out, marked as such."
			done.Hint = r.Hint
		}
		s.problems[r.ID] = r
	case plan.Changed:
		s.changed[slotOf(q)] = true
	default:
		delete(s.shown, r.ID) // the same digest cannot be used again before it is shown again
		delete(s.changed, slotOf(q))
	}
	if a.Password != "" && (r.Outcome == plan.Done || r.Unsure) {
		s.vault.issue(q, a, s.view, r.Unsure)
		done.Password, done.Perhaps = true, r.Unsure
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
	s.about(s.log.WithLevel(level), q).Str("outcome", string(r.Outcome)).Str("problem", r.Problem).Str("detail", r.Detail).Bool("unsure", r.Unsure).Msg("decision carried out")
}

// line is the decision in words.
func (i item) line() string {
	verb, group := "rejected", ""
	if i.Accept {
		verb = "accepted"
	}
	if i.Group != "" {
		group = " " + schema.Visible(i.Group)
	}
	return fmt.Sprintf("%s%s of %s (%s): %s, %s", i.Kind, group, schema.Visible(i.Person.CN), schema.Visible(i.Person.AccountName), verb, words.OfOutcome(i.Outcome))
}

// latest leaves out what was decided again.
func latest(items []item) (list []item) {
	last := map[string]int{}
	for i, item := range items {
		last[item.ID] = i
	}
	for i, item := range items {
		if last[item.ID] == i {
			list = append(list, item)
		}
	}
	return list
}

// doings counts what was carried out, in words: "3 enabled". What was done once
// limits were overridden is added.
func doings(items []item, more counts) (lines []string) {
	stay, done := 0, counts{}.plus(more, 1).done
	for _, i := range items {
		switch {
		case i.Outcome == plan.Done && i.Stays:
			stay++
		case i.Outcome == plan.Done:
			done[i.Kind]++
		}
	}
	if stay > 0 {
		lines = append(lines, fmt.Sprintf("%d kept in a group", stay))
	}
	return append(lines, inWords(done)...)
}

func newItem(q plan.Question, a plan.Answer, r plan.Result, at time.Time) item {
	done := item{ID: r.ID, Kind: q.Kind, Person: personOf(q.Person), Accept: a.Accept, Outcome: r.Outcome,
		Problem: sentence(r.Problem), Hint: sentence(r.Hint), Detail: r.Detail, At: at}
	if a.TakeOver {
		done.Kind = plan.Adopt
	}
	if a.NewName != "" {
		done.Person.AccountName = a.NewName
	}
	if q.Group != nil {
		done.Group, done.Stays = q.Group.CN, q.Stays()
	}
	done.Title, done.Said = words.OfKind(done.Kind).Title, words.OfOutcome(done.Outcome)
	switch {
	case done.Outcome == plan.Done && done.Stays:
		done.Said = words.Kept()
	case done.Outcome == plan.Done:
		done.Said = words.OfKind(done.Kind).Done
	}
	return done
}
