package plan_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// hard are worlds in which something that is rare happens to n people at once, and how
// many lines of a plan tell of it: work on each that looks at all the others shows in
// [BenchmarkMake].
var hard = []struct {
	what  string
	world func(n int) *world
	told  func(p plan.Plan) int
}{
	{"made anew", madeAnewAgain, func(p plan.Plan) int { return len(p.Actions) }},
	{"protected", protectedOnes, func(p plan.Plan) int { return len(p.Held) }},
	{"looked for", lookedFor, func(p plan.Plan) int { return len(p.Found) }},
	{"said to be others", saidToBeOthers, func(p plan.Plan) int { return len(p.Kept) }},
	{"one anchor", oneAnchor, func(p plan.Plan) int { return len(p.Failed) }},
	{"one anchor, left", oneAnchorLeft, func(p plan.Plan) int { return len(p.Failed) }},
	{"migrated by names", migratedByNames, func(p plan.Plan) int { return len(p.Questions) }},
	{"without anchors", withoutAnchors, func(p plan.Plan) int { return len(p.Questions) }},
	{"moved out, without anchors", movedOutWithoutAnchors, func(p plan.Plan) int { return len(p.Failed) }},
	{"accepted early", acceptedEarly, func(p plan.Plan) int { return len(p.Questions) }},
	{"one number", oneNumber, func(p plan.Plan) int { return len(p.Actions) + len(p.Questions) }},
}

func TestHardWorldsAreWhatTheyAreMeantToBe(t *testing.T) {
	for _, h := range hard {
		t.Run(h.what, func(t *testing.T) {
			const n = 40
			require.Equal(t, n, h.told(h.world(n).plan()))
		})
	}
}

func nth(i int) (cn, name string) { return fmt.Sprintf("Person %06d", i), fmt.Sprintf("u%06d", i) }

func madeAnewAgain(n int) *world {
	w := newWorld()
	for i := range n {
		cn, name := nth(i)
		w.user(cn, name)
		w.lost(cn, name, false)
	}
	for _, q := range w.plan().Questions {
		w.answers = append(w.answers, plan.Answer{ID: q.ID, Accept: true})
	}
	return w
}

func protectedOnes(n int) *world {
	w := newWorld()
	for i := range n {
		u, a := w.both(nth(i))
		u.Attributes.Set("department", value("HR"))
		a.Protected, a.GivesWay = "it is an administrator", true
	}
	return w
}

func lookedFor(n int) *world {
	w := newWorld()
	w.user("Stays", "stays")
	w.sought = map[adrules.GUID]plan.Logon{}
	for i := range n {
		cn, name := nth(i)
		a := w.known(w.account(cn, name), anchor(name))
		w.sought[a.GUID] = plan.Logon{PasswordLastSet: 1}
	}
	return w
}

func saidToBeOthers(n int) *world {
	w := newWorld()
	for i := range n {
		cn, name := nth(i)
		u, _ := w.both(cn, name)
		other := w.account("Other "+cn, "o"+name)
		other.Anchor = plan.Anchor{ObjectGUID: anchor("there " + name), Domain: "works.example"}
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.FormerAnchor = other.Anchor.ObjectGUID })
	}
	return w
}

func oneAnchor(n int) *world {
	w := newWorld()
	for i := range n {
		cn, name := nth(i)
		w.user(cn, name)
		for _, copied := range []string{"", "copy of "} {
			a := w.account(copied+cn, copied+name)
			a.Anchor = plan.Anchor{ObjectGUID: anchor(name), Domain: sourceName}
		}
	}
	return w
}

func oneAnchorLeft(n int) *world {
	w := newWorld()
	w.user("Stays", "stays")
	for i := range n {
		w.known(w.account(nth(i)), anchor("left"))
	}
	return w
}

func migratedByNames(n int) *world {
	w := migrating()
	for i := range n {
		cn, name := nth(i)
		w.user(cn, name)
		w.formerly(cn, name)
	}
	return w
}

func withoutAnchors(n int) *world {
	w := newWorld()
	for i := range n {
		cn, name := nth(i)
		w.user(cn, name)
		w.lost(cn, name, false)
	}
	w.older()
	return w
}

func movedOutWithoutAnchors(n int) *world {
	w := newWorld()
	for i := range n {
		cn, name := nth(i)
		w.both(cn, name)
		a := w.outside("Left "+cn, "l"+name)
		w.memory.Accounts[a.GUID] = plan.Remembered{How: plan.HowCreated, WasEnabled: true}
	}
	w.older()
	return w
}

func acceptedEarly(n int) *world {
	w := newWorld()
	w.cfg.AcceptFromFile = true
	for i := range n {
		u, a := w.both(nth(i))
		a.Control = adrules.NormalAccount | adrules.AccountDisable
		w.remember(a, func(r *plan.Remembered) { r.WasEnabled = false })
		a.Created = now
		w.keep(plan.Enable, u, func(r *schema.Resolution) { r.Accept, r.Anchor = true, "" })
	}
	return w
}

func oneNumber(n int) *world {
	w := newWorld()
	w.cfg.Attributes["employeeID"] = schema.AttributeRule{}
	w.schema = append(w.schema, plan.Attribute{Name: "employeeID", Single: true})
	w.user("New", "new").Attributes.Set("employeeID", value("4711"))
	for i := range n - 1 {
		cn, name := nth(i)
		a := w.known(w.account(cn, name), anchor(name))
		a.Values.Set("employeeid", value("4711"))
	}
	return w
}
