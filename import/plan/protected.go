package plan

import (
	"strings"
	"time"
)

// Rows 1, 1a and 1b. An account that somebody made an administrator, or that a
// service runs as, is not touched unless it is provably ours: then it would work
// on for ever once its person left. Less is done to it, and more is not.

// ours reports whether an import made the account or took it over by an action.
// What is known by its prefix, or at first sight, may be anybody's.
func (m *maker) ours(a *Account) bool {
	known, ok := m.remembered(a)
	switch {
	case ok:
		return known.How == HowCreated || known.How == HowAdopted
	case m.stamps(): // made by a run that was killed
		return a.Stamp.Anchor != "" && m.confirmed(a)
	}
	return m.meant(a.CN, a)
}

// reaches reports whether anything may be done to the account.
func (m *maker) reaches(a *Account) bool {
	return a.Protected == "" || a.Class == "user" && a.GivesWay && m.ours(a)
}

// spared reports whether the person's account is ours and protected. All others
// that are protected are nobody's, or settled.
func (p *person) spared() bool {
	return p.account != nil && p.account.Protected != "" && !p.settled
}

// failProtected is row 1 of somebody whose stamp a protected account bears that
// is not known to be theirs, or that is outside: a second one would be its twin.
func (m *maker) failProtected(p *person, a *Account) {
	p.settled = true
	m.resting[a.GUID] = true
	where := ""
	if !a.InContainer {
		where = "is outside the managed container, and "
	}
	m.fail(p, Protected, a.DN+" bears this person's stamp, "+where+"cannot be taken over: "+a.Protected+
		". If it is somebody else's, clear its "+m.cfg.AnchorAttribute+", and an account is created")
}

// leaveProtected is row 1 of what is out of reach. p is nil for an account that
// is missing from the file. Of ours, and of what was, and is back from a backup, it
// fails where something is due.
func (m *maker) leaveProtected(p *person, a *Account) {
	due := m.dueOf(p, a)
	text := strings.Join(append([]string{a.Protected}, due...), "; ")
	failed := len(due) > 0 && (m.ours(a) || m.in.Memory.Deleted[a.GUID])
	switch {
	case p == nil && failed:
		m.plan.Failed = append(m.plan.Failed, Note{m.displayAccount(a), Protected, text})
	case p == nil:
		m.plan.Skipped = append(m.plan.Skipped, Note{m.displayAccount(a), Protected, text})
	case failed:
		p.settled = true
		m.fail(p, Protected, text)
	default:
		m.skip(p, Protected, text)
	}
}

// dueOf lists what ought to be taken away from an account.
func (m *maker) dueOf(p *person, a *Account) (due []string) {
	switch {
	case p != nil && p.active:
		if known, _ := m.remembered(a); m.ours(a) && a.Enabled() && sameExpiry(a.Expires, known.Expires) && !m.halfLeft(a) {
			due = append(due, "it ends soon: put its end off by hand")
		}
	case a.Enabled() && p == nil:
		due = append(due, "missing in file, and still enabled: disable it by hand")
	case a.Enabled():
		due = append(due, "disabled in source, and still enabled: disable it by hand")
	}
	var groups []string
	for _, g := range m.groups.all {
		stays := p != nil && m.given(p)[g] && (p.active || !g.Guarded())
		if g.Missing == "" && a.MemberOf[g.SID] && !stays && !staysByPrimary(a, g) {
			groups = append(groups, g.CN)
		}
	}
	if len(groups) > 0 && (m.ours(a) || m.in.Memory.Deleted[a.GUID]) {
		due = append(due, "take it out of "+strings.Join(groups, ", ")+" by hand")
	}
	return due
}

// spare is row 1b: less is done as ever, and the lease goes on.
func (m *maker) spare(p *person) {
	m.holdNames(p)
	m.holdAttributes(p)
	m.manager(p)
	m.revive(p)
	m.follow(p)
	text := m.sparedText(p)
	switch {
	case len(p.held) > 0:
		m.plan.Held = append(m.plan.Held, Note{m.display(p), Protected, text})
	case p.account.Enabled():
		m.notice(m.display(p).CN + ": " + text)
	}
}

func (p *person) hold(what string) { p.held = append(p.held, what) }

// holdNames goes by the names that the person would get at best.
func (m *maker) holdNames(p *person) {
	name := p.user.SAMAccountName
	if given, _ := m.kept.newName(m.display(p), p.account, name); given != "" {
		name = given
	}
	if p.account.AccountName != name {
		p.hold("the account name " + name)
	}
	if cn := p.account.CN; cn != m.wantedCN(p) && cn != m.namesakeCN(p, p.account.AccountName) {
		p.hold("the common name " + m.wantedCN(p))
	}
}

func (m *maker) holdAttributes(p *person) {
	for _, rule := range m.attrs {
		if sameFold(rule.name, managerAttribute) {
			continue
		}
		if values, ok, _ := m.wanted(p, rule, false); ok && !sameValues(p.account.value(rule.name), values) {
			p.hold(rule.name)
		}
	}
}

// holdJoin keeps a rejection in force that was given before.
func (m *maker) holdJoin(p *person, g *Group) {
	if !g.Guarded() || !m.refusedBefore(m.groupQuestion(Join, GroupMap, m.display(p), g)) {
		p.hold("joining " + g.CN)
	}
}

func (m *maker) sparedText(p *person) string {
	a := p.account
	text := a.Protected + "; it is still disabled, and leaves groups, when that is due"
	if len(p.held) > 0 {
		text = a.Protected + "; held back: " + strings.Join(p.held, ", ") + ". Do it by hand, or take the protection away"
	}
	ends := a.Expires
	for _, act := range m.plan.Actions {
		if expires, ok := act.Ends(); ok && act.Person.GUID == a.GUID {
			ends = expires
		}
	}
	if t, some := (&Account{Expires: ends}).Ends(); some && a.Enabled() {
		text += ". It ends on " + t.Format(time.DateOnly)
	}
	return text
}

// halfLeft reports whether at least half of expiration_time is left to an account.
func (m *maker) halfLeft(a *Account) bool {
	end, ends := a.Ends()
	return !ends || m.cfg.ExpirationTime == nil || end.After(HalfOf(*m.cfg.ExpirationTime, m.in.Now))
}
