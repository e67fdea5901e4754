package plan

import (
	"slices"
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

// ending is the lease, but the end that an account kept when it was taken over,
// until that has come.
func (m *maker) ending(p *person) (expires int64, ok bool) {
	if m.keepsExpiry(p) && !m.lapsed(p.account) {
		return p.account.Expires, true
	}
	return m.lease(p)
}

func (m *maker) keepsExpiry(p *person) bool {
	return p.account != nil && m.in.Memory.Accounts[p.account.GUID].KeepsExpiry
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
	if !ok || known.KeepsExpiry || known.Expires != 0 && !sameExpiry(a.Expires, known.Expires) && !known.wrote(a.Expires) {
		return // never touched, or lengthened here by somebody else
	}
	if m.in.SameFile && m.in.File.Timestamp.IsZero() {
		return // the same file never extends twice
	}
	if m.movesBy(a.Expires, expires, m.tolerance()) || m.lapsed(a) && !sameExpiry(a.Expires, expires) {
		act := m.act(p, Extend, Lease, expiryChange(a, expires))
		act.Sooner = m.sooner(a, known, expires)
		act.Spare = p.spared() && !act.Sooner && m.halfLeft(a)
	}
}

// sooner reports whether an account that works is to end earlier than it would
// have. What never had an end of ours gets one by its first lease; only what the
// source's end takes off that counts. What is over at once counts in any case.
func (m *maker) sooner(a *Account, known Remembered, expires int64) bool {
	was := a.Expires
	uncapped := m.cfg.ExpirationTime.After(m.leaseStart())
	if lease := adrules.FileTime(uncapped); known.Expires == 0 && uncapped.After(m.in.Now) && earlier(lease, was) {
		was = lease
	}
	over := !earlier(adrules.FileTime(m.in.Now), expires)
	return (m.in.Memory.Finished || over) && !m.lapsed(a) && earlier(expires, was) && m.movesBy(was, expires, m.tolerance())
}

// tolerance is expiration_refresh from now on.
func (m *maker) tolerance() time.Duration {
	return m.cfg.ExpirationRefresh.After(m.in.Now).Sub(m.in.Now)
}

// earlier reports whether an account that expires at a ends before one that
// expires at b.
func earlier(a, b int64) bool {
	t, ends := adrules.TimeFromFileTime(a)
	u, ended := adrules.TimeFromFileTime(b)
	return ends && (!ended || t.Before(u))
}

// shortened is row 24: it ends before what was last written here. An end that
// somebody else put off is theirs, too, once it has come.
func (m *maker) shortened(a *Account, known Remembered) bool {
	switch {
	case m.cfg.ExpirationTime == nil:
		return false
	case known.KeepsExpiry:
		return m.lapsed(a)
	case known.Expires == 0, known.wrote(a.Expires):
		return false
	}
	now, ends := adrules.TimeFromFileTime(a.Expires)
	wrote, ended := adrules.TimeFromFileTime(known.Expires)
	return ends && (!ended || now.Before(wrote) || now.After(wrote) && m.lapsed(a))
}

// wrote reports whether an end was written here before: a controller that lags, or an
// object that was restored, shows it again. One at a full minute may be anybody's.
func (r Remembered) wrote(expires int64) bool {
	t, ends := adrules.TimeFromFileTime(expires)
	return ends && !t.Equal(t.Truncate(time.Minute)) && slices.Contains(r.FormerExpires, expires)
}

func (m *maker) lapsed(a *Account) bool {
	t, ends := adrules.TimeFromFileTime(a.Expires)
	return ends && !t.After(m.in.Now)
}

// movesBy reports whether two expiries differ by more than the tolerance.
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

// HalfOf is the moment at which half of the period is over.
func HalfOf(p schema.Period, from time.Time) time.Time {
	return from.Add(p.After(from).Sub(from) / 2)
}
