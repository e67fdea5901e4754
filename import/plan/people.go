package plan

import (
	"cmp"
	"strings"
)

// person is a user of the file as the plan will leave them.
func (s *portraits) person(p *person) Person {
	d := Person{Anchor: p.user.ObjectGUID, Also: s.also(p), CN: cmp.Or(p.cn, s.names.wantedCN(p)), AccountName: cmp.Or(p.name, s.names.wantedName(p)), UPN: p.upn,
		Mail: s.mail.after(p), DisplayName: s.displayName.after(p)}
	if p.account != nil {
		d.GUID, d.DN = p.account.GUID, p.account.DN
	}
	return d
}

// shared is what person returns, and the same one as before where nothing has changed:
// much of a plan is about the same people.
func (s *portraits) shared(p *person) *Person {
	if p.final {
		return p.shown
	}
	p.final = s.final
	if now := s.person(p); p.shown == nil || *p.shown != now {
		p.shown = s.slabs.people.one(now)
	}
	return p.shown
}

// also is the anchor that the ledger has of a person whom the file has without one, and
// that of the same person before they were made anew (row 41).
func (s *portraits) also(p *person) string {
	switch {
	case p.user.ObjectGUID != "":
		return p.formerAnchor
	case p.account != nil:
		return s.ledger.anchorOf(p.account)
	case s.roster.goneOf[p] != nil:
		return s.roster.goneOf[p].known.Anchor
	}
	return ""
}

// anchorOf is whose an account is. An anchor that the ledger doesn't confirm names
// no one.
func (l *ledger) anchorOf(a *account) string {
	known, _ := l.remembered(a)
	if known.Anchor == "" && l.confirmed(a) {
		return a.Anchor.ObjectGUID
	}
	return known.Anchor
}

// account is a person who is not in the file.
func (s *portraits) account(a *account) Person {
	return Person{Anchor: s.ledger.anchorOf(a), GUID: a.GUID, DN: a.DN, CN: a.CN, AccountName: a.AccountName,
		UPN: a.UPN, Mail: a.Mail, DisplayName: a.DisplayName}
}

// showQuestions lets name questions show what is known by now.
func (m *closing) showQuestions() {
	for i := range m.draft.plan.Questions {
		q := &m.draft.plan.Questions[i]
		if p := m.naming.asking[q.ID]; p != nil {
			who := *q.Person
			who.Mail, who.DisplayName = m.show.mail.after(p), m.show.displayName.after(p)
			q.Person = &who
		}
	}
}

// listManaged names what the ledger is to know from now on. Accounts that are
// adopted in this run become known by that.
func (m *closing) listManaged() {
	for _, p := range m.roster.people {
		if a := p.account; a != nil && m.ledger.reaches(a) && p.takeOver == nil && a.person == p && m.ledger.mine(p, a) {
			m.draft.plan.Managed = append(m.draft.plan.Managed, m.show.shared(p))
		}
	}
	for _, a := range m.leaving.missing {
		m.draft.plan.Managed = append(m.draft.plan.Managed, new(m.show.account(a)))
	}
}

// reportRest is rows 2 and 4.
func (m *closing) reportRest() {
	gone := map[*account]bool{}
	for _, a := range m.leaving.missing {
		gone[a] = true
	}
	for _, a := range m.index.inside {
		if a.Class != "user" || a.person != nil || gone[a] || a.resting || a.strayed {
			continue
		}
		why, detail := Unmanaged, "left alone"
		switch {
		case m.ledger.foreign(a):
			why, detail = Foreign, "anchored for "+a.Anchor.Domain+"; left alone"
		case m.ledger.anchors() && a.Anchor.ObjectGUID != "" && a.Enabled() && (a.Protected == "" || a.GivesWay) && !m.calendar.over(a) && m.hasLeft(a.Anchor.ObjectGUID):
			m.failUnknownAnchor(a)
			continue
		case m.ledger.anchors() && a.Anchor.ObjectGUID != "":
			detail = "its anchor was not written by this program; left alone"
		}
		m.draft.plan.Unmanaged = append(m.draft.plan.Unmanaged, Note{m.show.account(a), why, detail})
	}
}

// hasLeft reports whether the person is missing from the file, or not active there.
func (m *closing) hasLeft(anchor string) bool {
	p := m.roster.byAnchor[strings.ToLower(anchor)]
	return p == nil || !p.active && p.account == nil
}

// failUnknownAnchor is row 4 of an account that works: after the ledger was put back
// from a backup, it may be that of a person who has left.
func (m *closing) failUnknownAnchor(a *account) {
	m.draft.plan.Failed = append(m.draft.plan.Failed, Note{m.show.account(a), Unconfirmed, a.DN + " is enabled, and carries the anchor of a person who has left the user file, or is not active there; the ledger does not know it. " +
		"Either the ledger is older than the account, put back from a backup for instance, or someone else wrote the anchor. Disable the account, or clear its " + m.cfg.AnchorAttribute})
}

func (d *draft) act(p *person, kind Kind, why Reason, changes ...Change) *Action {
	p.touched = true
	a := d.add(Action{Kind: kind, Reason: why, Person: d.show.shared(p), Changes: d.slabs.changes.list(changes...)})
	if writes := kind == Create || kind == Adopt || kind == Rename; writes && !d.names.has(p, p.name) {
		a.NamedBy = p.namedBy
	}
	if kind == Create || kind == Rename {
		a.Question = p.nameQuestion
	}
	return a
}

// add sets the action's ID. What it returns is good until the next one.
func (d *draft) add(a Action) *Action {
	a.ID = d.ledger.actionID(&a)
	if account := d.ledger.accountOf(*a.Person); account != nil {
		a.Protected = account.Protected
	}
	d.plan.Actions = append(d.plan.Actions, a)
	return &d.plan.Actions[len(d.plan.Actions)-1]
}

func (d *draft) skip(p *person, why Reason, detail string) {
	p.touched, p.settled, p.skipped = true, true, true
	d.plan.Skipped = append(d.plan.Skipped, Note{d.show.person(p), why, detail})
}

// leaveOut is a value of the file that cannot be had; the rest is done, and
// no one has to act.
func (d *draft) leaveOut(p *person, detail string) {
	d.plan.LeftOut = append(d.plan.LeftOut, Note{d.show.person(p), BadValue, detail})
}

func (d *draft) fail(p *person, why Reason, detail string) {
	p.touched, p.failed = true, true
	d.plan.Failed = append(d.plan.Failed, Note{d.show.person(p), why, detail})
}
