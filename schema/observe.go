package schema

import "time"

// Observe is for the time before an import begins: it only looks, until a person starts
// it for one plan.
type Observe struct {
	Until string `json:"until"` // the last day, 2006-01-02
	Files int    `json:"files"` // user files that are looked at, at most
}

// MostObserveDays is how long an import may only look: so many days after the first
// look, and no further away may the last day of an Observe be.
const MostObserveDays = 14

// End is the midnight after the last day.
func (o *Observe) End(zone TimeZone) time.Time { return dayAfter(o.Until, zone) }

// dayAfter is the midnight after a day, 2006-01-02.
func dayAfter(text string, zone TimeZone) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, text, zone.Location())
	if err != nil {
		return time.Time{}
	}
	return day.AddDate(0, 0, 1)
}

// Observed says of a run that it only looked: nothing was written, and what is told was
// not done.
type Observed struct {
	Since time.Time `json:"since,omitzero"` // the first look
	Files int       `json:"files"`          // user files that were looked at
	Of    int       `json:"of"`             // at most
	Until time.Time `json:"until"`
	Over  bool      `json:"over"`           // no run looks any more: a person starts the import
	Plan  string    `json:"plan,omitempty"` // digest of the last plan, which --start names
}
