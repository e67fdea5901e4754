package plan_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// old is a user elsewhere who has Jane's name, is in two mapped groups of which
// the file gives one, and ends in a year.
func old(w *world) *plan.Account {
	w.user("Jane", "jane").MemberOf = []string{"t-View"}
	a := w.outside("Jane", "jane")
	a.MemberOf[sid("p-View")], a.MemberOf[sid("p-Edit")] = true, true
	a.Expires = adrules.FileTime(now.AddDate(1, 0, 0))
	return a
}

func agreeTo(t *testing.T, w *world, keeps *plan.Keeps) {
	t.Helper()
	w.agree(t, func(a *plan.Answer) { a.TakeOver, a.Keeps = true, keeps })
}

func TestKeeps(t *testing.T) {
	all := plan.Keeps{Password: true, Expiry: true, Memberships: true}
	t.Run("row 18 as ticked", func(t *testing.T) {
		for name, c := range map[string]struct {
			keeps *plan.Keeps
			want  []string
		}{
			"nobody was asked":     {nil, []string{"adopt Jane: answered [anchor]"}},
			"all is kept":          {&all, []string{"adopt Jane: answered [anchor]"}},
			"without its password": {&plan.Keeps{Expiry: true, Memberships: true}, []string{"adopt Jane: answered [anchor, userAccountControl 512>514]"}},
			"without its end":      {&plan.Keeps{Password: true, Memberships: true}, []string{"adopt Jane: answered [anchor, expires]"}},
			"without memberships": {&plan.Keeps{Password: true, Expiry: true},
				[]string{"adopt Jane: answered [anchor]", "leave Jane p-Edit: group_map"}},
			"nothing is kept": {&plan.Keeps{},
				[]string{"adopt Jane: answered [anchor, userAccountControl 512>514, expires]", "leave Jane p-Edit: group_map"}},
		} {
			t.Run(name, func(t *testing.T) {
				w := newWorld()
				old(w)
				agreeTo(t, w, c.keeps)
				p := w.expect(t, c.want...)
				for _, a := range p.Actions {
					assert.NotNil(t, a.Answer, "a person agreed to all of it")
					if ends, ok := a.Ends(); ok {
						withinLease(t, ends, lease)
					}
				}
				assert.Equal(t, "p-Edit", p.Agreed[0].Losing[0].CN, "the person saw which memberships the file does not give")
			})
		}
	})
	t.Run("row 18 of an account in the container", func(t *testing.T) {
		w := newWorld()
		a := old(w)
		w.elsewhere, w.accounts = nil, []*plan.Account{a}
		a.InContainer, a.Parent, a.AccountName, a.UPN = true, containerDN, "other", "other@"+domainName
		agreeTo(t, w, &all)
		w.expect(t, "adopt Jane: answered [sAMAccountName other>jane, userPrincipalName other@plant.example>jane@plant.example, anchor]")
		w.answers = nil
		agreeTo(t, w, &plan.Keeps{Password: true, Expiry: true})
		w.expect(t, "adopt Jane: answered [sAMAccountName other>jane, userPrincipalName other@plant.example>jane@plant.example, anchor]",
			"leave Jane p-Edit: group_map")
	})
	t.Run("row 18 cut short before the anchor", func(t *testing.T) {
		w := newWorld()
		a := old(w)
		w.elsewhere, w.accounts = nil, []*plan.Account{a} // moved in, and no more
		a.InContainer, a.Parent = true, containerDN
		w.memory.Accounts[a.GUID] = plan.Remembered{Meant: anchor("jane"), MeantKeeps: &plan.Keeps{Expiry: true, Memberships: true}}
		p := w.expect(t, "adopt Jane: answered [anchor, userAccountControl 512>514]")
		assert.Equal(t, &plan.Keeps{Expiry: true, Memberships: true}, p.Actions[0].Keeps)
	})
	t.Run("row 23 not of an end that was kept", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		for _, ends := range []int64{0, adrules.FileTime(now.Add(time.Hour)), adrules.FileTime(now.AddDate(1, 0, 0))} {
			a.Expires = ends
			w.remember(a, func(r *plan.Remembered) { r.Expires, r.KeepsExpiry = 0, true })
			p := w.expect(t, "unchanged Jane")
			assert.Zero(t, p.Ends.Accounts, "it does not wait for a file")
		}
	})
	t.Run("row 24 of an end that was kept", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Expires = adrules.FileTime(now.Add(-time.Hour))
		w.remember(a, func(r *plan.Remembered) { r.Expires, r.KeepsExpiry = 0, true })
		p := w.expect(t, "enable? Jane: the end it kept has come")
		assert.True(t, p.Questions[0].Single)
		w.agree(t, func(a *plan.Answer) { a.Keep = true })
		w.expect(t, "enable Jane: the end it kept has come [userAccountControl 512>512, expires]")
	})
	t.Run("row 26 with a new password only", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Control, a.Expires = a.Control.Disable(), 0
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor, r.KeepsExpiry = plan.TakenOver, true })
		p := w.expect(t, "enable? Jane: taken over")
		require.False(t, p.Questions[0].MayKeep)
		w.agree(t, func(a *plan.Answer) { a.Keep = true })
		w.expect(t, "enable? Jane: taken over")
		w.answers = nil
		w.agree(t, func(a *plan.Answer) { a.Password = "x" })
		w.expect(t, "enable Jane: taken over [userAccountControl 514>512]") // its end stays
	})
	t.Run("row 30 without the memberships that were kept", func(t *testing.T) {
		for sid, want := range map[string]string{string(sid("p-Edit")): "leave? Jane p-Edit: missing in file", "": "refused leave Jane p-Edit"} {
			w := newWorld()
			w.cfg.Approve.Leave = true
			u, a := w.both("Jane", "jane")
			w.both("Max", "max")
			a.MemberOf[w.groups[1].SID], a.Control = true, a.Control.Disable()
			w.keep(plan.Leave, u, nil)
			w.kept[0].Group, w.kept[0].GroupSID, w.kept[0].Until = "p-Edit", sid, nil
			w.users = w.users[1:]
			w.expect(t, want, "unchanged Max") // without a SID it is the older tool's, and holds
		}
	})
	t.Run("row 36 of memberships that were kept", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		a.MemberOf[sid("p-Edit")] = true
		w.keep(plan.Leave, u, nil)
		w.kept[0].Group, w.kept[0].Until = "p-Edit", nil
		w.expect(t, "refused leave Jane p-Edit", "unchanged Jane")
	})
}
