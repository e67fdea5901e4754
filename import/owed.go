package importer

import (
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// owedFor is how long what a first run could not do stays free.
const owedFor = 7 * 24 * time.Hour

// Owed is what the first run had free and could not do, by plan.Person.Owing.
type Owed struct {
	At      time.Time                `json:"at"`
	Creates map[string]bool          `json:"creates,omitempty"`
	Joins   map[string][]adrules.SID `json:"joins,omitempty"`
}

// owe keeps what failed in a first run: a missing right on a group, say. It was free
// once and would stop the next run.
func (r *Record) owe(x *applier, now time.Time) {
	owed := Owed{At: now, Creates: map[string]bool{}, Joins: map[string][]adrules.SID{}}
	for _, f := range x.failed {
		who := f.action.Person.Owing()
		switch {
		case f.action.Answer != nil:
		case f.action.Kind == plan.Create:
			owed.Creates[who] = true
		case f.action.Kind == plan.Join:
			owed.Joins[who] = append(owed.Joins[who], f.action.Group.SID)
		}
	}
	if len(owed.Creates)+len(owed.Joins) > 0 {
		r.Owed = &owed
	}
}

func (r *Record) owed(now time.Time) plan.Owed {
	if r.Owed == nil || now.Sub(r.Owed.At) >= owedFor {
		return plan.Owed{}
	}
	return plan.Owed{Creates: r.Owed.Creates, Joins: r.Owed.Joins}
}
