package approval

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// hostile is what a file may carry in any attribute.
var hostile = map[string]string{
	"script":     `<script>window.hacked = 1</script>`,
	"markup":     `<img src=x onerror="window.hacked = 1">`,
	"attribute":  `" onmouseover="window.hacked = 1" x="`,
	"quotes":     `'"` + "`" + `&quot;</textarea></title>`,
	"url":        `javascript:window.hacked=1`,
	"turned":     "Jane\u202e eoD \u2066enaJ",
	"hidden":     "Ja\u200bne\u00ad D\ufeffoe\u200d",
	"lookalike":  "J\u0430ne D\u043ee",
	"controls":   "a\x00b\x1b[31mc\r\nd",
	"zalgo":      "Z" + strings.Repeat("\u0301", 40) + "algo",
	"long":       strings.Repeat("x<b>", 2500),
	"longturned": strings.Repeat("\u202eX", 5000),
}

func hostileView() plan.View {
	v := sample()
	v.Questions, v.Notices = nil, nil
	for name, text := range hostile {
		for _, kind := range []plan.Kind{plan.Enable, plan.Name, plan.Join} {
			q := asks(kind, plan.New, "Somebody")
			q.ID = "id-" + name + "-" + string(kind)
			q.Person = &plan.Person{Anchor: name, CN: text, AccountName: text, UPN: text, Mail: text, DisplayName: text}
			q.Decision = []plan.Field{{Code: plan.FieldCode(text), Before: &[]string{text}, After: []string{text, text}}}
			q.Context = []plan.Field{{Code: plan.FieldCode(text), After: []string{text}}}
			q.Proposal = text
			q.Barred = text
			if kind == plan.Join {
				q.Group = &plan.Group{CN: text, DN: text, Why: text, Within: []string{text, text}, Listed: true}
			}
			if kind == plan.Name {
				q.Holder = &plan.Account{DN: text, Parent: text, Class: text, CN: text, AccountName: text, DisplayName: text, UPN: text, Mail: text, Protected: text, OtherNames: []string{text}}
			}
			v.Questions = append(v.Questions, q)
		}
		v.Notices = append(v.Notices, text)
		v.Refusals = append(v.Refusals, plan.Refusal{Question: v.Questions[len(v.Questions)-1],
			Answer: schema.Resolution{By: text, Reason: text, Timestamp: time.Now()}})
	}
	v.Domain, v.Controller, v.Container, v.Identity, v.Source = hostile["markup"], hostile["script"], hostile["turned"], hostile["quotes"], hostile["hidden"]
	return v
}

func TestHostileTextShowsAsTextAndRunsNothing(t *testing.T) {
	desk := &paperDesk{view: hostileView(), fails: map[string]string{hostile["script"]: hostile["markup"]}}
	s := serve(t, desk, brisk)
	b := look(t, s.address)
	b.sees(hostile["script"])
	b.sees(hostile["attribute"])
	b.until(`document.querySelectorAll("#open article").length === ` + "36")
	for _, point := range []string{"U+202E", "U+2066", "U+200B", "U+00AD", "U+FEFF", "U+0430", "U+043E", "U+0000", "U+001B", "U+0301"} {
		b.sees(point)
	}
	b.sees("show all 10,000 characters")
	assert.Equal(t, 0, eval[int](b, `document.querySelectorAll("#app script, #app img, #app iframe, #app b, #app [onmouseover], #app [onerror]").length`))
	assert.False(t, eval[bool](b, `"hacked" in window`))
	assert.False(t, eval[bool](b, `/[\u202a-\u202e\u2066-\u2069\u200b]/.test(document.getElementById("app").textContent)`), "a code point that moves or hides text reaches the page")
	assert.LessOrEqual(t, eval[int](b, "document.documentElement.scrollWidth"), 1280, "it scrolls sideways")

	b.click(of("id-script-enable"), "Enable")
	b.until(`document.querySelector('` + of("id-script-enable") + ` .trouble')?.textContent.includes('onerror')`)
	b.click("[role=tablist]", "Rejected")
	b.click("[role=tablist]", "Done")
	b.sees(hostile["markup"])
	assert.False(t, eval[bool](b, `"hacked" in window`))
	s.cancel()
	_, err := s.wait()
	require.NoError(t, err)
	for len(s.lines) > 0 {
		assert.NotContains(t, <-s.lines, "\u202e")
	}
}

// A name that reads like the rest of a decision stands in a box of its own,
// beside the account name.
func TestNamesAreSetApartFromTheDecision(t *testing.T) {
	v := sample()
	q := asks(plan.Join, plan.GroupMap, "Somebody")
	q.Person = &plan.Person{Anchor: "x", CN: "Jane Doe", AccountName: "jane.doe", DisplayName: "Jane Doe to the group p-Viewers"}
	q.Group = &plan.Group{CN: "p-Administrators", Listed: true}
	v.Questions = []plan.Question{q}
	b := look(t, serve(t, &paperDesk{view: v}, brisk).address)
	b.sees("Jane Doe to the group p-Viewers")
	assert.Equal(t, "Add [Jane Doe to the group p-Viewers] (jane.doe) to the group [p-Administrators]", eval[string](b,
		`[...document.querySelector("#open article h3").childNodes].map((n) => n.className === "who" && getComputedStyle(n).borderTopWidth !== "0px" ? "[" + n.textContent + "]" : n.textContent).join("")`))
}
