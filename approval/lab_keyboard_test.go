package approval

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// tabTo presses Tab until the focus, which can be seen, is on what a script
// tells of the focused element.
func (b *tab) tabTo(what, script string) {
	b.t.Helper()
	for range 150 {
		if eval[bool](b, `(() => { const e = document.activeElement; return Boolean(e && (`+script+`)); })()`) {
			assert.NotEqual(b.t, "none", eval[string](b, `getComputedStyle(document.activeElement).outlineStyle`), "the focus cannot be seen on %s", what)
			return
		}
		b.keys(kb.Tab)
	}
	require.Failf(b.t, "not reached by Tab", "%s", what)
}

func (b *tab) tabToButton(card, label string) {
	b.t.Helper()
	b.tabTo(label, `e.closest('`+card+`') && e.textContent.trim() === `+quote(label))
}

// No one touches a mouse here.
func TestLabKeyboardAlone(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna New", "Bert New", "Carl New", "Dora New", "Greta Guard", "Tom Typed")
	s.give("Greta", "t-Editors")
	served, b := s.open(s.desk(s.run()))
	anna, tom, greta := b.question(plan.Enable, "Anna New"), b.question(plan.Enable, "Tom Typed"), b.question(plan.Join, "Greta Guard")

	b.tabTo("search", `e.type === "search"`)
	b.keys("anna")
	b.sees("1 of 7 questions shown")
	b.tabToButton(anna, "Enable")
	b.keys(kb.Enter)
	b.settles(anna)
	b.until(`document.activeElement !== document.body`)
	assert.True(t, s.enabled("Anna New"))
	b.sees("Nothing matches the filter")
	b.keys(kb.Tab, chromedp.KeyModifiers(8)) // Shift
	b.tabTo("search", `e.type === "search"`)
	eval[bool](b, `(document.activeElement.select(), true)`) // Ctrl-A is the browser's own
	b.keys(kb.Delete)
	b.sees("6 questions about 5 people")

	b.tabTo("how Tom gets a password", `e.type === "radio" && e.closest('`+tom+`')`)
	b.keys(kb.ArrowRight)
	b.until(`document.activeElement.type === "password"`)
	b.keys("Plum-Harbour-77")
	b.until(`document.querySelectorAll('` + tom + ` .rules li.kept').length === 3`)
	b.tabToButton(tom, "Enable")
	b.keys(" ")
	b.settles(tom)
	require.NoError(t, s.domain.LogOn(s.account("Tom"), "Plum-Harbour-77"))

	b.tabToButton(greta, "Reject with reason…")
	b.keys(kb.Enter)
	b.until(`document.activeElement?.tagName === "TEXTAREA"`)
	b.keys("not yet")
	b.tabTo("Reject", `e.closest("dialog") && e.textContent === "Reject"`)
	b.keys(kb.Enter)
	b.settles(greta)
	assert.Contains(t, s.resolutions(), "not yet")

	for _, who := range []string{"Bert New", "Carl New"} {
		b.tabTo("the box of "+who, `e.type === "checkbox" && e.closest('`+b.question(plan.Enable, who)+`')`)
		b.keys(" ")
	}
	b.sees("2 selected")
	b.tabTo("Accept…", `e.closest(".bulk") && e.textContent === "Accept…"`)
	b.keys(kb.Enter)
	b.says("dialog", "Accept 2 questions?")
	b.keys(kb.Escape)
	b.until(`!document.querySelector("dialog")`)
	b.tabTo("Accept…", `e.closest(".bulk") && e.textContent === "Accept…"`)
	b.keys(kb.Enter)
	b.says("dialog", "Accept 2 questions?")
	b.keys(kb.Enter)
	b.sees("4 new passwords not yet handed out")
	assert.True(t, s.enabled("Bert New") && s.enabled("Carl New"))

	b.tabTo("the tabs", `e.role === "tab" || e.getAttribute("role") === "tab"`)
	b.keys(kb.ArrowRight + kb.ArrowRight + kb.ArrowRight)
	b.says("#rejected", "not yet")
	b.tabTo("Ask again", `e.closest("#rejected") && e.textContent === "Ask again"`)
	b.keys(kb.Enter)
	b.says("#rejected", "Nothing is rejected.")
	assert.NotContains(t, s.resolutions(), "not yet")

	b.tabTo("the archive", `e.textContent === "Download encrypted archive"`)
	b.keys(kb.Enter)
	b.sees("all handed out")
	b.tabTo("End session", `e.closest("header") && e.textContent === "End session"`)
	b.keys(kb.Enter)
	b.until(`document.activeElement?.closest("dialog")`)
	b.keys(kb.Enter)
	b.sees("The session has ended")
	sum, err := served.wait()
	require.NoError(t, err)
	assert.Equal(t, []string{"4 enabled"}, sum.What)
	assert.Empty(t, sum.Unsaved)
}
