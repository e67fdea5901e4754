package ledger

import (
	"iter"
	"maps"
	"slices"
	"time"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// recentFor is how long the limits add up what was done (rule 6).
const recentFor = 24 * time.Hour

func (r *Record) lately(now time.Time) []Recent {
	return slices.DeleteFunc(slices.Clone(r.Recent), func(old Recent) bool { return now.Sub(old.At) >= recentFor })
}

// intendCount counts what a run means to do: one that is killed may have done
// all of it.
func (r *Record) intendCount(actions []plan.Action, now time.Time) {
	r.Recent = r.lately(now)
	if people := r.counted(plan.Each(actions), now); len(people) > 0 {
		r.Recent, r.meant = append(r.Recent, Recent{At: now, People: people}), true
	}
}

// count puts what was done, or may have been, in the place of what was meant.
func (r *Record) count(x *apply.Result, now time.Time) {
	if r.meant {
		r.Recent, r.meant = r.Recent[:len(r.Recent)-1], false
	}
	done := slices.Clone(x.Own())
	for _, f := range slices.Concat(x.Failed, x.Open) {
		if f.Unsure() {
			done = append(done, &f.Action)
		}
	}
	if people := r.counted(slices.Values(done), now); len(people) > 0 {
		r.Recent = append(r.Recent, Recent{At: now, People: people}.surely(x.Own()))
	}
}

// surely keeps what was done for certain, so that the directory can show whether
// it was undone.
func (recent Recent) surely(done []*plan.Action) Recent {
	people := map[plan.Kind]map[string]bool{}
	for kind, list := range recent.People {
		people[kind] = set(list)
	}
	for _, a := range done {
		who := a.Person.Trace()
		switch {
		case !people[a.Kind][who]:
		case a.Kind == plan.Disable:
			recent.Disabled = append(recent.Disabled, who)
		case a.Kind == plan.Leave:
			if recent.Left == nil {
				recent.Left = map[string][]adrules.SID{}
			}
			recent.Left[who] = append(recent.Left[who], a.Group.SID)
		}
	}
	return recent
}

// recent is what limits are told of the last 24 hours. Of two records of one person
// the one that is not certain counts.
func (r *Record) recent(now time.Time) plan.Lately {
	list := plan.Lately{Acted: map[plan.Kind]map[string]bool{}, Disabled: map[string]bool{}, Left: map[string][]adrules.SID{}}
	unsure := map[plan.Kind]map[string]bool{plan.Disable: {}, plan.Leave: {}}
	for _, recent := range r.lately(now) {
		disabled := set(recent.Disabled)
		for kind, people := range recent.People {
			if list.Acted[kind] == nil {
				list.Acted[kind] = map[string]bool{}
			}
			for _, who := range people {
				list.Acted[kind][who] = true
				if kind == plan.Disable && !disabled[who] || kind == plan.Leave && recent.Left[who] == nil {
					unsure[kind][who] = true
				}
			}
		}
		for _, who := range recent.Disabled {
			list.Disabled[who] = true
		}
		for who, groups := range recent.Left {
			list.Left[who] = append(list.Left[who], groups...)
		}
	}
	maps.DeleteFunc(list.Disabled, func(who string, _ bool) bool { return unsure[plan.Disable][who] })
	maps.DeleteFunc(list.Left, func(who string, _ []adrules.SID) bool { return unsure[plan.Leave][who] })
	return list
}

func set(list []string) map[string]bool {
	in := make(map[string]bool, len(list))
	for _, s := range list {
		in[s] = true
	}
	return in
}

// counted are those whom limits count, but not whom a person let go: else one more
// leaver would stop every run for a day. Creating and joining are free until a first
// run has finished.
func (r *Record) counted(actions iter.Seq[*plan.Action], now time.Time) map[plan.Kind][]string {
	counted := map[plan.Kind][]string{}
	for _, kind := range plan.Limited {
		if plan.FreeAtFirst(kind) && !r.Finished {
			continue
		}
		for _, who := range plan.Unasked(r.owed(now).Rest(actions), kind) {
			if !r.Released[kind][who.Trace()] {
				counted[kind] = append(counted[kind], who.Trace())
			}
		}
	}
	return counted
}

// owedFor is how long what a first run could not do stays free.
const owedFor = 7 * 24 * time.Hour

// Owed is what the first run had free and could not do, by plan.Person.Owing.
type Owed struct {
	At      time.Time                `json:"at"`
	Creates map[string]bool          `json:"creates,omitempty"`
	Joins   map[string][]adrules.SID `json:"joins,omitempty"`
}

// Owe keeps what failed in a first run: a missing right on a group, say. It was free
// once and would stop the next run.
func (r *Record) Owe(x *apply.Result, now time.Time) {
	owed := Owed{At: now, Creates: map[string]bool{}, Joins: map[string][]adrules.SID{}}
	for _, f := range x.Failed {
		who := f.Action.Person.Owing()
		switch {
		case f.Action.Answer != nil:
		case f.Action.Kind == plan.Create:
			owed.Creates[who] = true
		case f.Action.Kind == plan.Join:
			owed.Joins[who] = append(owed.Joins[who], f.Action.Group.SID)
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
