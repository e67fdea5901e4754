package plan

import (
	"maps"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Guard says what makes a group guarded: "listed", "nested", "privileged", or
// several of them. It is empty where nothing does.
type Guard string

// Parts of a [Guard].
const (
	GuardListed     = "listed"
	GuardNested     = "nested" // in a listed group, or in one that cannot be read
	GuardPrivileged = "privileged"
	GuardElsewhere  = "rejected for another managed container"
	GuardForgotten  = "not known" // what is told of a rejection without the question
)

// Guard of the group at the moment.
func (g *Group) Guard() Guard {
	parts := make([]string, 0, 3)
	if g.Listed {
		parts = append(parts, GuardListed)
	}
	if g.Under != "" {
		parts = append(parts, GuardNested)
	}
	if g.Why != "" {
		parts = append(parts, GuardPrivileged)
	}
	return Guard(strings.Join(parts, ", "))
}

// Asked are joins that were put to a person: by the [Person.Trace] of the person with
// the anchor that answers are kept by, and group, with what guarded the group when
// it was last guarded.
type Asked map[string]map[adrules.SID]Guard

func (a Asked) add(who Person, group adrules.SID, guard Guard) {
	who.Anchor = who.Keep()
	if a[who.Trace()] == nil {
		a[who.Trace()] = map[adrules.SID]Guard{}
	}
	a[who.Trace()][group] = guard
}

// traces are all that a person may have been known by: the anchor, the account, or the
// CN where neither was known.
func (p Person) traces() (list []string) {
	for _, as := range []Person{{CN: p.CN}, {GUID: p.GUID, CN: p.CN}, {Anchor: p.Also, GUID: p.GUID, CN: p.CN}, {Anchor: p.Anchor, GUID: p.GUID, CN: p.CN}} {
		list = append(list, as.Trace())
	}
	return list
}

// askedOf lists what a person was asked about before.
func (x *groupIndex) askedOf(who Person) map[adrules.SID]Guard {
	if len(x.asked) == 0 {
		return nil
	}
	asked := map[adrules.SID]Guard{}
	for _, trace := range who.traces() {
		maps.Copy(asked, x.asked[trace])
	}
	return asked
}

// waitsFor tells what makes a join wait for a person (row 34): what guards the
// group now, or what did when it was asked, unless the group was taken
// out of restricted_groups since.
func (x *groupIndex) waitsFor(who Person, g *Group) Guard {
	before := x.askedOf(who)[g.SID]
	switch {
	case g.Guarded():
		return g.Guard()
	case before == GuardListed && !g.Listed:
		return ""
	}
	return before
}

// stillAsked keeps what was asked of a person whom the file grants the group, also
// while nothing is asked: as long as the person is disabled in the source.
func (m *following) stillAsked(p *person, g *Group) {
	if len(m.groups.asked) == 0 {
		return
	}
	who := *m.show.shared(p)
	if guard := m.groups.waitsFor(who, g); guard != "" && m.groups.askedOf(who)[g.SID] != "" {
		m.draft.plan.Asked.add(who, g.SID, guard)
	}
}

// rememberAsked keeps what was asked about groups that this plan could not decide
// about: nothing maps the group now, or the person was not got to, is not active, or
// is away.
func (m *closing) rememberAsked() {
	if len(m.in.Memory.Asked) == 0 {
		return
	}
	rest := maps.Clone(m.in.Memory.Asked)
	keep := func(who Person, decided bool) {
		for sid, guard := range m.groups.askedOf(who) {
			mapped := slices.ContainsFunc(m.groups.all, func(g *Group) bool { return g.SID == sid })
			if !decided || !mapped {
				m.draft.plan.Asked.add(who, sid, guard)
			}
		}
		for _, trace := range who.traces() {
			delete(rest, trace)
		}
	}
	for _, p := range m.roster.people {
		keep(m.show.person(p), p.followed && p.active)
	}
	for _, a := range m.leaving.missing {
		keep(m.show.account(a), false)
	}
	forgotten := map[adrules.GUID]bool{}
	for _, guid := range m.draft.plan.Forget {
		forgotten[guid] = true
	}
	for guid, known := range m.in.Memory.Accounts { // out of sight, or of our hands
		for _, trace := range []string{known.Anchor, guid.String()} {
			if rest[trace] != nil && !forgotten[guid] {
				m.draft.plan.Asked[trace] = rest[trace]
			}
		}
	}
}

// holdRejections keeps what was rejected about groups as long as the file says
// what it said then: that a person is in a group, or is not (row 36). Of a person who
// is not active it says nothing about joins.
func (m *closing) holdRejections() {
	if !slices.ContainsFunc(m.draft.kept.entries, func(e schema.Resolution) bool { return ofGroup(e.Type) }) {
		return
	}
	for _, p := range m.roster.people {
		given := m.groups.given(p)
		decidedAnew := p.account == nil || p.takeOver != nil && p.takeOver.Keeps != nil
		who := m.show.shared(p)
		for _, g := range m.groups.all {
			if given[g] != nil || !p.active {
				m.draft.kept.rejection(Question{Kind: Join, Person: who, Group: g}, p.account)
			}
			if given[g] == nil && !decidedAnew { // which memberships stay is said at a taking over
				m.draft.kept.rejection(Question{Kind: Leave, Person: who, Group: g}, p.account)
			}
		}
	}
}

// ofGroup reports whether an entry of this type is about a group.
func ofGroup(kind string) bool { return kind == string(Join) || kind == string(Leave) }
