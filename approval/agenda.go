package approval

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// agenda is what a session is about: the questions that are open, and what was
// decided. mu guards the fields below it; a view stays as it was read.
type agenda struct {
	operator string
	clock    clock
	vault    *vault

	mu       sync.Mutex
	view     *plan.View
	viewed   time.Time                // when it was read
	served   bool                     // to a page
	shown    map[string]plan.Question // open, by ID, as last shown
	known    map[string]plan.Question // every one that was ever shown
	found    []plan.Found             // by the last search of the person
	offered  map[string]plan.Question // of these, by ID
	troubles troubles
	needs    needs    // by key of the person
	items    []item   // what was decided, oldest first
	lines    []string // the same, and what was done to many at once
	released released
	others   []string // who else has a session open
}

func newAgenda(o Options, vault *vault) *agenda {
	return &agenda{operator: o.Operator, clock: o.Clock, vault: vault,
		shown: map[string]plan.Question{}, known: map[string]plan.Question{}, needs: needs{}, released: released{open: map[string]bool{}},
		troubles: troubles{failed: map[string]plan.Result{}, changed: map[slot]plan.Result{}}}
}

// read takes over what was read of the directory.
func (g *agenda) read(view plan.View) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.view, g.viewed = &view, g.clock.now()
	g.shown = make(map[string]plan.Question, len(view.Questions))
	for _, q := range view.Questions {
		g.shown[q.ID], g.known[q.ID] = q, q
	}
}

// last is what was read last; nil where nothing was.
func (g *agenda) last() *plan.View {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.view
}

// prepared reports whether the first page can be shown what was read while the
// browser started; every later one is shown a fresh reading.
func (g *agenda) prepared() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	first := g.view != nil && !g.served
	g.served = g.view != nil
	return first && g.clock.since(g.viewed) < 10*time.Second
}

// question was shown once, be it open or not.
func (g *agenda) question(id string) plan.Question {
	g.mu.Lock()
	defer g.mu.Unlock()
	return plan.Among(g.known, id)
}

// checker of decisions, against what is open now.
func (g *agenda) checker() checker {
	g.mu.Lock()
	defer g.mu.Unlock()
	return checker{view: g.sight(), shown: g.open(), operator: g.operator, vault: g.vault, now: g.clock.now()}
}

// record keeps what came of an answer.
func (g *agenda) record(a plan.Answer, r plan.Result) item {
	g.mu.Lock()
	defer g.mu.Unlock()
	q := plan.Among(g.known, r.ID)
	if r.Outcome == plan.NotDone {
		if r.Weak && g.vault.refused(q.ID, a.Password) {
			r.Hint = "A longer passphrase is shown now; try again with it."
		}
		if r.Unsure && a.Password != "" {
			r.Hint = "The password may have been set: it is kept with those to be handed out, marked as such."
		}
	}
	g.troubles.note(q, r)
	if r.Outcome != plan.NotDone && r.Outcome != plan.Changed {
		delete(g.offered, r.ID)
		delete(g.shown, r.ID) // the same digest cannot be used again before it is shown again
	}
	done := newItem(q, a, r, g.clock.now())
	if a.Password != "" && (r.Outcome == plan.Done || r.Unsure) {
		g.vault.issue(q, a, g.view, r.Unsure)
		done.Password, done.Perhaps = true, r.Unsure
	}
	g.items, g.lines = append(g.items, done), append(g.lines, done.line())
	return done
}

// noteReleased keeps what came of overriding limits, or of giving more time.
func (g *agenda) noteReleased(job, what string, before, after counts, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	did := counts{}.plus(after, 1).plus(before, -1)
	g.lines = append(g.lines, what+": "+did.line(err))
	g.released.open[job] = err != nil && did.Failed == 0
	if err == nil {
		g.released.times++
	}
	g.released.did = g.released.did.plus(did, 1)
}

// decided tells what was decided, a line each.
func (g *agenda) decided() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.lines)
}

func (g *agenda) summary(why string, report schema.Report) Summary {
	g.mu.Lock()
	defer g.mu.Unlock()
	sum := Summary{Ended: why, Unsaved: g.vault.unsaved(), What: doings(g.items, g.released.did), Done: g.released.times,
		Failed: g.released.did.Failed, Open: len(report.RequiredInteractions), Lapsed: len(report.Lapsed)}
	for _, open := range g.released.open {
		if open {
			sum.Failed++
		}
	}
	for _, item := range latest(g.items) {
		switch item.Outcome {
		case plan.Done:
			sum.Done++
		case plan.Kept:
			sum.Rejected++
		case plan.Changed:
			sum.Changed++
		case plan.NotDone:
			sum.Failed++
		}
	}
	return sum
}

// needs is what each person needs, by key.
type needs map[string]need

// need is the worst that was ever asked of a person, and since when they have needed
// something, the newest of it.
type need struct {
	danger int
	since  time.Time
}

// inOrder puts the questions of one person together, and what is most dangerous, then
// whose need is newest, first; a person stays in place when one of their questions is
// answered.
func (n needs) inOrder(questions []plan.Question) []plan.Question {
	for _, q := range questions {
		known := n[q.Person.Key()]
		if known.since.Before(q.Since) {
			known.since = q.Since
		}
		known.danger = max(known.danger, q.Danger())
		n[q.Person.Key()] = known
	}
	questions = slices.Clone(questions)
	slices.SortStableFunc(questions, func(a, b plan.Question) int {
		one, two := n[a.Person.Key()], n[b.Person.Key()]
		return cmp.Or(two.danger-one.danger, two.since.Compare(one.since),
			strings.Compare(strings.ToLower(a.Person.CN), strings.ToLower(b.Person.CN)),
			strings.Compare(a.Person.Key(), b.Person.Key()), b.Danger()-a.Danger())
	})
	return questions
}

// newestFirst puts the latest rejection first.
func newestFirst(refusals []plan.Refusal) []plan.Refusal {
	refusals = slices.Clone(refusals)
	slices.SortStableFunc(refusals, func(a, b plan.Refusal) int { return b.Answer.Timestamp.Compare(a.Answer.Timestamp) })
	return refusals
}

// troubles is why questions are still open although they were decided.
type troubles struct {
	failed  map[string]plan.Result // by ID
	changed map[slot]plan.Result   // while they were decided
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

// note keeps what came of a decision, in place of what came of it before.
func (t troubles) note(q plan.Question, r plan.Result) {
	delete(t.failed, r.ID)
	switch r.Outcome {
	case plan.NotDone:
		t.failed[r.ID] = r
	case plan.Changed:
		t.changed[slotOf(q)] = r
	default:
		delete(t.changed, slotOf(q))
	}
}

// of adds the trouble of a question to what is shown of it.
func (t troubles) of(q plan.Question, shown question) question {
	if problem, failed := t.failed[q.ID]; failed {
		shown.Problem, shown.Hint, shown.Detail = sentence(problem.Problem), sentence(problem.Hint), problem.Detail
	} else if changed, before := t.changed[slotOf(q)]; before {
		shown.Problem, shown.Hint = "This changed meanwhile.", "Nothing was done. Look at it again and decide anew."
		if len(changed.Differs) > 0 {
			shown.Problem = "This changed since it was shown: " + words.OfChanges(changed.Differs) + "."
		}
	}
	return shown
}
