package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// The end of a lease is moved to these hours of one of the last working days before it.
const (
	spreadFrom, spreadTo = 9, 15
	workingDays          = 2
)

// hours are some minutes of a day, from a full one on.
type hours struct {
	from    time.Time
	minutes int
}

// span is what all leases of a plan have in common: their end, and the hours before it,
// the earlier ones first.
type span struct {
	until   time.Time
	windows []hours
	total   int // of minutes
}

func (c *calendar) span() *span {
	if c.spanned == nil {
		from := c.leaseStart()
		s := span{until: c.cfg.ExpirationTime.After(from)}
		s.windows, s.total = c.workingHours(schema.ShortestLease(*c.cfg.ExpirationTime, from), s.until)
		c.spanned = &s
	}
	return c.spanned
}

// spread moves the end of a lease earlier, for each person by another time, so that
// not all accounts end at once, and none when no one is there to help (rule 21). An end
// is never at a full minute, which tells it from those that people set.
func (c *calendar) spread(p *person) time.Time {
	if p.moment.IsZero() {
		p.moment = c.span().of(p)
	}
	return p.moment
}

// of is the moment of a person.
func (s *span) of(p *person) time.Time {
	if s.total == 0 {
		return s.until
	}
	var memory [64]byte
	sum := sha256.Sum256(append(memory[:0], strings.ToLower(cmp.Or(p.user.ObjectGUID, p.user.SAMAccountName))...))
	nth := int(uint64(binary.BigEndian.Uint32(sum[:])) * uint64(s.total) >> 32)
	second := time.Duration(1+binary.BigEndian.Uint32(sum[4:])%59) * time.Second
	for _, w := range s.windows {
		if nth < w.minutes {
			return w.from.Add(time.Duration(nth)*time.Minute + second).UTC()
		}
		nth -= w.minutes
	}
	return s.until
}

// workingHours are those between two moments, of the last two working days that have
// some, the earlier one first.
func (c *calendar) workingHours(earliest, until time.Time) (windows []hours, total int) {
	year, month, date := until.In(c.zone).Date()
	for ; len(windows) < workingDays; date-- {
		from, to := time.Date(year, month, date, spreadFrom, 0, 0, 0, c.zone), time.Date(year, month, date, spreadTo, 0, 0, 0, c.zone)
		if !to.After(earliest) {
			break
		}
		if day := from.Weekday(); day == time.Saturday || day == time.Sunday {
			continue
		}
		if from.Before(earliest) {
			from = earliest.Truncate(time.Minute).Add(time.Minute)
		}
		if to.After(until) {
			to = until
		}
		if minutes := int(to.Sub(from) / time.Minute); minutes > 0 {
			windows, total = append([]hours{{from, minutes}}, windows...), total+minutes
		}
	}
	return windows, total
}
