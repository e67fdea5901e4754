package setup

import (
	"time"

	"ad-user-sync/schema"
)

// How many files may stay away until the last one is refused, and until accounts end
// at the earliest.
const (
	missedOfAge   = 3
	missedOfLease = 4
)

// usualLease is a month and a day, so that a monthly routine has time.
var usualLease = schema.Period{Months: 1, Days: 1}

func offerMaxAge(w *wizard) offer {
	every, err := schema.ParsePeriod(w.draft.text("expect_every"))
	if err != nil {
		return offer{}
	}
	return offer{standard: every.Times(missedOfAge).String()}
}

// offerLease is longer than usual where files come seldom.
func offerLease(w *wizard) offer {
	lease := usualLease
	if every, err := schema.ParsePeriod(w.draft.text("expect_every")); err == nil {
		now := time.Now()
		if least := every.Times(missedOfLease); least.After(now).After(lease.After(now)) {
			lease = least
		}
	}
	return offer{standard: lease.String()}
}
