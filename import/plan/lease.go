package plan

import (
	"strconv"
	"time"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// lease is rule 21: when the account is to expire, as a FILETIME. ok is false
// where expiry is none of our business.
func (m *maker) lease(p *person) (expires int64, ok bool) {
	if m.cfg.ExpirationTime == nil {
		return 0, false
	}
	until := m.cfg.ExpirationTime.After(m.leaseStart())
	if ends := p.user.AccountExpires; m.cfg.SourceExpiry != "ignore" && ends != nil && ends.Before(until) {
		until = *ends
	}
	return adrules.FileTime(until), true
}

func (m *maker) leaseStart() time.Time {
	if stamp := m.in.File.Timestamp; !stamp.IsZero() && stamp.Before(m.in.Now) {
		return stamp
	}
	return m.in.Now
}

// extend is row 23.
func (m *maker) extend(p *person, known Remembered) {
	expires, ok := m.lease(p)
	a := p.account
	if !ok || (known.Expires != 0 && !sameExpiry(a.Expires, known.Expires)) {
		return // never touched, or lengthened here by somebody else
	}
	if m.in.SameFile && m.in.File.Timestamp.IsZero() {
		return // the same file never extends twice
	}
	if m.movesBy(a.Expires, expires, m.cfg.ExpirationRefresh.After(m.in.Now).Sub(m.in.Now)) || m.lapsed(a) && !sameExpiry(a.Expires, expires) {
		m.act(p, Extend, Lease, expiryChange(a, expires))
	}
}

// shortened is row 24: it ends before what was last written here.
func (m *maker) shortened(a *Account, known Remembered) bool {
	if known.Expires == 0 || m.cfg.ExpirationTime == nil {
		return false
	}
	now, ends := adrules.TimeFromFileTime(a.Expires)
	wrote, ended := adrules.TimeFromFileTime(known.Expires)
	return ends && (!ended || now.Before(wrote))
}

func (m *maker) lapsed(a *Account) bool {
	t, ends := adrules.TimeFromFileTime(a.Expires)
	return ends && !t.After(m.in.Now)
}

// movesBy tells whether two expiries differ by more than the tolerance.
func (m *maker) movesBy(before, after int64, tolerance time.Duration) bool {
	was, ended := adrules.TimeFromFileTime(before)
	will, ends := adrules.TimeFromFileTime(after)
	if !ended || !ends {
		return ended != ends
	}
	return was.Sub(will).Abs() > tolerance
}

// sameExpiry knows that all values that mean never are equal (MS-ADTS 2.2.18).
func sameExpiry(a, b int64) bool {
	t, ends := adrules.TimeFromFileTime(a)
	u, ended := adrules.TimeFromFileTime(b)
	return ends == ended && t.Equal(u)
}

func expiryChange(a *Account, expires int64) Change {
	return Change{Attribute: "accountExpires",
		Before: []string{strconv.FormatInt(a.Expires, 10)}, After: []string{strconv.FormatInt(expires, 10)}}
}

// expiring finds out when accounts end should no newer file come.
func (m *maker) expiring() {
	ends := map[adrules.GUID]int64{}
	for _, list := range [][]*Account{m.missing, m.matched()} {
		for _, a := range list {
			if a.Enabled() {
				ends[a.GUID] = a.Expires
			}
		}
	}
	for _, act := range m.plan.Actions {
		if act.Kind == Disable {
			delete(ends, act.Person.GUID)
		}
		for _, c := range act.Changes {
			if c.Attribute == "accountExpires" && !act.Person.GUID.IsZero() && (act.Kind == Extend || act.Kind == Enable) {
				ends[act.Person.GUID], _ = strconv.ParseInt(c.After[0], 10, 64)
			}
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

// HalfOf is the moment at which half of the period is over.
func HalfOf(p schema.Period, from time.Time) time.Time {
	return from.Add(p.After(from).Sub(from) / 2)
}
