package approval

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// seen returns the cells of one row of the table of both people.
func (b *tab) row(card, label string) []string {
	b.t.Helper()
	return strings.Split(eval[string](b, fmt.Sprintf(`[...[...document.querySelectorAll('%s table tr')]
		.find((r) => r.cells[0].textContent === %s).cells].slice(1).map((c) => c.textContent).join("|")`, card, quote(label))), "|")
}

// part is the text of a part of a question.
func (b *tab) part(card, part string) string {
	b.t.Helper()
	return eval[string](b, `document.querySelector('`+card+` `+part+`')?.textContent ?? ""`)
}

func TestLabSee(t *testing.T) {
	s := everyKind(t)
	_, b := s.open(s.desk(s.run()))
	shown := `[...document.querySelectorAll("#open article")].filter((e) => e.checkVisibility()).length`
	alone := func(card string) bool {
		return eval[int](b, `document.querySelectorAll('`+card+` input[type=checkbox]').length`) == 0
	}

	b.step(t, "what will happen, why, before and after", func(t *testing.T) {
		for _, c := range []struct {
			kind             plan.Kind
			who, why, change string
		}{
			{plan.Enable, "Anna New", "This person is new in the user file.", "disabled, without a password → , after: enabled, ends 20"},
			{plan.Enable, "Rita Returned", "This person is back in the user file.", "disabled → , after: enabled, ends 20"},
			{plan.Disable, "Dora Disable", "This person is no longer in the user file.", "enabled → , after: disabled"},
			{plan.Join, "Greta Guard", "a group that stands for this one", "not a member → , after: member"},
			{plan.Leave, "Lea Leave", "no group that stands for this one", "member → , after: not a member"},
		} {
			card := b.question(c.kind, c.who)
			assert.Contains(t, b.part(card, ".why"), c.why)
			assert.Contains(t, b.part(card, ".change"), c.change)
		}
		anna := b.question(plan.Enable, "Anna New")
		for _, decided := range []string{"Full nameAnna New", "Account name" + s.account("Anna"), "Mail", "Causenew"} {
			assert.Contains(t, b.part(anna, ".decision"), decided)
		}
		assert.Contains(t, b.part(anna, ".context"), "DepartmentAssembly")
		assert.NotContains(t, b.part(anna, ".decision"), "Assembly")
	})
	b.step(t, "both people side by side", func(t *testing.T) {
		nora := b.question(plan.Name, "Nora Name")
		assert.Equal(t, []string{"Nora Name", "Norbert Holder"}, b.row(nora, "Display name"))
		assert.Equal(t, []string{s.account("Nora"), s.account("Nora")}, b.row(nora, "Account name"))
		assert.Equal(t, []string{"managed container", s.staff}, b.row(nora, "Container"))
		assert.Equal(t, []string{"none", "Crew " + s.mark}, b.row(nora, "Groups"))
		assert.Contains(t, b.row(nora, "Created")[1], "(today)")
		assert.Contains(t, b.row(nora, "Last logon")[1], "(today)")
		assert.Contains(t, b.row(b.question(plan.Name, "Nils Newname"), "Last logon")[1], "never, or not known")
		assert.Contains(t, b.row(b.question(plan.Adopt, "Alma Adopt"), "Full name")[1], "Alma by hand")
	})
	b.step(t, "why a group is guarded, and what it is nested in", func(t *testing.T) {
		paul, greta := b.question(plan.Join, "Paul Privileged"), b.question(plan.Join, "Greta Guard")
		assert.Contains(t, b.part(paul, ".guarded"), "Privileged group")
		assert.Contains(t, b.part(paul, ".guarded"), "Domain Admins")
		assert.Contains(t, b.part(paul, ".guarded"), "Nested in")
		assert.Contains(t, b.part(greta, ".guarded"), "Guarded group")
		assert.Contains(t, b.part(greta, ".guarded"), "listed in restricted_groups")
		assert.Contains(t, b.part(greta, ".guarded"), "Nested inno other group")
	})
	b.step(t, "counts, and filters by kind and text", func(t *testing.T) {
		b.sees("14 questions about 12 people")
		assert.Equal(t, "Open 14|By someone else 2|Accounts |Rejected 0|Done 0",
			eval[string](b, `[...document.querySelectorAll("[role=tab]")].map((e) => e.textContent).join("|")`))
		choose := func(kind string) {
			eval[bool](b, `(() => { const s = document.querySelector("#open select"); s.value = `+quote(kind)+`; return s.dispatchEvent(new Event("change")); })()`)
		}
		assert.Contains(t, eval[string](b, `document.querySelector("#open select").textContent`), "Disable (2)")
		choose("disable")
		b.until(shown + " === 2")
		b.sees("2 of 14 questions shown")
		b.fill("#open input[type=search]", "dirk")
		b.until(shown + " === 1")
		b.fill("#open input[type=search]", " ")
		choose("")
		for _, f := range []struct {
			words, who string
			found      int64
		}{
			{"p-Administrators", "Paul Privileged", 2},
			{"p-Administrators nested", "Paul Privileged", 1},
			{s.account("Greta"), "Greta Guard", 2},
		} {
			b.until(shown + " === 14") // what was found before is gone
			b.fill("#open input[type=search]", f.words)
			b.until(shown + " === " + quoteInt(f.found))
			b.question(plan.Join, f.who)
			b.fill("#open input[type=search]", " ")
		}
		b.until(shown + " === 14")
	})
	b.step(t, "some are never selected together", func(t *testing.T) {
		for who, kind := range map[string]plan.Kind{"Nora Name": plan.Name, "Nils Newname": plan.Name, "Alma Adopt": plan.Adopt, "Paul Privileged": plan.Join} {
			assert.True(t, alone(b.question(kind, who)), who)
		}
		assert.False(t, alone(b.question(plan.Join, "Greta Guard")))
		b.sees("Select all shown (10)")
		b.click("[role=tablist]", "By someone else")
		for who, why := range map[string]string{"Hanna Byhand": "disabled here by someone else", "Egon Expired": "expired here by someone else"} {
			card := b.question(plan.Enable, who)
			assert.True(t, alone(card))
			assert.Contains(t, b.part(card, ".badge"), why)
		}
		assert.Contains(t, b.part(b.question(plan.Enable, "Egon Expired"), ".change"), "enabled, ends 2026-05-2")
		b.sees("Each is decided on its own")
		b.click("[role=tablist]", "Open")
	})
	b.step(t, "light and dark, at 200 %, in a narrow window", func(t *testing.T) {
		for _, v := range views {
			b.viewport(v.width, v.height, v.dark)
			b.until("innerWidth === " + quoteInt(v.width))
			for who, kind := range map[string]plan.Kind{"Nora Name": plan.Name, "Paul Privileged": plan.Join, "Anna New": plan.Enable} {
				eval[bool](b, `(document.querySelector('`+b.question(kind, who)+`').scrollIntoView(), true)`)
				assert.LessOrEqual(t, eval[int](b, "document.documentElement.scrollWidth"), int(v.width), "%s scrolls sideways", v.name)
			}
		}
	})
}

// views are windows that people have; a page at 200 % has half the room.
var views = []struct {
	name          string
	width, height int64
	dark          bool
}{{"light", 1280, 1000, false}, {"dark", 1280, 1000, true}, {"narrow", 390, 844, false}, {"zoomed", 640, 500, false}, {"zoomed-dark", 640, 500, true}}

func TestLabNewestNeedComesFirst(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna Older", "Bert Older")
	s.run()
	made := func(cn string) string { return s.Read(s.dn(cn), "whenCreated")["whenCreated"][0] }
	older := made("Anna Older")
	s.employ("Zoe Newest")
	s.give("Zoe", "t-Editors")
	require.Eventually(t, func() bool { return time.Now().UTC().Format("20060102150405") > older[:14] }, patience, 50*time.Millisecond, "whenCreated has whole seconds")
	_, b := s.open(s.desk(s.run()))
	require.Greater(t, made("Zoe Newest"), older)
	b.sees("4 questions about 3 people")
	others := "Anna Older:1|Bert Older:1"
	if made("Bert Older") > made("Anna Older") { // a second began between the two
		others = "Bert Older:1|Anna Older:1"
	}
	assert.Equal(t, "Zoe Newest:2|"+others,
		eval[string](b, `[...document.querySelectorAll("#open .group")].map((g) => g.querySelector("h2").textContent + ":" + g.querySelectorAll("article").length).join("|")`))
}
