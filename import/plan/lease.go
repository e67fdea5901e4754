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
func (c *calendar) lease(p *person) (expires int64, ok bool) {
	expires, ok = c.leaseOfFile(p)
	if first, some := c.first(p); ok && some && earlier(expires, first) {
		return first, true
	}
	return expires, ok
}

func (c *calendar) leaseOfFile(p *person) (expires int64, ok bool) {
	if c.cfg.ExpirationTime == nil {
		return 0, false
	}
	until, own := c.latest(p)
	if own {
		return adrules.FileTime(until), true
	}
	earlier := c.spread(p)
	if given, ok := c.prolonged(p); ok && given.After(earlier) && !c.givenOver(p.account) {
		return adrules.FileTime(given), true
	}
	if a := p.account; a != nil && !c.lapsed(a) && c.within(a, earlier, until) { // it is not brought forward
		if !c.shortened(a, &a.known) {
			return a.Expires, true
		}
		earlier = until // row 24
	}
	if !earlier.After(c.in.Now) {
		earlier = until
	}
	return adrules.FileTime(earlier), true
}

// latest is the end of the lease before it is moved, or that of the source, if it is
// earlier.
func (c *calendar) latest(p *person) (until time.Time, own bool) {
	until = c.span().until
	if ends, some := c.ownEnd(p); some && ends.Before(until) {
		return ends, true
	}
	return until, false
}

// ownEnd is when the person ends in the source.
func (c *calendar) ownEnd(p *person) (ends time.Time, ok bool) {
	if c.cfg.SourceExpiry == "ignore" || p.user.AccountExpires == nil {
		return ends, false
	}
	return *p.user.AccountExpires, true
}

// givenOver reports whether an account has come to the end that a person gave to it, and
// another file has come since whose lease is not over.
func (c *calendar) givenOver(a *account) bool {
	given := a.known.Given
	return given.Expires == a.Expires && given.File != c.in.FileHash && c.lapsed(a) && c.span().until.After(c.in.Now)
}

// prolonged is the end of an account that a person gave it (rule 37), or that it is shown
// with by a controller that has not heard of that, and not after the source's own.
func (c *calendar) prolonged(p *person) (until time.Time, ok bool) {
	if p.account == nil || !p.account.Enabled() {
		return until, false
	}
	known := &p.account.known
	unheard := known.Expires == known.Given.Expires && known.wrote(p.account.Expires)
	if known.Given.Expires != p.account.Expires && !unheard {
		return until, false
	}
	until, ok = p.account.Ends()
	if ends, some := c.ownEnd(p); some && ends.Before(until) {
		until = ends
	}
	return until, ok
}

// within reports whether an account ends as late as its lease may.
func (c *calendar) within(a *account, earliest, until time.Time) bool {
	t, ends := adrules.TimeFromFileTime(a.Expires)
	return ends && !t.Before(earliest) && !t.After(until)
}

// ranOut reports whether an account has come to the end that its lease still has by this
// file: only a newer one extends it by itself.
func (c *calendar) ranOut(p *person, known *Remembered) bool {
	if c.givenOver(p.account) {
		return false
	}
	until, own := c.latest(p)
	return !own && c.lapsed(p.account) && sameExpiry(p.account.Expires, known.Expires) && c.within(p.account, c.spread(p), until)
}

// ending is the lease, but the end that an account kept when it was taken over,
// until that has come.
func (c *calendar) ending(p *person) (expires int64, ok bool) {
	if c.keepsExpiry(p) && !c.lapsed(p.account) {
		return p.account.Expires, true
	}
	return c.lease(p)
}

func (c *calendar) keepsExpiry(p *person) bool {
	return p.account != nil && p.account.known.KeepsExpiry
}

func (c *calendar) leaseStart() time.Time {
	if written := c.in.File.Timestamp; !written.IsZero() && written.Before(c.in.Now) {
		return written
	}
	return c.in.Now
}

// extend is row 23.
func (m *reviving) extend(p *person, known *Remembered) {
	expires, ok := m.calendar.lease(p)
	a := p.account
	if !ok || known.KeepsExpiry {
		return
	}
	if known.Expires != 0 && !sameExpiry(a.Expires, known.Expires) && !known.wrote(a.Expires) {
		m.noticeEndless(p, known)
		return // lengthened here by another administrator
	}
	if m.in.SameFile && m.in.File.Timestamp.IsZero() {
		return // the same file never extends twice
	}
	if m.calendar.ranOut(p, known) {
		return
	}
	if until, _ := m.calendar.latest(p); earlier(expires, a.Expires) && !m.calendar.movesBy(a.Expires, adrules.FileTime(until), m.calendar.tolerance()) {
		return // an end that is written is not brought forward by a spread
	}
	if m.calendar.movesBy(a.Expires, expires, m.calendar.tolerance()) || m.calendar.lapsed(a) && !sameExpiry(a.Expires, expires) {
		act := m.draft.act(p, Extend, Lease, expiryChange(a, expires))
		act.Sooner = m.calendar.sooner(p, known, expires)
		act.Spare = p.spared() && !act.Sooner && m.calendar.halfLeft(a)
	}
}

// noticeEndless names whose end was taken away here for good: should no file
// come any more, the account works on.
func (m *reviving) noticeEndless(p *person, known *Remembered) {
	wrote, ended := adrules.TimeFromFileTime(known.Expires)
	if _, ends := adrules.TimeFromFileTime(p.account.Expires); ends || !ended {
		return
	}
	m.draft.noticeOf(p, "the account never expires: its end was taken away here by hand, and is not written again. To give it one, set an end here that is earlier than "+
		wrote.UTC().Format(time.DateOnly)+"; the next import asks about it")
}

// sooner reports whether an account that works is to end earlier than it would
// have. What never had an end of ours gets one by its first lease; only what the
// source's end takes off that counts. What is over at once counts in any case.
func (c *calendar) sooner(p *person, known *Remembered, expires int64) bool {
	a := p.account
	was := a.Expires
	if lease := adrules.FileTime(c.spread(p)); known.Expires == 0 && c.span().until.After(c.in.Now) && earlier(lease, was) {
		was = lease
	}
	over := !earlier(adrules.FileTime(c.in.Now), expires)
	return (c.in.Memory.Finished || over) && !c.lapsed(a) && earlier(expires, was) && c.movesBy(was, expires, c.tolerance())
}

// tolerance is expiration_refresh from now on.
func (c *calendar) tolerance() time.Duration {
	return c.cfg.ExpirationRefresh.After(c.in.Now).Sub(c.in.Now)
}

// earlier reports whether an account that expires at a ends before one that
// expires at b.
func earlier(a, b int64) bool {
	t, ends := adrules.TimeFromFileTime(a)
	u, ended := adrules.TimeFromFileTime(b)
	return ends && (!ended || t.Before(u))
}

// shortened is row 24: it ends before what was last written here. An end that
// another administrator put off is theirs, too, once it has come.
func (c *calendar) shortened(a *account, known *Remembered) bool {
	switch {
	case c.cfg.ExpirationTime == nil:
		return false
	case known.KeepsExpiry:
		return c.lapsed(a)
	case known.Expires == 0, known.wrote(a.Expires):
		return false
	}
	now, ends := adrules.TimeFromFileTime(a.Expires)
	wrote, ended := adrules.TimeFromFileTime(known.Expires)
	return ends && (!ended || now.Before(wrote) || now.After(wrote) && c.lapsed(a))
}

// wrote reports whether an end was written here before: a controller that lags, or an
// object that was restored, shows it again. One at a full minute may be anybody's.
func (r *Remembered) wrote(expires int64) bool {
	t, ends := adrules.TimeFromFileTime(expires)
	return ends && !t.Equal(t.Truncate(time.Minute)) && slices.Contains(r.FormerExpires, expires)
}

func (c *calendar) lapsed(a *account) bool {
	t, ends := adrules.TimeFromFileTime(a.Expires)
	return ends && !t.After(c.in.Now)
}

// movesBy reports whether two expiries differ by more than the tolerance.
func (c *calendar) movesBy(before, after int64, tolerance time.Duration) bool {
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

func expiryChange(a *account, expires int64) Change {
	return Change{Attribute: "accountExpires",
		Before: []string{strconv.FormatInt(a.Expires, 10)}, After: []string{strconv.FormatInt(expires, 10)}}
}

// HalfOf is the moment at which half of the period is over.
func HalfOf(p schema.Period, from time.Time) time.Time {
	return from.Add(p.After(from).Sub(from) / 2)
}
