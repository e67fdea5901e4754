package approval

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

func TestNewestNeedFirst(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 8, 0, 0, 0, time.UTC) }
	since := func(q plan.Question, t time.Time) plan.Question { q.Since = t; return q }
	group := plan.Group{CN: "p-Operators", SID: "S-1-5-21-1-2-3-1201", Listed: true}
	view := sample()
	newest := since(asks(plan.Enable, plan.New, "Nora Newest"), day(22))
	hers := since(inGroup(asks(plan.Join, plan.GroupMap, "Nora Newest"), group), day(3))
	view.Questions = []plan.Question{hers,
		since(asks(plan.Enable, plan.New, "Olga Old"), day(1)), since(asks(plan.Enable, plan.New, "Zoe Same"), day(20)),
		newest, since(asks(plan.Enable, plan.New, "Adam Same"), day(20))}
	view.Refusals = []plan.Refusal{
		{Question: asks(plan.Disable, plan.MissingInFile, "First Refused"), Answer: schema.Resolution{Timestamp: day(5)}},
		{Question: asks(plan.Disable, plan.MissingInFile, "Last Refused"), Answer: schema.Resolution{Timestamp: day(6)}}}
	desk := &paperDesk{view: view}
	_, b := opened(t, desk)
	people := func(list string) []string {
		return eval[[]string](b, `[...document.querySelectorAll("`+list+`")].map((e) => e.textContent)`)
	}
	assert.Equal(t, []string{"Nora Newest", "Adam Same", "Zoe Same", "Olga Old"}, people("#open header h2"))
	assert.Equal(t, 2, eval[int](b, `document.querySelector("#open .group").querySelectorAll("article").length`))

	b.click(of(newest.ID), "Enable")
	b.gone(newest.ID)
	assert.Equal(t, []string{"Nora Newest", "Adam Same", "Zoe Same", "Olga Old"}, people("#open header h2"), "who is being decided about stays in place")

	b.click("[role=tablist]", "Rejected")
	assert.Equal(t, []string{"Disable the account last.refused of Last Refused", "Disable the account first.refused of First Refused"}, people("#rejected h2"))
}
