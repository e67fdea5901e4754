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
// somebody else ended is over already.
func (m *maker) expiring() {
	ends := map[adrules.GUID]int64{}
	for _, list := range [][]*Account{m.missing, m.matched()} {
		for _, a := range list {
			known, _ := m.remembered(a)
			if a.Enabled() && !known.KeepsExpiry && (!m.lapsed(a) || sameExpiry(a.Expires, known.Expires)) {
				ends[a.GUID] = a.Expires
			}
		}
	}
	m.plan.EndsNow = firstExpiry(ends)
	for _, act := range m.plan.Actions {
		if expires, ok := act.Ends(); ok && act.Kind != Create {
			ends[act.Person.GUID] = expires
		}
		if act.Disables() || act.Keeps != nil && act.Keeps.Expiry {
			delete(ends, act.Person.GUID)
		}
	}
	m.plan.Ends = firstExpiry(ends)
}

func (m *maker) matched() []*Account {
	var list []*Account
	for _, p := range m.people {
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
