package importer

import (
	"time"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// A value of the user file that cannot be had is left out, and the rest is done.
// No one here has to act, so it is not a failure; since when it is so tells what is
// new from what was read before.

// reportLeftOut lists what is left out, once for each.
func (im *Import) reportLeftOut(s *situation, notes []plan.Note) {
	now := s.now.Truncate(time.Second)
	for _, n := range notes {
		key := ledger.LeftOutKey(n)
		if im.leftOut[key] {
			continue
		}
		im.leftOut[key] = true
		since, known := s.record.LeftOut[key]
		if !known {
			since = now
		}
		im.report.LeftOut = append(im.report.LeftOut, schema.LeftOut{User: n.Person.CN, Reason: n.Detail, Code: string(n.Reason), Subject: subject(n.Person), Since: since.UTC(), New: since.Equal(now)})
	}
}
