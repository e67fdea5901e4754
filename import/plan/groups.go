package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/schema"
)

// groupIndex tells which target groups a source group stands for.
type groupIndex struct {
	all      []*Group            // mapped, by name
	bySource map[string][]*Group // by lower-case source group
	everyone []*Group            // of "*"
}

func indexGroups(cfg *schema.ImportConfig, observed []Group) groupIndex {
	x := groupIndex{bySource: map[string][]*Group{}}
	byName := map[string]*Group{}
	for i := range observed {
		byName[RelativeName(observed[i].Name)] = &observed[i]
		x.all = append(x.all, &observed[i])
	}
	slices.SortFunc(x.all, func(a, b *Group) int { return cmp.Compare(a.Name, b.Name) })
	for source, targets := range cfg.GroupMap {
		for _, target := range targets {
			g := byName[RelativeName(target)]
			if g == nil {
				continue
			}
			if source == "*" {
				x.everyone = append(x.everyone, g)
			} else {
				x.bySource[RelativeName(source)] = append(x.bySource[RelativeName(source)], g)
			}
		}
	}
	return x
}

// RelativeName makes the spellings of a group's relative name equal: "t-Viewers"
// stands for "CN=t-Viewers", and case does not matter.
func RelativeName(name string) string {
	name = strings.TrimSpace(name)
	if !strings.Contains(name, "=") {
		name = "CN=" + name
	}
	return strings.ToLower(name)
}

// given are the mapped groups that the file gives a person.
func (m *maker) given(p *person) map[*Group]bool {
	given := map[*Group]bool{}
	for _, g := range m.groups.everyone {
		given[g] = true
	}
	for _, source := range p.user.MemberOf {
		for _, g := range m.groups.bySource[RelativeName(source)] {
			given[g] = true
		}
	}
	return given
}

// follow brings the memberships of a person in line with the file (rows 31, 34
// and 35).
func (m *maker) follow(p *person) {
	given := m.given(p)
	for _, g := range m.groups.all {
		member := p.account != nil && p.account.MemberOf[g.SID]
		switch {
		case g.Missing != "":
			if given[g] {
				m.fail(p, GroupMissing, g.Name+": "+g.Missing)
			}
		case p.active && given[g] && !member:
			m.join(p, g)
		case !p.active && member && g.Guarded():
			m.leave(p, p.account, g, DisabledInSource, true)
		case !given[g] && member:
			m.leave(p, p.account, g, GroupMap, false)
		}
	}
}

// join asks first where the group is guarded.
func (m *maker) join(p *person, g *Group) {
	action := Action{Kind: Join, Reason: GroupMap, Person: m.display(p), Group: g}
	p.touched = true
	if g.Guarded() {
		v, answer := m.ask(m.groupQuestion(Join, GroupMap, action.Person, g))
		if v != agreed {
			return
		}
		action.Answer = answer
	}
	m.add(action)
}

// leave asks first with approve.leave, unless it must be at once. p is nil for
// an account that is missing from the file.
func (m *maker) leave(p *person, a *Account, g *Group, why Reason, atOnce bool) {
	who := m.displayAccount(a)
	if p != nil {
		who = m.display(p)
		p.touched = true
	}
	action := Action{Kind: Leave, Reason: why, Person: who, Group: g}
	if m.cfg.Approve.Leave && !atOnce {
		v, answer := m.ask(m.groupQuestion(Leave, why, who, g))
		if v != agreed {
			return
		}
		action.Answer = answer
	} else if m.leaveRefused(who, g, why) {
		return
	}
	m.add(action)
}

// leaveRefused tells whether a kept rejection stands against an automatic
// leave: rejected while approve.leave was on, it holds (row 36).
func (m *maker) leaveRefused(who Person, g *Group, why Reason) bool {
	if g.Guarded() && why != GroupMap {
		return false
	}
	q := m.groupQuestion(Leave, why, who, g)
	q.ID = m.questionID(q)
	entry := m.kept.rejection(q)
	if entry != nil {
		m.plan.Refusals = append(m.plan.Refusals, Refusal{q, *entry})
	}
	return entry != nil
}

func (m *maker) groupQuestion(kind Kind, why Reason, who Person, g *Group) Question {
	q := Question{Kind: kind, Reason: why, Person: who, Group: g, Single: g.Why != "" && kind == Join}
	for _, f := range groupFields(g) {
		q.Decision = append(q.Decision, Field{Name: f.Name, After: f.After})
	}
	q.Context = append(q.Context, Field{Name: "group name", After: []string{g.CN}})
	if g.Listed {
		q.Context = append(q.Context, Field{Name: "guarded because", After: []string{"listed in restricted_groups"}})
	}
	if g.Why != "" {
		q.Context = append(q.Context, Field{Name: "privileged because", After: []string{g.Why}})
	}
	if len(g.Within) > 0 {
		q.Context = append(q.Context, Field{Name: "nested in", After: g.Within})
	}
	return q
}

// groupLoses tells how many managed members a group has, and how many it would
// lose unasked.
func (m *maker) groupLoses(g *Group) (members, losses int, losing []Person) {
	for i := range m.obs.Accounts {
		if a := &m.obs.Accounts[i]; a.MemberOf[g.SID] && (m.byTarget[a.GUID] != nil || m.managed(a)) {
			members++
		}
	}
	for _, act := range m.plan.Actions {
		if act.Kind == Leave && act.Answer == nil && act.Group == g {
			losses++
			losing = append(losing, act.Person)
		}
	}
	return members, losses, losing
}

func emptyGroupReason(g *Group, members int) string {
	return fmt.Sprintf("group %s would lose all of its %d managed members", g.CN, members)
}
