package approval

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// state is everything the page shows.
type state struct {
	Domain     string     `json:"domain"`
	Controller string     `json:"controller"`
	Container  string     `json:"container"`
	Identity   string     `json:"identity"`
	Operator   string     `json:"operator"`
	Source     string     `json:"source"`
	File       string     `json:"file"`
	Timestamp  *time.Time `json:"timestamp"`
	Signed     bool       `json:"signed"`
	Users      int        `json:"users"`
	Plan       string     `json:"plan"`
	Problem    string     `json:"problem"` // why nothing fresh could be read; there are no questions then

	Trips     []trip     `json:"trips"`
	Stopped   int        `json:"stopped"` // accounts, to be typed
	Firm      bool       `json:"firm"`
	Notices   []string   `json:"notices"`
	Questions []question `json:"questions"`
	Refusals  []refusal  `json:"refusals"`
	Items     []item     `json:"items"`
	Unsaved   int        `json:"unsaved"`
	Issued    int        `json:"issued"`
	Job       *progress  `json:"job"`
	Counts    counts     `json:"counts"` // what the run and this session did
	Failed    []outcome  `json:"failed"` // the first of them
	Skipped   []outcome  `json:"skipped"`
	LeftOut   []outcome  `json:"leftOut"`
	Lapsed    []outcome  `json:"lapsed"`
	Heartbeat int        `json:"heartbeat"`

	Titles    []words.Title `json:"titles"`
	Freely    int           `json:"freely"`    // decisions at once, without their number typed
	Rejection days          `json:"rejection"` // how long one holds that leaves a person something
}

type days struct {
	Usual int `json:"usual"`
	Most  int `json:"most"`
}

// counts is how often something was done, by kind, and what was not.
type counts struct {
	done    map[plan.Kind]int
	Done    []string `json:"done"` // "3 enabled"
	Failed  int      `json:"failed"`
	Skipped int      `json:"skipped"`
	LeftOut int      `json:"leftOut"`
	Lapsed  int      `json:"lapsed"` // answers that the run keeps no longer
}

func countsOf(r schema.Report) counts {
	done := map[plan.Kind]int{}
	for _, d := range r.Done() {
		done[plan.Kind(d.Kind)] = d.N
	}
	return counts{done: done, Done: inWords(done), Failed: len(r.Failed), Skipped: len(r.Skipped), LeftOut: len(r.LeftOut), Lapsed: len(r.Lapsed)}
}

// plus adds what was done as often, or takes it away.
func (c counts) plus(d counts, sign int) counts {
	done := map[plan.Kind]int{}
	maps.Copy(done, c.done)
	for kind, n := range d.done {
		done[kind] += sign * n
	}
	return counts{done: done, Failed: c.Failed + sign*d.Failed}
}

// inWords tells what was done in the order of the report; a name that a person
// gave comes last.
func inWords(done map[plan.Kind]int) (lines []string) {
	for _, d := range append((&schema.Report{}).Done(), schema.Done{Kind: string(plan.Name)}) {
		if kind := plan.Kind(d.Kind); done[kind] > 0 && words.OfKind(kind).Count != "" {
			lines = append(lines, fmt.Sprintf("%d %s", done[kind], words.OfKind(kind).Count))
		}
	}
	return lines
}

// outcome says of a person what failed, or was left alone, and why.
type outcome struct {
	User   string `json:"user"`
	Reason string `json:"reason"`
}

// shownOutcomes is how many of a list the page has; the report has all.
const shownOutcomes = 50

type trip struct {
	Name     string   `json:"name"`
	Reason   string   `json:"reason"`
	Firm     bool     `json:"firm"`
	Accounts []person `json:"accounts"`
}

type refusal struct {
	Question question   `json:"question"`
	By       string     `json:"by"`
	Reason   string     `json:"reason"`
	At       time.Time  `json:"at"`
	Until    *time.Time `json:"until"`
}

// state reads afresh and shows it. While actions are being carried out, what
// was read before is shown with the progress. Where nothing can be read, new
// passwords can be handed out all the same.
func (s *session) state(w http.ResponseWriter, r *http.Request) {
	problem := s.look(s.ctx) // a page that is reloaded meanwhile must not cut the connection
	if problem != nil {
		s.log.Warn().Err(problem).Msg("nothing could be read for the approval page")
	}
	out, err := s.snapshot(problem)
	if err != nil {
		refuse(w, http.StatusBadGateway, err.Error())
		return
	}
	send(w, http.StatusOK, out)
}

func (s *session) look(ctx context.Context) error {
	s.mu.Lock()
	cached := s.job != nil && s.view != nil
	s.mu.Unlock()
	if cached {
		return nil
	}
	s.desk.Lock()
	defer s.desk.Unlock()
	if s.prepared() {
		return nil
	}
	view, err := s.Desk.Look(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.view, s.viewed = &view, s.Clock.now()
	s.shown = make(map[string]plan.Question, len(view.Questions))
	for _, q := range view.Questions {
		s.shown[q.ID], s.known[q.ID] = q, q
	}
	return nil
}

// prepare reads while the browser starts.
func (s *session) prepare() {
	s.jobs.Add(1)
	go func() {
		defer s.jobs.Done()
		_ = s.look(s.ctx) // the page will say it
	}()
}

// prepared reports whether the first page can be shown what was read while the
// browser started; every later one is shown a fresh reading.
func (s *session) prepared() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := s.view != nil && !s.served
	s.served = s.view != nil
	return first && s.Clock.since(s.viewed) < 10*time.Second
}

func (s *session) snapshot(problem error) (state, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.view == nil {
		return state{}, problem
	}
	v := *s.view
	if problem != nil {
		v.Questions, v.Refusals, v.Trips = nil, nil, nil
	}
	if err := s.vault.propose(s.words, s.view); err != nil {
		return state{}, err
	}
	out := state{
		Domain: v.Domain, Controller: v.Controller, Container: v.Container, Identity: v.Identity, Operator: s.Operator,
		Source: v.Source, File: v.File.File, Timestamp: v.File.Timestamp, Signed: v.File.Signed, Users: v.File.Users,
		Plan:    v.Plan,
		Stopped: plan.Stopping(v.Trips), Firm: plan.Firm(v.Trips), Titles: words.Titles(), Freely: plan.Freely, Rejection: days{plan.DefaultRejection, plan.MostRejection}, Notices: sentences(v.Notices), Items: slices.Clone(s.items),
		Unsaved: len(s.vault.unsaved()), Issued: len(s.vault.all()), Counts: countsOf(v.Report),
		Failed: outcomesOf(v.Report.Failed), Skipped: outcomesOf(v.Report.Skipped), LeftOut: leftOutOf(v.Report.LeftOut), Lapsed: outcomesOf(v.Report.Lapsed),
		Heartbeat: s.Config.HeartbeatInterval,
	}
	if problem != nil {
		out.Problem = sentence(problem.Error())
	}
	if s.job != nil {
		job := *s.job
		out.Job = &job
	}
	for _, t := range v.Trips {
		out.Trips = append(out.Trips, tripOf(t))
	}
	for _, q := range s.inOrder(v.Questions) {
		if _, open := s.shown[q.ID]; open {
			out.Questions = append(out.Questions, s.openQuestion(q))
		}
	}
	for _, r := range newestFirst(v.Refusals) {
		out.Refusals = append(out.Refusals, refusalOf(r))
	}
	return out, nil
}

// openQuestion adds to a question what the session knows. The caller holds mu.
func (s *session) openQuestion(q plan.Question) question {
	out := questionOf(q)
	out.Own = s.own(q)
	out.Single = out.Single || out.Own && q.Takes()
	if q.Kind == plan.Enable {
		out.History = s.view.Policy(q.Person).History
		if passphrase, err := s.vault.proposal(q.ID); err == nil {
			out.Passphrase = passphrase.Reveal()
		}
	}
	if problem, failed := s.problems[q.ID]; failed {
		out.Problem, out.Hint, out.Detail = sentence(problem.Problem), sentence(problem.Hint), problem.Detail
	} else if s.changed[slotOf(q)] {
		out.Problem, out.Hint = "This changed meanwhile.", "Nothing was done. Look at it again and decide anew."
	}
	return out
}

func refusalOf(r plan.Refusal) refusal {
	return refusal{Question: questionOf(r.Question), By: r.Answer.By, Reason: r.Answer.Reason,
		At: r.Answer.Timestamp, Until: r.Answer.Until}
}

func tripOf(t plan.Trip) trip {
	out := trip{Name: words.OfLimit(t.Name), Reason: sentence(t.Reason), Firm: t.Firm}
	for _, p := range t.Accounts {
		out.Accounts = append(out.Accounts, personOf(p))
	}
	return out
}

func leftOutOf(list []schema.LeftOut) []outcome {
	var plain []schema.Outcome
	for _, o := range list {
		plain = append(plain, schema.Outcome{User: o.User, Reason: o.Reason})
	}
	return outcomesOf(plain)
}

func outcomesOf(list []schema.Outcome) []outcome {
	sorted := slices.SortedStableFunc(slices.Values(list), func(a, b schema.Outcome) int { return strings.Compare(a.User, b.User) })
	var out []outcome
	for _, o := range sorted[:min(shownOutcomes, len(sorted))] {
		out = append(out, outcome{o.User, o.Reason})
	}
	return out
}
