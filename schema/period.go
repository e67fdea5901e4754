package schema

import "time"

// Period is an ISO 8601 duration of whole units: calendar months apart from
// days, and days apart from hours. It is never negative.
type Period struct {
	Months   int // years count as 12
	Days     int // weeks count as 7
	Duration time.Duration
}

// IsZero tells whether the period has no length.
func (p Period) IsZero() bool { return p == Period{} }

// After adds the period to t in UTC: months first, clamped to the last day of
// the month reached, then days, then hours.
func (p Period) After(t time.Time) time.Time {
	t = t.UTC()
	first := time.Date(t.Year(), t.Month()+time.Month(p.Months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1+p.Days).Add(p.Duration)
}
