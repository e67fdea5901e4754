package plan

import (
	"cmp"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
)

// holdBack is rule 34: a controller that has not heard of what was written through
// another one shows a past. What it shows is good enough to take away, and for
// nothing else: no other action, no other question, and no one who stays fails for
// what may be otherwise by now.
func (m *closing) holdBack() {
	if m.in.Memory.Behind == "" {
		return
	}
	m.draft.plan.Notices = slices.Insert(m.draft.plan.Notices, 0, m.in.Memory.Behind)
	h := &holding{draft: m.draft, held: map[string]bool{}}
	m.draft.plan.Failed = slices.DeleteFunc(m.draft.plan.Failed, func(n Note) bool { return m.owners.stays(n.Person) && h.hold(n.Person) })
	var leases []Person
	m.draft.plan.Actions = slices.DeleteFunc(m.draft.plan.Actions, func(a Action) bool {
		switch {
		case a.takesAway():
			return false
		case a.Kind == Extend:
			leases = append(leases, *a.Person)
			return true
		}
		return h.hold(*a.Person)
	})
	m.draft.plan.Questions = slices.DeleteFunc(m.draft.plan.Questions, func(q Question) bool { return !q.Takes() && h.hold(*q.Person) })
	m.draft.plan.Agreed = slices.DeleteFunc(m.draft.plan.Agreed, func(q Question) bool { return !q.Takes() && h.hold(*q.Person) })
	m.failUnseen()
	h.listUnchanged(leases)
}

type holding struct {
	draft *draft
	held  map[string]bool
}

func (h *holding) hold(who Person) bool {
	if !h.held[who.Key()] {
		h.held[who.Key()] = true
		h.draft.plan.Held = append(h.draft.plan.Held, Note{who, NotReplicated, "waits until this controller has heard of it"})
	}
	return true
}

// listUnchanged are those for whom a later end alone waits.
func (h *holding) listUnchanged(leases []Person) {
	for _, a := range h.draft.plan.Actions {
		h.held[a.Person.Key()] = true
	}
	for _, who := range leases {
		if !h.held[who.Key()] {
			h.draft.plan.Unchanged = append(h.draft.plan.Unchanged, &who)
		}
	}
}

// takesAway reports whether the action leaves its account with less than before.
func (a Action) takesAway() bool {
	return a.Kind == Disable || a.Kind == Leave && !a.Then || a.Kind == Extend && a.Sooner
}

// stays reports whether the file has the person, or that of the account, as active.
func (o *owners) stays(who Person) bool {
	var p *person
	if a := o.ledger.accountOf(who); a != nil {
		p = a.person
	}
	if anchor := cmp.Or(who.Anchor, o.in.Memory.Accounts[who.GUID].Anchor); p == nil && anchor != "" {
		p = o.roster.byAnchor[strings.ToLower(anchor)]
	}
	if p == nil && !o.in.File.Anchored() {
		all := o.roster.bearing(who.CN)
		i := slices.IndexFunc(all, func(p *person) bool { return sameExact(o.names.wantedCN(p), who.CN) })
		return i >= 0 && all[i].active
	}
	return p != nil && p.active
}

// failUnseen names the leavers whose accounts work for all that the ledger knows,
// while this controller shows them disabled: there is nothing to disable here.
func (m *closing) failUnseen() {
	leavers := slices.Clone(m.leaving.missing)
	for _, p := range m.roster.people {
		if p.account != nil && !p.active && p.account.InContainer {
			leavers = append(leavers, p.account)
		}
	}
	seen := map[adrules.GUID]bool{}
	for _, a := range leavers {
		if known, ok := m.ledger.remembered(a); ok && known.Enabled && !a.Enabled() && !seen[a.GUID] {
			seen[a.GUID] = true
			m.draft.plan.Failed = append(m.draft.plan.Failed, Note{m.show.account(a), NotReplicated,
				"has left, and was enabled through another controller; this one still shows the account disabled, so that nothing can be disabled here. Import again once they have replicated, or disable it by hand"})
		}
	}
}
