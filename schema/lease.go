package schema

import "time"

// An end is moved so far earlier at most, and by this part of the lease, so that not all
// accounts end at once.
const (
	spreadMost = 4 * 24 * time.Hour
	spreadPart = 10
)

// ShortestLease is the earliest end of a lease that begins at a moment.
func ShortestLease(p Period, from time.Time) time.Time {
	until := p.After(from)
	return until.Add(-min(spreadMost, until.Sub(from)/spreadPart))
}
