package plan_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// The first end of an account that worked without one is far enough off for its owner to
// be told, and stays so until the lease is longer.
func TestRowsFirstEnd(t *testing.T) {
	endless := &plan.Keeps{Password: true, Memberships: true, Names: true, Values: true}
	takenOver := func(t *testing.T, w *world) *plan.Action {
		t.Helper()
		w.agree(t, func(a *plan.Answer) { a.Keeps = endless })
		p := w.plan()
		for i := range p.Actions {
			if p.Actions[i].Kind == plan.Adopt {
				return &p.Actions[i]
			}
		}
		require.Fail(t, "not taken over")
		return nil
	}
	t.Run("row 43 a first end is at least 60 days off", func(t *testing.T) {
		w, u, a := matching()
		q := w.plan().Questions[0]
		act := takenOver(t, w)
		ends, ok := act.Ends()
		require.True(t, ok)
		first, _ := adrules.TimeFromFileTime(ends)
		assert.True(t, first.After(now.AddDate(0, 0, 60)) && first.Before(now.AddDate(0, 0, 68)), first)
		assert.Equal(t, first.Format(time.DateOnly), q.Expires.After, "which the page shows")
		assert.Equal(t, ends, act.Keeps.First)

		w.answers, w.elsewhere, w.accounts = nil, nil, append(w.accounts, a)
		a.InContainer, a.Parent, a.DN, a.Expires = true, containerDN, "CN=Jane Doe,"+containerDN, ends
		w.known(a, u.ObjectGUID)
		w.remember(a, func(r *plan.Remembered) {
			r.How, r.Source, r.Expires, r.FirstEnd = plan.HowAdopted, act.Keeps.Source, ends, act.Keeps.First
		})
		w.now = now.Add(24 * time.Hour)
		w.file.Timestamp = w.now.Add(-time.Hour)
		for a := range plan.Each(w.plan().Actions) {
			_, some := a.Ends()
			assert.False(t, some && a.Person.Anchor == u.ObjectGUID, "no lease of a month brings it forward")
		}
		w.now = first.Add(-24 * time.Hour)
		w.file.Timestamp = w.now.Add(-time.Hour)
		later := false
		for act := range plan.Each(w.plan().Actions) {
			if end, some := act.Ends(); some && act.Person.Anchor == u.ObjectGUID {
				t, _ := adrules.TimeFromFileTime(end)
				later = t.After(first)
			}
		}
		assert.True(t, later, "and the one that is longer goes on from there")

		own := now.AddDate(0, 0, 10)
		u.AccountExpires, w.now = &own, now.Add(48*time.Hour)
		w.file.Timestamp = w.now.Add(-time.Hour)
		brought := int64(0)
		for act := range plan.Each(w.plan().Actions) {
			if end, some := act.Ends(); some && act.Person.Anchor == u.ObjectGUID {
				brought = end
			}
		}
		assert.Equal(t, adrules.FileTime(own), brought, "but the source's own end")
	})
	t.Run("row 43 not after the source's own end", func(t *testing.T) {
		w, u, _ := matching()
		own := now.AddDate(0, 0, 45)
		u.AccountExpires = &own
		ends, _ := takenOver(t, w).Ends()
		assert.Equal(t, adrules.FileTime(own), ends)
	})
	t.Run("row 43 a longer lease is the end", func(t *testing.T) {
		w, _, _ := matching()
		w.cfg.ExpirationTime = &schema.Period{Months: 6}
		act := takenOver(t, w)
		assert.Zero(t, act.Keeps.First)
		ends, _ := act.Ends()
		first, _ := adrules.TimeFromFileTime(ends)
		assert.True(t, first.After(now.AddDate(0, 5, 0)))
	})
	t.Run("row 43 its own end stays", func(t *testing.T) {
		w, _, _ := matching()
		w.agree(t, nil)
		for a := range plan.Each(w.plan().Actions) {
			if _, ends := a.Ends(); a.Kind == plan.Adopt {
				assert.False(t, ends)
				assert.Zero(t, a.Keeps.First)
			}
		}
	})
	t.Run("row 18 without match it gets the lease", func(t *testing.T) {
		w := newWorld()
		old(w)
		agreeTo(t, w, &plan.Keeps{Password: true, Memberships: true})
		a := w.plan().Actions[0]
		assert.Zero(t, a.Keeps.First)
		ends, _ := a.Ends()
		withinLease(t, ends, lease)
	})
}
