package plan

import (
	"iter"
	"maps"
	"slices"

	"ad-user-sync/internal/adrules"
)

// Lately is whom earlier runs acted on unasked within the last 24 hours, by
// Person.Trace.
type Lately struct {
	Acted    map[Kind]map[string]bool // as limits count them, but for those of whom a person overrode the limit
	Disabled map[string]bool          // of them, whose account was surely disabled
	Left     map[string][]adrules.SID // likewise, the groups that were surely left
}

// counted are whom a limit counts beside those of this plan: not those of whom the
// directory shows that it was undone. That a file has them again undoes nothing;
// else files that take turns would disable everybody in a day.
func (m *limits) counted(kind Kind) map[string]bool {
	list := maps.Clone(m.in.Memory.Recent.Acted[kind])
	if m.in.Memory.Behind != "" || m.in.Memory.Stuck != "" {
		return list // what this controller shows may be older
	}
	maps.DeleteFunc(list, func(who string, _ bool) bool { return m.undone(kind, who) })
	return list
}

func (m *limits) undone(kind Kind, who string) bool {
	a := m.traced(who)
	switch {
	case a == nil:
		return false
	case kind == Disable:
		return m.in.Memory.Recent.Disabled[who] && a.Enabled()
	case kind == Leave:
		left := m.in.Memory.Recent.Left[who]
		return len(left) > 0 && !slices.ContainsFunc(left, func(group adrules.SID) bool { return !a.MemberOf[group] })
	}
	return false
}

// traced is the account of the container that belongs to a trace.
func (m *limits) traced(who string) *account {
	if m.traces == nil {
		m.traces = map[string]*account{}
		for _, a := range m.index.inside {
			m.traces[m.show.account(a).Trace()] = a
		}
	}
	return m.traces[who]
}

// Released are the people whom tripped limits named, by kind: whoever
// overrode them has weighed that. What the same plan does below its limits counts as ever.
func Released(trips []Trip) map[Kind]map[string]bool {
	released := map[Kind]map[string]bool{}
	for _, t := range trips {
		if kind := Kind(t.Name); slices.Contains(Limited, kind) {
			released[kind] = map[string]bool{}
			for _, who := range t.Accounts {
				released[kind][who.Trace()] = true
			}
		}
	}
	return released
}

// Owed is what a first run had free and could not do, by Person.Owing: it is free
// when it is tried again, and nothing else is.
type Owed struct {
	Creates map[string]bool
	Joins   map[string][]adrules.SID
}

// Owing tells people apart before and after they have an account.
func (p Person) Owing() string { return Person{Anchor: p.Anchor, CN: p.CN}.Trace() }

// Rest are the actions that limits count.
func (o Owed) Rest(actions iter.Seq[*Action]) iter.Seq[*Action] {
	if len(o.Creates)+len(o.Joins) == 0 {
		return actions
	}
	return func(yield func(*Action) bool) {
		for a := range actions {
			who := a.Person.Owing()
			if a.Kind == Create && o.Creates[who] || a.Kind == Join && slices.Contains(o.Joins[who], a.Group.SID) {
				continue
			}
			if !yield(a) {
				return
			}
		}
	}
}
