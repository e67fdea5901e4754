package plan

import "ad-user-sync/internal/adrules"

// firstDays is how far off the first end is of an account that match offered: until then
// it worked without one, and whoever has it knows nothing of user files.
const firstDays = 60

// firstEnd is the first end of an account that is taken over by match without the one it
// has, as a FILETIME; 0 where the lease is as long, or no end is wanted. It is spread
// as a lease is, and not after the source's own.
func (c *calendar) firstEnd(p *person) int64 {
	lease, ok := c.lease(p)
	if !ok {
		return 0
	}
	from := c.in.Now.AddDate(0, 0, firstDays)
	week := span{until: from.AddDate(0, 0, 7)} // which has more working days than are needed
	week.windows, week.total = c.workingHours(from, week.until)
	first := week.of(p)
	if own, some := c.ownEnd(p); some && own.Before(first) {
		first = own
	}
	if until := adrules.FileTime(first); earlier(lease, until) {
		return until
	}
	return 0
}

// first is the end that an account had first from a taking over, and that no lease brings
// forward; it is the source's own, if that is earlier by now.
func (c *calendar) first(p *person) (expires int64, ok bool) {
	if p.account == nil {
		return 0, false
	}
	known := &p.account.known
	first, ends := adrules.TimeFromFileTime(known.FirstEnd)
	if known.FirstEnd == 0 || !ends {
		return 0, false
	}
	if own, some := c.ownEnd(p); some && own.Before(first) {
		first = own
	}
	return adrules.FileTime(first), true
}
