package approval

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// reads has the page read what the desk has now.
func (d *paperDesk) reads(s *served, change func(*plan.View)) {
	d.mu.Lock()
	change(&d.view)
	d.mu.Unlock()
	s.session.hub.send(event{Type: "refresh"})
}

// What a question that comes between moves under the pointer is not clicked in its place.
func TestAQuestionThatComesBetweenSettles(t *testing.T) {
	desk := &paperDesk{view: many(5)}
	s, b := opened(t, desk)
	b.sees("5 questions about 5 people")
	eval[bool](b, `(() => { const node = document.getElementById("open"); new MutationObserver(() => { window.settled ||= node.hasAttribute("aria-busy"); }).observe(node, { attributes: true }); return true; })()`)
	desk.reads(s, func(v *plan.View) {
		v.Questions = append(slices.Clone(v.Questions), asks(plan.Enable, plan.New, "Zoe Last"))
	})
	b.sees("6 questions about 6 people")
	assert.False(t, eval[bool](b, "Boolean(window.settled)"), "nothing moved")
	desk.reads(s, func(v *plan.View) {
		v.Questions = append(slices.Clone(v.Questions), asks(plan.Enable, plan.New, "Anna First"))
	})
	b.sees("7 questions about 7 people")
	b.until("window.settled")
	b.until(`!document.getElementById("open").hasAttribute("aria-busy")`)
}

// What is shown of a limit is what was read last, also where the plan is the same; the
// number that is being typed stays.
func TestLimitIsShownAsItWasReadLast(t *testing.T) {
	view := sample()
	jane, max := view.Questions[0].Person, view.Questions[2].Person
	view.Trips = []plan.Trip{{Name: "disable", Reason: "2 of 25 would be disabled", Accounts: []plan.Person{*jane, *max}}}
	desk := &paperDesk{view: view}
	s, b := opened(t, desk)
	b.sees("2 of 25 would be disabled")
	b.fill(".limits form input", "1")
	desk.reads(s, func(v *plan.View) {
		v.Trips = []plan.Trip{{Name: "disable", Reason: "2 of 26 would be disabled", Accounts: v.Trips[0].Accounts}}
	})
	b.sees("2 of 26 would be disabled")
	assert.Equal(t, "1", eval[string](b, `document.querySelector(".limits form input").value`))
	b.fill(".limits form input", "12")
	desk.reads(s, func(v *plan.View) {
		v.Plan = "plan-2"
		v.Trips = []plan.Trip{{Name: "disable", Reason: "other ones would be disabled", Accounts: v.Trips[0].Accounts}}
	})
	b.sees("Other ones would be disabled")
	b.seesNot("null")
	assert.Empty(t, eval[string](b, `document.querySelector(".limits form input").value`), "it was typed for another plan")
}
