package plan

import (
	"strings"
	"time"
)

// Rows 1, 1a and 1b. An account that was made an administrator, or that a
// service runs as, is not touched unless it is provably ours: then it would work
// on for ever once its person left. Less is done to it, and more is not.

// ours reports whether an import made the account or took it over by an action.
// What is known by its prefix, or at first sight, may be anybody's.
func (l *ledger) ours(a *account) bool {
	known, ok := l.remembered(a)
	switch {
	case ok:
		return known.How == HowCreated || known.How == HowAdopted
	case l.anchors(): // made by a run that was killed
		return a.Anchor.ObjectGUID != "" && l.confirmed(a)
	}
	return l.meant(a.CN, a)
}

// reaches reports whether anything may be done to the account.
func (l *ledger) reaches(a *account) bool {
	return a.Protected == "" || a.Class == "user" && a.GivesWay && l.ours(a)
}

// spared reports whether the person's account is ours and protected. All others
// that are protected are no one's, or settled.
func (p *person) spared() bool {
	return p.account != nil && p.account.Protected != "" && !p.settled
}

// failProtected is row 1 of a person whose anchor a protected account carries that
// is not known to be theirs, or that is outside: a second one would be its twin. One of
// ours was another person's, whom row 38 tells.
func (o *owners) failProtected(p *person, a *account) {
	p.settled = true
	a.strayed, a.resting = true, !a.InContainer || !o.ledger.reaches(a)
	where := ""
	if !a.InContainer {
		where = "is outside the managed container, and "
	}
	o.draft.fail(p, Protected, a.DN+" carries this person's anchor, "+where+"cannot be taken over: "+a.Protected+
		". If it is another person's, clear its "+o.cfg.AnchorAttribute+", and an account is created")
}

// leaveProtected is row 1 of what is out of reach. p is nil for an account that
// is missing from the file. Of ours, and of what was, and is back from a backup, it
// fails where something is due.
func (o *owners) leaveProtected(p *person, a *account) {
	due := o.roster.dueOf(p, a)
	text := strings.Join(append([]string{a.Protected}, due...), "; ")
	failed := len(due) > 0 && (o.ledger.ours(a) || o.in.Memory.Deleted[a.GUID])
	switch {
	case p == nil && failed:
		o.draft.plan.Failed = append(o.draft.plan.Failed, Note{o.show.account(a), Protected, text})
	case p == nil:
		o.draft.plan.Skipped = append(o.draft.plan.Skipped, Note{o.show.account(a), Protected, text})
	case failed:
		p.settled = true
		o.draft.fail(p, Protected, text)
	default:
		o.draft.skip(p, Protected, text)
	}
}

// dueOf lists what ought to be taken away from an account.
func (r *roster) dueOf(p *person, a *account) (due []string) {
	switch {
	case p != nil && p.active:
		if known, _ := r.ledger.remembered(a); r.ledger.ours(a) && a.Enabled() && sameExpiry(a.Expires, known.Expires) && !r.calendar.halfLeft(a) {
			due = append(due, "it ends soon: put its end off by hand")
		}
	case a.LogsOn() && p == nil:
		due = append(due, "missing in file, and still enabled: disable it by hand")
	case a.LogsOn():
		due = append(due, "disabled in source, and still enabled: disable it by hand")
	}
	var groups []string
	for _, g := range r.groups.all {
		stays := p != nil && r.groups.given(p)[g] != nil && (p.active || !g.Guarded())
		if g.Missing == "" && a.MemberOf[g.SID] && !stays && !staysByPrimary(a, g) {
			groups = append(groups, g.CN)
		}
	}
	if len(groups) > 0 && (r.ledger.ours(a) || r.in.Memory.Deleted[a.GUID]) {
		due = append(due, "take it out of "+strings.Join(groups, ", ")+" by hand")
	}
	return due
}

// spare is row 1b: less is done as ever, and the lease goes on.
func (m *deciding) spare(p *person) {
	m.holdNames(p)
	m.holdAttributes(p)
	m.refer(p)
	m.reviving.revive(p)
	m.following.follow(p)
	text := m.sparedText(p)
	switch {
	case len(p.held) > 0:
		m.draft.plan.Held = append(m.draft.plan.Held, Note{m.show.person(p), Protected, text})
	case p.account.Enabled():
		m.draft.notice(m.show.person(p).CN + ": " + text)
	}
}

func (p *person) hold(what string) { p.held = append(p.held, what) }

// holdNames goes by the names that the person would get at best.
func (m *deciding) holdNames(p *person) {
	name, own := m.names.wantedName(p), m.attrs.sourceOf(p)
	if given, _ := m.draft.kept.newName(m.show.person(p), p.account, name); given != "" {
		name = given
	} else if own.keepsName(p) {
		name = p.account.AccountName
	}
	if p.account.AccountName != name {
		p.hold("the account name " + name)
	}
	if cn := p.account.CN; !own.keepsCN(p) && cn != m.names.wantedCN(p) && cn != m.names.namesakeCN(p, p.account.AccountName) {
		p.hold("the common name " + m.names.wantedCN(p))
	}
}

func (m *deciding) holdAttributes(p *person) {
	for _, rule := range m.attrs.rules {
		if values, ok, _ := m.attrs.wanted(p, rule, false); ok && !sameValues(p.account.value(rule.name), values) {
			p.hold(rule.name)
		}
	}
}

// holdJoin keeps a rejection in force that was given before.
func (m *following) holdJoin(p *person, g *Group) {
	if !g.Guarded() || !m.draft.refusedBefore(m.groups.groupQuestion(Join, GroupMap, m.show.shared(p), g)) {
		p.hold("joining " + g.CN)
	}
}

func (m *deciding) sparedText(p *person) string {
	a := p.account
	text := a.Protected + "; it is still disabled, and leaves groups, when that is due"
	if len(p.held) > 0 {
		text = a.Protected + "; held back: " + strings.Join(p.held, ", ") + ". Do it by hand, or take the protection away"
	}
	ends := a.Expires
	actions := m.draft.plan.Actions
	for i := len(actions) - 1; i >= 0 && actions[i].Person.GUID == a.GUID; i-- { // what is done to one stands together
		if expires, ok := actions[i].Ends(); ok {
			ends = expires
			break
		}
	}
	if t, some := (&Account{Expires: ends}).Ends(); some && a.Enabled() {
		text += ". It ends on " + t.Format(time.DateOnly)
	}
	return text
}

// halfLeft reports whether at least half of expiration_time is left to an account.
func (c *calendar) halfLeft(a *account) bool {
	end, ends := a.Ends()
	return !ends || c.cfg.ExpirationTime == nil || end.After(HalfOf(*c.cfg.ExpirationTime, c.in.Now))
}
