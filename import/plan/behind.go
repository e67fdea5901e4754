package plan

import (
	"cmp"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
)

// holdBack is rule 34: a controller that has not heard of what was written through
// another one shows a past. What it shows is good enough to take away, and for
// nothing else: no other action, no other question, and nobody who stays fails for
// what may be otherwise by now.
func (m *maker) holdBack() {
	if m.in.Memory.Behind == "" {
		return
	}
	m.plan.Notices = slices.Insert(m.plan.Notices, 0, m.in.Memory.Behind)
	h := &holding{maker: m, held: map[string]bool{}}
	m.plan.Failed = slices.DeleteFunc(m.plan.Failed, func(n Note) bool { return m.stays(n.Person) && h.hold(n.Person) })
	var leases []Person
	m.plan.Actions = slices.DeleteFunc(m.plan.Actions, func(a Action) bool {
		switch {
		case a.takesAway():
			return false
		case a.Kind == Extend:
			leases = append(leases, a.Person)
			return true
		}
		return h.hold(a.Person)
	})
	m.plan.Questions = slices.DeleteFunc(m.plan.Questions, func(q Question) bool { return !q.takesAway() && h.hold(q.Person) })
	m.plan.Agreed = slices.DeleteFunc(m.plan.Agreed, func(q Question) bool { return !q.takesAway() && h.hold(q.Person) })
	m.failUnseen()
	h.listUnchanged(leases)
}

type holding struct {
	*maker
	held map[string]bool
}

func (h *holding) hold(who Person) bool {
	if !h.held[who.Key()] {
		h.held[who.Key()] = true
		h.plan.Held = append(h.plan.Held, Note{who, NotReplicated, "waits until this controller has heard of it"})
	}
	return true
}

// listUnchanged are those for whom a later end alone waits.
func (h *holding) listUnchanged(leases []Person) {
	for _, a := range h.plan.Actions {
		h.held[a.Person.Key()] = true
	}
	for _, who := range leases {
		if !h.held[who.Key()] {
			h.plan.Unchanged = append(h.plan.Unchanged, who)
		}
	}
}

// takesAway reports whether the action leaves its account with less than before.
func (a Action) takesAway() bool {
	return a.Kind == Disable || a.Kind == Leave && !a.Then || a.Kind == Extend && a.Sooner
}

func (q Question) takesAway() bool { return q.Kind == Disable || q.Kind == Leave }

// stays reports whether the file has the person, or that of the account, as active.
func (m *maker) stays(who Person) bool {
	p := m.byTarget[who.GUID]
	if anchor := cmp.Or(who.Anchor, m.in.Memory.Accounts[who.GUID].Anchor); p == nil && anchor != "" {
		p = m.byAnchor[strings.ToLower(anchor)]
	}
	if p == nil && !m.in.File.Anchored() {
		i := slices.IndexFunc(m.people, func(p *person) bool { return sameExact(m.wantedCN(p), who.CN) })
		return i >= 0 && m.people[i].active
	}
	return p != nil && p.active
}

// failUnseen names the leavers whose accounts work for all that the ledger knows,
// while this controller shows them disabled: there is nothing to disable here.
func (m *maker) failUnseen() {
	leavers := slices.Clone(m.missing)
	for _, p := range m.people {
		if p.account != nil && !p.active && p.account.InContainer {
			leavers = append(leavers, p.account)
		}
	}
	seen := map[adrules.GUID]bool{}
	for _, a := range leavers {
		if known, ok := m.remembered(a); ok && known.Enabled && !a.Enabled() && !seen[a.GUID] {
			seen[a.GUID] = true
			m.plan.Failed = append(m.plan.Failed, Note{m.displayAccount(a), NotReplicated,
				"has left, and was enabled through another controller; this one still shows the account disabled, so that nothing can be disabled here. Import again once they have replicated, or disable it by hand"})
		}
	}
}
