package plan

import (
	"slices"
	"time"

	"ad-user-sync/internal/adrules"
)

// Ends tells when accounts expire should no newer file come.
type Ends struct {
	First    time.Time // zero: never
	Accounts int       // that expire within a day of First
}

// expiring finds out when accounts end should no newer file come. One that
// another administrator ended is over already.
func (m *limits) expiring() {
	accounts := slices.Concat(m.leaving.missing, m.roster.matched())
	for _, a := range accounts {
		known, _ := m.ledger.remembered(a)
		a.ends = 0
		if a.Enabled() && !known.KeepsExpiry && (!m.calendar.lapsed(a) || sameExpiry(a.Expires, known.Expires)) {
			a.ends = a.Expires
		}
	}
	m.draft.plan.EndsNow = firstExpiry(accounts)
	for act := range Each(m.draft.plan.Actions) {
		a := m.ledger.accountOf(*act.Person)
		if a == nil {
			continue
		}
		if expires, ok := act.Ends(); ok {
			a.ends = expires
		}
		if act.Disables() || act.Keeps != nil && act.Keeps.Expiry {
			a.ends = 0
		}
	}
	m.draft.plan.Ends = firstExpiry(accounts)
}

func (r *roster) matched() []*account {
	var list []*account
	for _, p := range r.people {
		if p.account != nil {
			list = append(list, p.account)
		}
	}
	return list
}

func firstExpiry(accounts []*account) (e Ends) {
	for _, a := range accounts {
		if t, ok := adrules.TimeFromFileTime(a.ends); ok && (e.First.IsZero() || t.Before(e.First)) {
			e.First = t
		}
	}
	for _, a := range accounts {
		if t, ok := adrules.TimeFromFileTime(a.ends); ok && t.Sub(e.First) < 24*time.Hour {
			e.Accounts++
		}
	}
	return e
}
