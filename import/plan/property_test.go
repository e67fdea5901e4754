package plan_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// settled runs the import until nothing is left to do, which one run has to
// reach, or two where accounts were adopted.
func settled(t *rapid.T, in plan.Input) plan.Input {
	for run := 0; ; run++ {
		p := plan.Make(in)
		if run > 0 && len(p.Actions) == 0 {
			return in
		}
		adopting := slices.ContainsFunc(p.Actions, func(a plan.Action) bool { return a.Kind == plan.Adopt })
		s := simulate(in)
		next := s.run(p, len(p.Actions))
		if s.problem != "" {
			t.Fatalf("run %d: %s\n%v", run, s.problem, readable(p))
		}
		if again := plan.Make(next); len(again.Actions) > 0 && !adopting {
			t.Fatalf("run %d leaves something to do:\n%v\nafter\n%v\n%s", run, readable(again), readable(p), state(next.Observed))
		}
		in = next
		if run > 3 {
			t.Fatalf("it does not end")
		}
	}
}

func TestConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { settled(t, drawWorld(t).input()) })
}

// A run that is killed anywhere leads to the same end. Where accounts were being
// adopted, it ends, too, but who of two gets a UPN or an address may differ: an
// adopted account asks for these one run later.
func TestKilledConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { killed(t, drawWorld(t).input()) })
}

func killed(t *rapid.T, in plan.Input) {
	p := plan.Make(in)
	if len(p.Actions) == 0 {
		return
	}
	n := rapid.IntRange(0, len(p.Actions)-1).Draw(t, "killed after")
	s := simulate(in)
	half := s.run(p, n)
	half.Now = half.Now.Add(time.Minute)
	in.Now = half.Now
	whole, resumed := state(settled(t, in).Observed), state(settled(t, half).Observed)
	adopting := slices.ContainsFunc(p.Actions, func(a plan.Action) bool { return a.Kind == plan.Adopt })
	if whole != resumed && !adopting {
		t.Fatalf("killed after %d of\n%v\n\nexpected\n%s\n\ngot\n%s", n, readable(p), whole, resumed)
	}
}

// Whatever is in the domain, the ledger and the file: nothing of a plan is what an
// administrator would have to be afraid of.
func TestNothingToBeAfraidOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { harmless(t, drawWorld(t).input()) })
}

func harmless(t *rapid.T, in plan.Input) {
	if p := plan.Make(in); len(breaches(in, p)) > 0 {
		t.Fatalf("%s\n\nof\n%s\n\nwith\n%s", strings.Join(breaches(in, p), "\n"), strings.Join(readable(p), "\n"), state(in.Observed))
	}
}

// Whatever order things are read in, the plan is the same to the byte.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		before := bytesOf(t, w.plan())
		w.users = rapid.Permutation(w.users).Draw(t, "users")
		w.accounts = rapid.Permutation(w.accounts).Draw(t, "accounts")
		w.elsewhere = rapid.Permutation(w.elsewhere).Draw(t, "elsewhere")
		w.groups = rapid.Permutation(w.groups).Draw(t, "groups")
		w.schema = rapid.Permutation(w.schema).Draw(t, "schema")
		w.kept = rapid.Permutation(w.kept).Draw(t, "kept")
		if after := bytesOf(t, w.plan()); before != after {
			i := 0
			for before[i] == after[i] {
				i++
			}
			t.Fatalf("not the same:\n%.300s\n%.300s", before[max(0, i-150):], after[max(0, i-150):])
		}
	})
}

// bytesOf is a plan as JSON. The resolutions file keeps its own order.
func bytesOf(t *rapid.T, p plan.Plan) string {
	for _, list := range [][]schema.Resolution{p.Kept, p.Lapsed} {
		slices.SortFunc(list, func(a, b schema.Resolution) int { return cmpText(t, a, b) })
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func cmpText(t *rapid.T, a, b any) int {
	x, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	y, _ := json.Marshal(b)
	return slices.Compare(x, y)
}

// Deciding changes nothing of what it decides from.
func TestInputIsNotChanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawWorld(t).input()
		before := fmt.Sprintf("%+v %+v %+v %+v %+v", *in.File, *in.Config, *in.Observed, in.Memory, in.Kept)
		first := bytesOf(t, plan.Make(in))
		plan.Begin(in).Unknown()
		if after := fmt.Sprintf("%+v %+v %+v %+v %+v", *in.File, *in.Config, *in.Observed, in.Memory, in.Kept); before != after {
			t.Fatalf("changed:\n%s\n%s", before, after)
		}
		if again := bytesOf(t, plan.Make(in)); first != again {
			t.Fatalf("not the same twice:\n%s\n%s", first, again)
		}
	})
}

// An ID says what is decided, not when.
func TestIDsDoNotDependOnTheClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		for _, u := range w.users {
			u.AccountExpires = nil // whether that has come is the clock's to say
		}
		w.kept = nil
		if rapid.Bool().Draw(t, "undated") {
			w.file.Timestamp = time.Time{} // so that every end comes from the clock
		}
		ids := func() (list []string, digest string) {
			p := w.plan()
			for _, a := range p.Actions {
				if a.Kind != plan.Extend {
					list = append(list, a.ID)
				}
			}
			for _, q := range p.Questions {
				if q.Reason != plan.ExpiredElsewhere && q.Reason != plan.KeptEnd {
					list = append(list, q.ID)
				}
			}
			slices.Sort(list)
			return list, p.Digest
		}
		first, digest := ids()
		w.now = w.now.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "minutes")) * time.Minute)
		if later, other := ids(); !slices.Equal(first, later) || digest != other {
			t.Fatalf("%v\n%v", first, later)
		}
	})
}

// Whatever people answer, what is done stays within what they agreed to, the
// directory takes it, and the import comes to rest.
func TestAnsweredConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawWorld(t).input()
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

// drawKeeps is what someone ticks at a taking over.
func drawKeeps(t *rapid.T) *plan.Keeps {
	if chance(t, 4, "ticks nothing") {
		return nil
	}
	return &plan.Keeps{Password: rapid.Bool().Draw(t, "password"), Expiry: rapid.Bool().Draw(t, "expiry"), Memberships: rapid.Bool().Draw(t, "memberships")}
}
