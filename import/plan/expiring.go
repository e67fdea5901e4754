package plan

import (
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
	ends := map[adrules.GUID]int64{}
	for _, list := range [][]*account{m.leaving.missing, m.roster.matched()} {
		for _, a := range list {
			known, _ := m.ledger.remembered(a)
			if a.Enabled() && !known.KeepsExpiry && (!m.calendar.lapsed(a) || sameExpiry(a.Expires, known.Expires)) {
				ends[a.GUID] = a.Expires
			}
		}
	}
	m.draft.plan.EndsNow = firstExpiry(ends)
	for act := range Each(m.draft.plan.Actions) {
		if expires, ok := act.Ends(); ok && act.Kind != Create {
			ends[act.Person.GUID] = expires
		}
		if act.Disables() || act.Keeps != nil && act.Keeps.Expiry {
			delete(ends, act.Person.GUID)
		}
	}
	m.draft.plan.Ends = firstExpiry(ends)
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

func firstExpiry(ends map[adrules.GUID]int64) (e Ends) {
	for _, v := range ends {
		if t, ok := adrules.TimeFromFileTime(v); ok && (e.First.IsZero() || t.Before(e.First)) {
			e.First = t
		}
	}
	for _, v := range ends {
		if t, ok := adrules.TimeFromFileTime(v); ok && t.Sub(e.First) < 24*time.Hour {
			e.Accounts++
		}
	}
	return e
}
