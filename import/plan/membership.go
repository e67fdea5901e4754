package plan

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// following brings memberships in line with the file.
type following struct {
	*facts
	draft *draft
}

// manyGroups bounds how many combinations of groups are remembered.
const manyGroups = 10_000

// given are the mapped groups that the file grants a person, each with the groups of the
// source that stand behind it, as the file spells them, and "*" where everyone gets it. Who is
// in the same groups of the source shares them.
func (x *groupIndex) given(p *person) map[*Group][]string {
	if p.given != nil {
		return p.given
	}
	x.key = x.key[:0]
	for _, source := range p.user.MemberOf {
		x.key = append(binary.AppendUvarint(x.key, uint64(len(source))), source...)
	}
	given, known := x.givenTo[string(x.key)]
	if known {
		p.given = given
		return given
	}
	given = map[*Group][]string{}
	if p.given = given; len(x.givenTo) < manyGroups {
		x.givenTo[string(x.key)] = given
	}
	grant := func(source string, groups []*Group) {
		for i, g := range groups {
			if !slices.Contains(groups[:i], g) {
				given[g] = append(given[g], source)
			}
		}
	}
	for _, source := range p.user.MemberOf {
		grant(source, x.of(source))
	}
	grant("*", x.everyone)
	return given
}

// follow brings the memberships of a person in line with the file (rows 31, 34
// and 35).
func (m *following) follow(p *person) {
	given := m.groups.given(p)
	p.followed = true
	for _, g := range m.groups.all {
		granted, member := given[g] != nil, p.account == nil && g.EverybodysPrimary() || p.account != nil && p.account.MemberOf[g.SID]
		if granted && !member {
			m.stillAsked(p, g)
		}
		switch {
		case g.Missing != "":
			if joins, leaves := p.active && granted && !member, member && (!granted || !p.active && g.Guarded()); joins || leaves {
				m.draft.fail(p, GroupMissing, g.Name+": "+g.Missing)
			}
		case p.active && granted && !member:
			m.join(p, g)
		case p.active && granted && g.Guarded():
			m.stay(p, g)
		case !p.active && member && g.Guarded():
			m.leave(p, p.account, g, DisabledInSource, true)
		case !granted && member && p.takeOver != nil && p.takeOver.Keeps != nil: // decided, see dropGroups
		case !granted && member:
			m.leave(p, p.account, g, GroupMap, false)
		}
	}
}

// join asks first where the group is guarded, or was when it was asked. What was
// rejected does not come about by itself, whatever the group is now.
func (m *following) join(p *person, g *Group) {
	if p.spared() {
		m.holdJoin(p, g)
		return
	}
	action, v := Action{Kind: Join, Reason: GroupMap, Person: m.show.shared(p), Group: g, From: m.groups.given(p)[g]}, agreed
	guard := m.groups.waitsFor(*action.Person, g)
	if guard == "" && len(m.draft.kept.entries) == 0 {
		p.touched = true
		m.draft.add(action)
		return
	}
	q := m.groups.groupQuestion(Join, GroupMap, action.Person, g)
	q.Context = append(q.Context, m.show.membership(p, g)...)
	switch guard = cmp.Or(guard, m.draft.kept.refusedElsewhere(q)); {
	case guard != "":
		m.draft.plan.Asked.add(*action.Person, g.SID, guard)
		if !g.Guarded() {
			q.GuardedBefore = guard
			q.Context = append(q.Context, Field{Code: FieldGuardedBefore, After: []string{string(guard)}})
		}
		v, action.Answer = m.draft.ask(q)
	case m.draft.refusedBefore(q):
		m.draft.plan.Asked.add(*action.Person, g.SID, GuardForgotten)
		v = refused
	}
	p.touched = p.touched || v != refused
	if v == agreed {
		m.draft.add(action)
	}
}

// leave reports whether there is something to do, to ask, or failed. p is nil for an
// account that is missing from the file.
func (m *following) leave(p *person, a *account, g *Group, why Reason, atOnce bool) bool {
	if staysByPrimary(a, g) {
		return false
	}
	who := m.show.account(a)
	if p != nil {
		who = m.show.person(p)
	}
	v, answer := agreed, (*Answer)(nil)
	if !atOnce {
		v, answer = m.mayLeave(p, a, who, g, why)
	}
	if p != nil {
		p.touched = p.touched || v != refused
	}
	if v == agreed && a.Primary == g.SID {
		m.failPrimary(p, a, g)
		return true
	}
	if v == agreed {
		detail := ""
		if why == DisabledInSource {
			detail = expiredInSource(p)
		}
		m.draft.add(Action{Kind: Leave, Reason: why, Detail: detail, Person: &who, Group: g, Answer: answer, Idle: !a.Enabled() && why != GroupMap})
	}
	return v != refused
}

// staysByPrimary reports whether a group is left to an account because every account
// is in it by its primary group.
func staysByPrimary(a *account, g *Group) bool { return a.Primary == g.SID && g.EverybodysPrimary() }

// failPrimary: a primary group holds its accounts by their primaryGroupID, not by
// member (MS-ADTS 3.1.1.4.5). p is nil for an account that is missing from the file.
func (m *following) failPrimary(p *person, a *account, g *Group) {
	text := "leave group " + g.CN + ": " + g.CN + " is the account's primary group; set Domain Users as its primary group, then it can be taken out"
	if p == nil {
		m.draft.plan.Failed = append(m.draft.plan.Failed, Note{m.show.account(a), PrimaryGroup, text})
		return
	}
	m.draft.fail(p, PrimaryGroup, text)
}

// mayLeave asks with approve.leave. A rejection that was kept holds without it,
// too (row 36), but for a person who is missing from the file (row 30).
func (m *following) mayLeave(p *person, a *account, who Person, g *Group, why Reason) (verdict, *Answer) {
	q := m.groups.groupQuestion(Leave, why, &who, g)
	q.Context = slices.Concat(q.Context, m.show.placing(p, a), m.show.present(a), m.show.use(a))
	switch {
	case m.cfg.Approve.Leave:
		return m.draft.ask(q)
	case why == GroupMap && m.draft.refusedBefore(q):
		return refused, nil
	}
	return agreed, nil
}

// groupDecision is what a person agrees to who agrees to a join: what guards the
// group, and which privileged groups it leads into. What else it is nested in is
// no part of it, since not everyone may see that.
func groupDecision(kind Kind, g *Group) []Field {
	var decision []Field
	for _, f := range groupFields(g) {
		decision = append(decision, Field{Code: FieldCode(f.Name), After: f.After})
	}
	if kind != Join {
		return decision
	}
	if g.Guarded() {
		decision[1].After = []string{string(g.Guard())}
	}
	return append(decision, Field{Code: FieldReaches, After: sidTexts(g.Reaches)})
}

func (x *groupIndex) groupQuestion(kind Kind, why Reason, who *Person, g *Group) Question {
	q := Question{Kind: kind, Reason: why, Person: who, Group: g, Single: g.Why != "" && kind == Join}
	q.Decision = groupDecision(kind, g)
	q.Context = append(q.Context, Field{Code: FieldGroupName, After: []string{g.CN}})
	if g.Listed {
		q.Context = append(q.Context, Field{Code: FieldGuardedBecause, After: []string{"listed in restricted_groups"}})
	}
	if g.Under != "" {
		q.Context = append(q.Context, Field{Code: FieldGuardedBecause, After: []string{g.Under}})
	}
	if g.Why != "" {
		q.Context = append(q.Context, Field{Code: FieldPrivilegedBecause, After: []string{g.Why}})
	}
	if len(g.Within) > 0 {
		q.Context = append(q.Context, Field{Code: FieldNestedIn, After: g.Within})
	}
	return q
}
