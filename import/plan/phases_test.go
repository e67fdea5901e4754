package plan_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What comes first in the decision: each of these plans is another one if two
// phases change places.
func TestOrderOfPhases(t *testing.T) {
	t.Run("names before missing: what is taken over for its name is not missing", func(t *testing.T) {
		w := newWorld()
		w.cfg.PrefixCommonNames = "P "
		w.user("Jane", "jane")
		w.older()
		w.account("P Somebody", "somebody").UPN = "jane@" + domainName
		w.agree(t, func(a *plan.Answer) { a.TakeOver = true })
		p := w.plan()
		require.Len(t, p.Actions, 1, "%v", readable(p))
		assert.Equal(t, plan.Adopt, p.Actions[0].Kind)
	})
	t.Run("match before names: whoever has an account keeps its name", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		w.expect(t, "unchanged Jane")
	})
	t.Run("a lost anchor before who was made anew: whose account lost it gets no namesake's", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		w.known(w.account("Jane of before", "jane.before"), anchor("jane")).Anchor = plan.Anchor{}
		w.known(w.account("Jane", "jane"), anchor("left")).Control |= 2
		w.expect(t, "failed Jane: anchor gone or changed")
	})
	t.Run("answers before notices: a rejection that ends is told", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		w.keep(plan.Enable, u, nil)
		assert.Contains(t, strings.Join(w.plan().Notices, "\n"), "no longer kept, and asked again should it come up: enable of Jane")
	})
	t.Run("missing before strays: who has two accounts is named before what is out of reach", func(t *testing.T) {
		w := newWorld()
		w.known(w.account("One", "one"), anchor("left"))
		w.known(w.account("Two", "two"), anchor("left"))
		w.known(w.outside("Away", "away"), anchor("away"))
		p := w.plan()
		var reasons []plan.Reason
		for _, n := range p.Failed {
			reasons = append(reasons, n.Reason)
		}
		assert.Equal(t, []plan.Reason{plan.AnchorNotUnique, plan.AnchorNotUnique, plan.MovedOut}, reasons)
	})
	t.Run("strays before decisions: who has left by an account elsewhere is not passed over", func(t *testing.T) {
		w := newWorld()
		u := w.user("Jane", "jane")
		u.Disabled = true
		w.known(w.outside("Jane", "jane"), anchor("jane"))
		w.expect(t, "failed Jane: moved out of the managed container")
	})
	t.Run("order before limits: a limit names people in the order of their actions", func(t *testing.T) {
		w := newWorld()
		for _, name := range []string{"a", "b", "c", "d"} { // some of the file, some missing, so that one of each sorts first
			u, a := w.both(name, name)
			a.MemberOf[sid("p-View")] = true
			if name == "b" || name == "c" {
				w.users = slices.DeleteFunc(w.users, func(x *schema.User) bool { return x == u })
			}
		}
		p := w.plan()
		i := slices.IndexFunc(p.Trips, func(t plan.Trip) bool { return t.Name == "empty group" })
		require.GreaterOrEqual(t, i, 0)
		var leaving []plan.Person
		for _, a := range p.Actions {
			if a.Kind == plan.Leave {
				leaving = append(leaving, *a.Person)
			}
		}
		assert.Equal(t, leaving, p.Trips[i].Accounts)
	})
	t.Run("order before digest: a plan is confirmed with its steps aside", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "a")
		w.both("Max", "b")
		w.users[0].SAMAccountName, w.users[1].SAMAccountName = "b", "a"
		p := w.plan()
		require.Len(t, p.Actions, 3)
		var ids []string
		for _, a := range p.Actions {
			ids = append(ids, a.ID)
		}
		slices.Sort(ids)
		hash := sha256.New()
		hash.Write([]byte("f\n" + w.container.GUID.String() + "\nP1M1D P1D  cap false false"))
		for _, id := range ids {
			hash.Write([]byte("\n" + id))
		}
		assert.Equal(t, hex.EncodeToString(hash.Sum(nil)), p.Digest)
	})
	t.Run("people before missing: who is in the file is told first", func(t *testing.T) {
		w := newWorld()
		left, _ := w.both("Aaron", "aaron")
		u, _ := w.both("Jane", "jane")
		u.Disabled = true
		w.keep(plan.Disable, u, nil)
		w.keep(plan.Disable, left, nil)
		w.users = w.users[1:]
		w.expect(t, "refused disable Jane", "refused disable Aaron", "skipped Jane: rejected", "skipped Aaron: rejected")
	})
	t.Run("by name before lost anchors: whose anchor alone is gone is asked about", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Anchor = plan.Anchor{}
		w.expect(t, "adopt? Jane: matched by name")
	})
	t.Run("wishes before claims: a name that is given up is free", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		w.users[0].SAMAccountName = "doe"
		w.user("Two", "jane").ObjectGUID = anchor("two")
		for _, q := range w.plan().Questions {
			assert.NotEqual(t, plan.Name, q.Kind)
		}
	})
	t.Run("account names before common names: namesakes are told apart by the name that they have", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		w.user("Jane", "taken")
		w.known(w.account("Janet", "old"), anchor("taken"))
		w.outside("Other", "taken")
		w.expect(t, "rename Jane (old): namesake [cn Janet>Jane (old)]", "name? Jane: name taken", "unchanged Jane")
	})
	t.Run("common names before mail: who gets no account gets no address", func(t *testing.T) {
		w := newWorld()
		first, second := "max", "jane"
		if anchor(first) > anchor(second) {
			first, second = second, first
		}
		w.user("Taken", first).Attributes.Set("mail", value("x@corp.example"))
		w.user("Free", second).Attributes.Set("mail", value("x@corp.example"))
		for _, cn := range []string{"Taken", "Taken (" + first + ")"} {
			w.account(cn, "of "+cn).Class = "group"
		}
		p := w.plan()
		require.Len(t, p.Actions, 1, "%v", readable(p))
		assert.Equal(t, "x@corp.example", p.Actions[0].Person.Mail)
		assert.Empty(t, p.LeftOut)
	})
	t.Run("groups before people: a notice of what is missing comes first", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		u.Attributes.Set("manager", value(anchor("nobody")))
		w.groups[0].Missing = "it is gone"
		notices := w.plan().Notices
		i := slices.IndexFunc(notices, func(s string) bool { return strings.HasPrefix(s, "no one can be put into p-View") })
		j := slices.IndexFunc(notices, func(s string) bool { return strings.HasPrefix(s, "managers who have no account") })
		assert.True(t, 0 <= i && i < j, "%q", notices)
	})
	t.Run("rejections are held before answers lapse: also of a group that somebody is in", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		u.MemberOf, a.MemberOf[sid("p-View")] = []string{"t-View"}, true
		w.keep(plan.Join, u, func(r *schema.Resolution) { r.Group = "p-View" })
		p := w.plan()
		assert.Len(t, p.Kept, 1)
		assert.Empty(t, p.Lapsed)
	})
	t.Run("holding back before limits: what waits for the controller trips nothing", func(t *testing.T) {
		w := newWorld()
		w.cfg.Limits["create"] = schema.Limit{Max: number(0)}
		w.user("Jane", "jane")
		w.memory.Behind = "it has not heard of everything"
		assert.Empty(t, w.plan().Trips)
	})
	t.Run("decisions before answers lapse: what a decision asked about stays", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		u.Disabled = true
		w.keep(plan.Disable, u, func(r *schema.Resolution) { r.Accept = false })
		p := w.plan()
		assert.True(t, a.Enabled())
		assert.Len(t, p.Kept, 1)
		assert.Empty(t, p.Lapsed)
	})
}
