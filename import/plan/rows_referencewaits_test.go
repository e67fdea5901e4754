package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Who waits for others gets no account in this plan, whatever order people are in, so that no
// one refers to them.
func TestRowsReferencesToWhoWaits(t *testing.T) {
	waiting := map[string]func() *world{
		"row 04": func() *world {
			w := newWorld()
			w.account("Gone", "gone").Anchor = plan.Anchor{ObjectGUID: anchor("the one who left"), Domain: sourceName}
			return w
		},
		"row 71": func() *world {
			w := newWorld()
			w.anchoredBefore("Gone", "gone")
			return w
		},
		"row 39": func() *world {
			w := newWorld()
			w.lost("Boss", "boss", true)
			return w
		},
		"row 73": func() *world {
			w := migrating()
			w.formerly("Gone", "gone")
			return w
		},
	}
	for name, of := range waiting {
		t.Run(name, func(t *testing.T) {
			for _, who := range []string{"a", "b", "c", "d", "e", "f"} { // their anchors are on both sides of the manager's
				w := of()
				u, _ := w.both("Max", who)
				u.Attributes.Set("manager", value(w.user("Boss", "boss").ObjectGUID))
				p := w.plan()
				assert.False(t, slices.ContainsFunc(p.Actions, func(a plan.Action) bool { return a.Kind == plan.Create }), "the manager gets no account yet")
				assert.NotContains(t, strings.Join(readable(p), "\n"), "manager", who)
			}
		})
	}
	asked := map[string]func() (*world, *plan.Account, *schema.User){
		"row 43": func() (*world, *plan.Account, *schema.User) {
			w, u, a := matching()
			return w, a, u
		},
		"row 06": func() (*world, *plan.Account, *schema.User) {
			w := newWorld()
			u := w.user("Boss", "boss")
			a := w.account("Boss", "boss")
			a.Anchor = plan.Anchor{ObjectGUID: u.ObjectGUID, Domain: sourceName}
			return w, a, u
		},
		"row 72": func() (*world, *plan.Account, *schema.User) {
			w := migrating()
			a := w.formerly("Boss", "boss")
			return w, a, w.moved("Boss", "boss", a)
		},
	}
	for name, of := range asked {
		t.Run(name+" the one who is named already stays", func(t *testing.T) {
			w, holder, boss := of()
			u, a := w.both("Sub", "sub")
			u.Attributes.Set("manager", value(boss.ObjectGUID))
			a.Values.Set("manager", schema.Value{List: []string{holder.DN}})
			assert.NotContains(t, strings.Join(readable(w.plan()), "\n"), "manager", "their account is asked about")
			boss.Disabled = true
			assert.Equal(t, name == "row 43", strings.Contains(strings.Join(readable(w.plan()), "\n"), "manager"), "who is disabled is no one's manager, where they get no account")
		})
	}
}
