package plan_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

const behind = "dc2 has not heard yet of what was written through dc1"

// What is done through a controller that shows a past.
func TestRulesBehind(t *testing.T) {
	t.Run("rule 34 takes away and no more", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		gone := w.known(w.account("Gone", "gone"), anchor("gone"))
		gone.MemberOf[sid("p-View")] = true
		_, member := w.both("Left", "left")
		member.MemberOf[sid("p-Edit")] = true
		differs, _ := w.both("Differs", "differs")
		differs.Attributes.Set("department", value("IT"))
		_, disabled := w.both("Disabled", "disabled")
		disabled.Control = 514
		renamed, _ := w.both("Renamed", "renamed")
		renamed.CN = "Anew"
		w.user("New", "new")
		w.known(w.outside("Outside", "outside"), anchor("outside"))
		w.user("Outside", "outside")
		lost := w.known(w.account("Lost", "lost"), anchor("lost"))
		lost.Anchor = plan.Anchor{}
		w.user("Lost", "lost")
		w.memory.Behind = behind
		p := w.expect(t, "disable Gone: missing in file [userAccountControl 512>514]", "leave Left p-Edit: group_map", "leave Gone p-View: missing in file", "unchanged Max")
		var held []string
		for _, n := range p.Held {
			assert.Equal(t, plan.NotReplicated, n.Reason)
			held = append(held, n.Person.CN)
		}
		assert.ElementsMatch(t, []string{"Differs", "Anew", "New", "Outside", "Lost", "Disabled"}, held)
		assert.Equal(t, behind, p.Notices[0])
		assert.Empty(t, p.Questions)
	})
	t.Run("rule 34 shortens, and leaves a later end for later", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Max", "max")
		w.memory.Behind = behind
		a.Expires -= 3 * 24 * 36e9
		w.remember(a, func(r *plan.Remembered) { r.Expires = a.Expires })
		w.expect(t, "unchanged Max")
		ends := now.AddDate(0, 0, 5)
		u.AccountExpires = &ends
		w.expect(t, "extend Max: lease [expires]")
	})
	t.Run("rule 34 a leaver enabled elsewhere", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		u, a := w.both("Jane", "jane")
		a.Control, u.Disabled = 514, true
		w.memory.Behind = behind
		w.expect(t, "unchanged Max", "unchanged Jane")
		w.remember(a, func(r *plan.Remembered) { r.Enabled = true })
		w.expect(t, "failed Jane: not replicated yet", "unchanged Max", "unchanged Jane")
		w.users = w.users[:1]
		w.expect(t, "failed Jane: not replicated yet", "unchanged Max")
		w.memory.Behind = ""
		w.expect(t, "unchanged Max")
	})
	t.Run("rule 34 no answer lapses", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Max", "max")
		w.keep(plan.Enable, u, nil)
		assert.Len(t, w.plan().Lapsed, 1)
		w.memory.Behind = behind
		assert.Empty(t, w.plan().Lapsed)
		assert.Equal(t, w.kept, w.plan().Kept)
	})
	t.Run("rule 34 several vanished at once", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		for i, name := range []string{"a", "b", "c"} {
			w.user(name, name)
			w.memory.Accounts[guid(name)] = plan.Remembered{Anchor: anchor(name), How: plan.HowCreated, Enabled: true}
			p := w.plan()
			assert.Equal(t, i == 2, len(p.Trips) == 1 && p.Trips[0].Name == "vanished" && !p.Trips[0].Firm, name)
		}
		w.memory.Accounts[guid("c")] = plan.Remembered{Anchor: anchor("c"), How: plan.HowCreated, Enabled: true, Gone: now.Add(-time.Hour)}
		assert.Empty(t, w.plan().Trips, "said before")
		w.memory.Accounts[guid("c")] = plan.Remembered{Anchor: anchor("c"), How: plan.HowCreated}
		assert.Empty(t, w.plan().Trips, "old leavers are deleted")
	})
	t.Run("rule 34 stuck for a day", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		w.memory.Stuck = "what was written through dc1 has not reached dc2"
		p := w.expect(t, "unchanged Max", "limit replication")
		assert.True(t, p.Stopped(""))
		assert.False(t, p.Stopped(p.Digest))
	})
}

// Whatever is there: what is done through such a controller is part of what would
// be done, takes away, and everybody is still accounted for.
func TestBehindIsPartOfThePlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawWorld(t).input()
		whole := plan.Make(in)
		in.Memory.Behind = behind
		part := plan.Make(in)
		for _, a := range part.Actions {
			same := slices.ContainsFunc(whole.Actions, func(b plan.Action) bool { return a.ID == b.ID })
			if !same || a.Kind != plan.Disable && a.Kind != plan.Leave && !a.Sooner {
				t.Fatalf("%s %s", a.Kind, a.Person.CN)
			}
		}
		for _, a := range whole.Actions {
			if kept := slices.ContainsFunc(part.Actions, func(b plan.Action) bool { return a.ID == b.ID }); !kept && (a.Kind == plan.Disable || a.Kind == plan.Leave && !a.Then) {
				t.Fatalf("missing: %s %s", a.Kind, a.Person.CN)
			}
		}
		if missing := unaccounted(in.File, part); len(missing) > 0 {
			t.Fatalf("nothing is said of %v", missing)
		}
	})
}

// unaccounted are the users of the file of whom a plan says nothing.
func unaccounted(file *schema.UserFile, p plan.Plan) (missing []string) {
	said := map[string]bool{}
	note := func(who plan.Person) { said[who.Anchor], said[who.CN] = true, true }
	for _, a := range p.Actions {
		note(*a.Person)
	}
	for _, q := range p.Questions {
		note(*q.Person)
	}
	for _, r := range p.Refusals {
		note(*r.Question.Person)
	}
	for _, n := range slices.Concat(p.Skipped, p.Failed, p.Held) {
		note(n.Person)
	}
	for _, who := range p.Unchanged {
		note(*who)
	}
	for i := range file.Users {
		if u := &file.Users[i]; u.ObjectGUID != "" && !said[u.ObjectGUID] {
			missing = append(missing, u.CN)
		}
	}
	return missing
}
