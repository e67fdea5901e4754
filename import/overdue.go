package importer

import (
	"fmt"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// OverdueSince is when a newer file than the newest one becomes overdue:
// expect_every after it, and half as long again. ok is false where none is
// expected, or the newest file says no time.
func OverdueSince(cfg *schema.ImportConfig, newest time.Time) (since time.Time, ok bool) {
	if cfg.ExpectEvery == nil || newest.IsZero() {
		return time.Time{}, false
	}
	due := cfg.ExpectEvery.After(newest)
	return due.Add(plan.HalfOf(*cfg.ExpectEvery, due).Sub(due)).Truncate(time.Second), true
}

func overdue(cfg *schema.ImportConfig, newest, now time.Time) *time.Time {
	since, ok := OverdueSince(cfg, newest)
	if !ok || since.After(now) {
		return nil
	}
	return &since
}

// overdueFromLedger is for runs that ended before anything was read.
func overdueFromLedger(cfg *schema.ImportConfig, now time.Time) *time.Time {
	newest, _ := leases(cfg)
	return overdue(cfg, newest, now)
}

// OverdueText says of a report whose file is overdue what that means, "" of others.
func OverdueText(r schema.Report) string {
	if r.Overdue == nil {
		return ""
	}
	text := fmt.Sprintf("a newer user file is overdue since %s", words.When(*r.Overdue))
	if r.Input != nil && r.Input.Timestamp != nil {
		text += ", this one is of " + words.When(*r.Input.Timestamp)
	}
	if r.Expiring != nil {
		text += "; accounts expire from " + words.When(r.Expiring.First) + " on unless one comes"
	}
	return text + ". Look whether the export still runs, and whether its files are carried across"
}
