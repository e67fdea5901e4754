package plan

import (
	"time"

	"ad-user-sync/internal/adrules"
)

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
	for _, act := range m.plan.Actions {
		if expires, ok := act.Ends(); ok && act.Kind != Create {
			ends[act.Person.GUID] = expires
		}
		if act.disables() || act.Keeps != nil && act.Keeps.Expiry {
			delete(ends, act.Person.GUID)
		}
	}
	m.plan.First, m.plan.Expiring = firstExpiry(ends)
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

func firstExpiry(ends map[adrules.GUID]int64) (first time.Time, count int) {
	for _, v := range ends {
		if t, ok := adrules.TimeFromFileTime(v); ok && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	for _, v := range ends {
		if t, ok := adrules.TimeFromFileTime(v); ok && t.Sub(first) < 24*time.Hour {
			count++
		}
	}
	return first, count
}
