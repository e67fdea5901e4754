package report

import (
	"time"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// LeftOut adds the values of the user file that cannot be had, once for each. The
// rest is done, and no one here has to act, so it is no failure; since when it is so
// tells what is new from what was read before.
func LeftOut(r schema.Report, notes []plan.Note, since map[string]time.Time, now time.Time) schema.Report {
	now, told := now.Truncate(time.Second), map[string]bool{}
	for _, l := range r.LeftOut {
		guid, _ := adrules.ParseGUID(l.ObjectGUID) // zero where there is none
		told[ledger.LeftOutKey(plan.Note{Person: plan.Person{Anchor: l.Anchor, GUID: guid, CN: l.User}, Detail: l.Reason})] = true
	}
	for _, n := range notes {
		key := ledger.LeftOutKey(n)
		if told[key] {
			continue
		}
		told[key] = true
		at, known := since[key]
		if !known {
			at = now
		}
		r.LeftOut = append(r.LeftOut, schema.LeftOut{User: n.Person.CN, Reason: n.Detail, Code: string(n.Reason), Subject: Subject(n.Person), Since: at.UTC(), New: at.Equal(now)})
	}
	return r
}
