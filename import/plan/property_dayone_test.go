package plan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// drawDayOne is a drawn world in which people have numbers, are matched by keys, and named by
// template. No run was killed before, whose accounts become known one run later.
func drawDayOne(t *rapid.T) *world {
	w := drawWorld(t)
	if w.source == nil || w.cfg.AnchorAttribute == "" {
		t.Skip("what there is of day one needs anchors")
	}
	clear(w.memory.Intended)
	for _, name := range []string{"employeeID", "givenName", "sn"} {
		w.cfg.Attributes[name] = schema.AttributeRule{}
		w.schema = append(w.schema, plan.Attribute{Name: name, Single: true, RangeUpper: 64})
	}
	var (
		numbers = []string{"4711", "4711", "0815", "", "n/a", "42"}
		givens  = []string{"Jane", "jané", "Max", ""}
		sns     = []string{"Doe", "Doe2", "Roe", "A", ""}
	)
	for _, u := range w.users {
		u.Attributes.Set("employeeID", value(pick(t, numbers, "number")))
		u.Attributes.Set("givenName", value(pick(t, givens, "given name")))
		u.Attributes.Set("sn", value(pick(t, sns, "surname")))
	}
	for _, a := range slices.Concat(w.accounts, w.elsewhere) {
		a.GivesWay = false // else a consent is recorded, which writes nothing
		set := func(name, text string) {
			if text != "" {
				a.Values.Set(name, schema.Value{List: []string{text}})
			}
		}
		set("employeeid", pick(t, numbers, "its number"))
		set("givenname", pick(t, givens, "its given name"))
		set("sn", pick(t, sns, "its surname"))
		if chance(t, 5, "self-written") {
			a.SelfWritten = []string{"employeeID"}
		}
		a.SelfUnknown = chance(t, 8, "rights not read")
		if !a.InContainer && chance(t, 3, "elsewhere") {
			a.Unmatched = "it is not within match.within"
		}
		if chance(t, 8, "guarded by others") {
			a.Guarded = []string{"Restricted"}
		}
	}
	if chance(t, 2, "match") {
		w.cfg.Match = &schema.Match{Keys: pick(t, [][]string{{"employeeID"}, {"employeeID", "mail"}, {"mail", "sAMAccountName"}}, "keys"), Within: []string{"OU=Staff,DC=plant,DC=example"}, Until: pick(t, []string{"2026-12-31", "2026-11-01"}, "until")}
	}
	if chance(t, 2, "templates") {
		w.cfg.Names = pick(t, []schema.Names{
			{AccountName: "{givenName|ascii|lower|1}{sn|ascii|lower}{n}"}, {AccountName: "{sn|lower}{n}", UPN: "{givenName|lower}{n}"}, {AccountName: "{sn|lower}"},
			{UPN: "{sn}{n}"}, {CommonName: "{sn}, {givenName}"}, {AccountName: "{sAMAccountName|lower|1}{n}", CommonName: "{sn} {givenName|1}"}}, "names")
		if w.cfg.Names.UPN != "" {
			w.cfg.UPN.FromFile = false
		}
		w.memory.Names = map[string]plan.FormerName{}
		for _, name := range []string{"jdoe", "doe", "a"} {
			if chance(t, 3, "former name") {
				w.memory.Names[name] = plan.FormerName{Anchor: anchor(pick(t, poolWho, "former")), Until: pick(t, []time.Time{now.AddDate(0, -3, 0), now.AddDate(-3, 0, 0)}, "until")}
			}
		}
	}
	return w
}

func TestDayOneIsNothingToBeAfraidOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { harmless(t, drawDayOne(t).input()) })
}

// Templates and match come to rest as all else does.
func TestDayOneConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { settled(t, drawDayOne(t).input()) })
}

func TestDayOneKilled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { killed(t, drawDayOne(t).input()) })
}

func TestDayOneOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawDayOne(t)
		before := bytesOf(t, w.plan())
		w.users = rapid.Permutation(w.users).Draw(t, "users")
		w.accounts = rapid.Permutation(w.accounts).Draw(t, "accounts")
		w.elsewhere = rapid.Permutation(w.elsewhere).Draw(t, "elsewhere")
		w.groups = rapid.Permutation(w.groups).Draw(t, "groups")
		if after := bytesOf(t, w.plan()); before != after {
			i := 0
			for before[i] == after[i] {
				i++
			}
			t.Fatalf("not the same:\n%.300s\n%.300s", before[max(0, i-150):], after[max(0, i-150):])
		}
	})
}

func TestDayOneAnswered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawDayOne(t).input()
		for range 4 {
			open := plan.Make(in)
			in.Answers = nil
			for _, q := range open.Questions {
				if !chance(t, 3, "leave open") {
					in.Answers = append(in.Answers, plan.Answer{ID: q.ID, Accept: true, Keep: q.MayKeep, Password: "x",
						TakeOver: rapid.Bool().Draw(t, "take over"), Keeps: drawKeeps(t), NewName: pick(t, append([]string{q.Proposal}, poolNames...), "new name")})
				}
			}
			p := plan.Make(in)
			if wrong := breaches(in, p); len(wrong) > 0 {
				t.Fatalf("%s\n\nof\n%s\n\nwith\n%s", strings.Join(wrong, "\n"), strings.Join(readable(p), "\n"), state(in.Observed))
			}
			s := simulate(in)
			in = s.run(p, len(p.Actions))
			if s.problem != "" {
				t.Fatalf("%s\n%v\n%s", s.problem, readable(p), state(s.in.Observed))
			}
			in = settled(t, in)
		}
	})
}
