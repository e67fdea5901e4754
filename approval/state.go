package approval

import (
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
	Planned   []planned  `json:"planned"` // where a limit stops the plan: all of it
	Stopped   int        `json:"stopped"` // accounts, to be typed
	Firm      bool       `json:"firm"`
	Offer     *offer     `json:"offer"` // of more time, where no newer file comes
	Old       bool       `json:"old"`   // the file is too old for anything but that
	Table     *tabled    `json:"table"` // of match, that a person edited; nil: none
	Notices   []string   `json:"notices"`
	Questions []question `json:"questions"`
	Refusals  []refusal  `json:"refusals"`
	Items     []item     `json:"items"`
	Unsaved   int        `json:"unsaved"`
	Issued    int        `json:"issued"`
	Archive   string     `json:"archive"`  // the passphrase of the last archive, until it is noted
	Language  bool       `json:"language"` // of the letters may be chosen
	Job       *progress  `json:"job"`
	Counts    counts     `json:"counts"` // what the run and this session did
	Failed    []outcome  `json:"failed"` // the first of them
	Skipped   []outcome  `json:"skipped"`
	LeftOut   []outcome  `json:"leftOut"`
	Lapsed    []outcome  `json:"lapsed"`
	Heartbeat int        `json:"heartbeat"`
	Others    []string   `json:"others"` // who else has a session open

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

// line tells what was done, and why not all was.
func (c counts) line(err error) string {
	parts := inWords(c.done)
	if len(parts) == 0 {
		parts = []string{"nothing was done"}
	}
	if c.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", c.Failed))
	}
	if err != nil {
		parts = append(parts, schema.Visible(err.Error()))
	}
	return strings.Join(parts, ", ")
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
func (a *api) state(w http.ResponseWriter, r *http.Request) {
	problem := a.worker.look()
	if problem != nil {
		a.log.Warn().Err(problem).Msg("nothing could be read for the approval page")
	}
	if a.outlived(w, r) {
		return
	}
	job := a.worker.progress() // before the agenda: what it has done by then is shown, too
	out, err := a.agenda.state(problem)
	if err != nil {
		refuse(w, http.StatusBadGateway, err.Error())
		return
	}
	out.Job, out.Heartbeat, out.Language = job, int(a.heartbeat.Seconds()), a.letters.languages != nil
	send(w, http.StatusOK, out)
}

// state is what the page shows, where nothing fresh could be read with the
// problem.
func (g *agenda) state(problem error) (state, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.view == nil {
		return state{}, problem
	}
	v := *g.view
	if problem != nil {
		v.Questions, v.Refusals, v.Trips, v.Offer = nil, nil, nil, plan.Offer{}
	}
	if err := g.vault.propose(g.sight(), g.offers()); err != nil {
		return state{}, err
	}
	checker := checker{view: g.view, operator: g.operator, vault: g.vault}
	out := state{
		Domain: v.Domain, Controller: v.Controller, Container: v.Container, Identity: v.Identity, Operator: g.operator,
		Source: v.Source, File: v.File.File, Timestamp: v.File.Timestamp, Signed: v.File.Signed, Users: v.File.Users,
		Plan: v.Plan, Offer: checker.offer(v.Offer), Old: v.Old,
		Stopped: plan.Stopping(v.Trips), Firm: plan.Firm(v.Trips), Titles: words.Titles(), Freely: plan.Freely, Rejection: days{plan.DefaultRejection, plan.MostRejection}, Notices: sentences(v.Notices), Items: slices.Clone(g.items),
		Unsaved: len(g.vault.unsaved()), Issued: len(g.vault.all()), Archive: g.vault.unnoted().Reveal(), Others: g.others, Counts: countsOf(v.Report),
		Failed: outcomesOf(v.Report.Failed), Skipped: outcomesOf(v.Report.Skipped), LeftOut: leftOutOf(v.Report.LeftOut), Lapsed: outcomesOf(v.Report.Lapsed),
	}
	out.Table = g.tabled(v.Tabled)
	if problem != nil {
		out.Problem, out.Table = sentence(problem.Error()), nil
	}
	for _, t := range v.Trips {
		out.Trips = append(out.Trips, tripOf(t))
	}
	if len(v.Trips) > 0 {
		out.Planned = plannedOf(v.Planned)
	}
	for _, q := range g.needs.inOrder(v.Questions) {
		if _, open := g.shown[q.ID]; open {
			out.Questions = append(out.Questions, g.troubles.of(q, checker.question(q)))
		}
	}
	for _, r := range newestFirst(v.Refusals) {
		out.Refusals = append(out.Refusals, refusalOf(r))
	}
	return out, nil
}

// question adds what the session knows to what the plan asks.
func (c checker) question(q plan.Question) question {
	out := questionOf(q)
	out.Own = c.own(q)
	out.Single = q.Alone(out.Own)
	if q.SetsPassword() {
		out.History = c.view.Policy(*q.Person).History
		if passphrase, err := c.vault.proposal(q.ID); err == nil {
			out.Passphrase = passphrase.Reveal()
		}
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
