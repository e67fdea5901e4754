package importer

import (
	"slices"
	"time"

	"ad-user-sync/import/plan"
)

// recentFor is how long the brakes add up what was done (rule 6).
const recentFor = 24 * time.Hour

func (r *Record) lately(now time.Time) []Recent {
	return slices.DeleteFunc(slices.Clone(r.Recent), func(old Recent) bool { return now.Sub(old.At) >= recentFor })
}

// intendCount counts what a run means to do: one that is killed may have done
// all of it.
func (r *Record) intendCount(actions []plan.Action, now time.Time) {
	r.Recent = r.lately(now)
	if people := r.counted(actions); len(people) > 0 {
		r.Recent, r.meant = append(r.Recent, Recent{At: now, People: people}), true
	}
}

// count puts what was done, or may have been, in the place of what was meant.
func (r *Record) count(x *applier, now time.Time) {
	if r.meant {
		r.Recent, r.meant = r.Recent[:len(r.Recent)-1], false
	}
	done := slices.Clone(x.own())
	for _, f := range slices.Concat(x.failed, x.open) {
		if uncertain(f.err) {
			done = append(done, f.action)
		}
	}
	if people := r.counted(done); len(people) > 0 {
		r.Recent = append(r.Recent, Recent{At: now, People: people})
	}
}

// counted are those whom limits count. Creating and joining are free until a
// first run has finished.
func (r *Record) counted(actions []plan.Action) map[plan.Kind][]string {
	counted := map[plan.Kind][]string{}
	for _, kind := range plan.Limited {
		if free := kind == plan.Create || kind == plan.Join; free && !r.Finished {
			continue
		}
		for _, who := range plan.Unasked(actions, kind) {
			counted[kind] = append(counted[kind], who.Trace())
		}
	}
	return counted
}
