package plan

import (
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/schema"
)

// strays is rows 37 and 38: accounts that the ledger knows, that work, and that
// are out of this program's hands. Whoever may write anchors or move accounts could
// keep an account alive by that, so they are named in every run.
func (m *leaving) strays() {
	var released []string
	for _, a := range m.index.outside {
		known, ok := m.ledger.remembered(a)
		anchor, hidden := m.ledger.unreadSince(a)
		switch {
		case !ok && !hidden && !m.ledger.unknownSince(a):
		case hidden && anchor == "" && m.owners.works(a):
			m.stray(a, Unconfirmed, m.ledger.unreadText(a)+". Should its person have left, it is not disabled")
		case ok && m.letsGo(a, known):
			text := a.DN
			if groups := m.groups.around(a); len(groups) > 0 {
				text += " (in " + strings.Join(groups, ", ") + ")"
			}
			released = append(released, text)
			m.draft.plan.Forget = append(m.draft.plan.Forget, a.GUID)
		case a.Class != "user":
			m.noUser(a)
		case m.leftBehind(a, known):
			m.stray(a, MovedOut, m.show.movedOut(a))
		}
	}
	if len(released) > 0 {
		slices.Sort(released)
		m.draft.notice("no longer this program's, and forgotten, since they were moved out of " + m.obs.Container.DN + " and their anchor was cleared or changed: " + strings.Join(released, "; "))
	}
	for _, a := range m.index.inside {
		if _, ok := m.ledger.remembered(a); ok && a.Class != "user" {
			m.noUser(a)
		}
		switch known, lost := m.owners.anchorLost(a); {
		case lost && m.roster.wentOver(a, known) && m.imported(a.Anchor.Domain):
			m.went = append(m.went, a)
		case lost && a.Enabled():
			m.stray(a, AnchorLost, m.show.anchorLost(a, known))
		}
	}
}

// noUser is row 1 of what was an account of ours, is something else by now, and
// whose person left.
func (m *leaving) noUser(a *account) {
	p := m.roster.formerPerson(a)
	if p != nil && p.active {
		return // the name that it holds is asked about (row 14)
	}
	if due := m.roster.dueOf(p, a); len(due) > 0 {
		m.stray(a, Protected, fmt.Sprintf("%s is a %s now, not a user; %s", a.DN, a.Class, strings.Join(due, "; ")))
	}
}

func (o *owners) anchorLost(a *account) (known *Remembered, lost bool) {
	known, ok := o.ledger.remembered(a)
	asked := a.resting && !a.declined
	return known, ok && a.Class == "user" && a.person == nil && (a.Protected == "" || o.ledger.ours(a)) && !asked && (o.ledger.foreign(a) || !o.ledger.managed(a))
}

// failAnchorLost makes no one a second account while only the anchor of the one that
// they have is gone, or could not be read. Outside, one that is gone lets the account go.
func (m *matching) failAnchorLost() {
	for _, a := range m.index.all() {
		known, lost := m.owners.anchorLost(a)
		p := m.roster.whoHad(known.Anchor)
		if !lost || !a.InContainer && a.Anchor.ObjectGUID != known.Anchor || known.Anchor == "" || a.declined || p == nil || !p.active || p.account != nil || p.settled {
			continue
		}
		p.settled, a.resting, a.strayed = true, true, true
		m.draft.fail(p, AnchorLost, m.show.anchorLost(a, known)+". Until then its person gets no other one")
	}
}

// backAgain names accounts of ours that were taken for deleted and are there again,
// from a backup for instance: another one was made in their place, or no person
// has them any more.
func (m *leaving) backAgain() {
	for _, a := range slices.Concat(m.index.inside, m.index.outside) {
		_, known := m.ledger.remembered(a)
		inGroup := slices.ContainsFunc(m.groups.all, func(g *Group) bool { return g.SID != "" && a.MemberOf[g.SID] })
		if !m.in.Memory.Deleted[a.GUID] || known || a.person != nil || a.Class != "user" || !a.Enabled() && !inGroup {
			continue
		}
		a.strayed = true
		who := m.show.account(a)
		who.Anchor = "" // has another account, or has left
		m.draft.plan.Failed = append(m.draft.plan.Failed, Note{who, BackAgain, "this account was taken for deleted, and is there again, from a backup perhaps: " + a.DN +
			". No user of the file has it; disable it and take it out of its groups, or delete it"})
	}
}

// works reports whether an account that belongs to no user of the file can be used
// to log on.
func (o *owners) works(a *account) bool {
	return a.Class == "user" && a.Enabled() && a.person == nil
}

// leftBehind reports whether the person of an account outside the container has
// left.
func (m *leaving) leftBehind(a *account, known *Remembered) bool {
	p := m.roster.formerPerson(a)
	return m.owners.works(a) && (p == nil || !p.active && !a.inDoubt)
}

// letsGo reports whether an account is no longer this program's to know: whoever
// moved it out of the container has cleared or changed its anchor, too. One
// that cannot be read, or is looked for in another attribute, tells nothing.
func (m *leaving) letsGo(a *account, known *Remembered) bool {
	looked := m.cfg.AnchorAttribute != "" && sameFold(m.in.Memory.AnchorAttribute, m.cfg.AnchorAttribute)
	return looked && !a.AnchorUnread && a.person == nil && known.Meant == "" && a.Anchor.ObjectGUID != known.Anchor
}

// failUnread makes no one a second account while the anchor of the one that they
// had cannot be read.
func (m *matching) failUnread() {
	for _, a := range m.index.outside {
		known, ok := m.ledger.remembered(a)
		if p := m.roster.whoHad(known.Anchor); ok && a.AnchorUnread && p != nil && p.active && p.account == nil && !p.settled {
			p.settled = true
			m.draft.fail(p, MovedOut, fmt.Sprintf("the account is now %s, where the bound account may not read its %s. Give it the right, or move the account back to %s",
				a.DN, m.cfg.AnchorAttribute, m.obs.Container.DN))
		}
	}
	m.failUnreadSince()
}

// anchorMoved reports whether the configuration names another anchor attribute
// than before.
func (l *ledger) anchorMoved() bool {
	before := l.in.Memory.AnchorAttribute
	return before != "" && !sameFold(before, l.cfg.AnchorAttribute)
}

// whoHad is who has an anchor in the file, or had it in the former domain, as it says.
func (r *roster) whoHad(anchor string) *person {
	if p := r.byAnchor[anchor]; p != nil {
		return p
	}
	return r.migrated[anchor]
}

// formerPerson is who an account was kept for, nil where the file doesn't have
// them.
func (r *roster) formerPerson(a *account) *person {
	known, _ := r.ledger.remembered(a)
	anchor, hidden := r.ledger.unreadSince(a)
	switch {
	case hidden && anchor != "":
		return r.byAnchor[strings.ToLower(anchor)]
	case r.ledger.unknownSince(a):
		return r.byAnchor[strings.ToLower(a.Anchor.ObjectGUID)]
	case known.Anchor != "" && r.in.File.Anchored():
		return r.byAnchor[known.Anchor]
	}
	for _, p := range r.alike(a) {
		if sameExact(r.names.wantedCN(p), a.CN) || sameExact(r.names.wantedName(p), a.AccountName) {
			return p
		}
	}
	return nil
}

// alike are the people who may have a name of the account, in their order. What a template
// makes of a person changes once they have an account, so that all may.
func (r *roster) alike(a *account) []*person {
	if r.names.templates.account != nil {
		return r.people
	}
	list := slices.Concat(r.bearing(a.CN), r.called(a.AccountName))
	slices.SortFunc(list, func(p, q *person) int { return p.place - q.place })
	return list
}

// stray names the account, or the person where there is nothing else to say
// about them.
func (m *leaving) stray(a *account, why Reason, detail string) {
	a.strayed = true
	p, who := m.roster.formerPerson(a), m.show.account(a)
	switch {
	case p == nil:
	case p.account == nil && !p.active && !p.settled:
		p.settled = true
		m.draft.fail(p, why, detail)
		return
	default:
		who.Anchor = "" // has another account, or gets one
	}
	m.draft.plan.Failed = append(m.draft.plan.Failed, Note{who, why, detail})
}

func (s *portraits) movedOut(a *account) string {
	left := leftText(s.roster.formerPerson(a))
	member, letGo, back := "", "", "will be disabled"
	if groups := s.groups.around(a); len(groups) > 0 {
		member = ", and in " + strings.Join(groups, ", ")
	}
	known, _ := s.ledger.remembered(a)
	_, hidden := s.ledger.unreadSince(a)
	if since := hidden || s.ledger.unknownSince(a); since || s.cfg.AnchorAttribute != "" && known.Anchor != "" {
		if since || known.How == HowOutside {
			back = "is asked about"
		}
		letGo = "; if it is no longer this program's, clear its " + s.cfg.AnchorAttribute
		if a.AnchorUnread {
			letGo += ", and let the bound account read that attribute"
		}
	}
	return fmt.Sprintf("%s, while the account is now %s and still enabled%s. Disable it there, or move it back to %s, and it %s%s",
		left, a.DN, member, s.obs.Container.DN, back, letGo)
}

func (s *portraits) anchorLost(a *account, known *Remembered) string {
	what := "is gone"
	switch {
	case a.Anchor.ObjectGUID != "" && a.Anchor.ObjectGUID == known.Anchor:
		what = fmt.Sprintf("names the source domain %s, while the user file comes from %s", a.Anchor.Domain, s.in.File.Source.Domain)
	case a.Anchor.ObjectGUID != "":
		what = "was changed; it names " + strings.TrimSuffix(a.Anchor.ObjectGUID+"@"+a.Anchor.Domain, "@")
	case a.Anchor.Other != "":
		what = "was overwritten by something else"
	}
	how := known.How
	if how == HowFound || how == HowOutside {
		how = "knows"
	}
	which, letGo := "this account", "move it out of "+s.obs.Container.DN
	if !a.InContainer {
		which, letGo = a.DN, "clear it"
	}
	text := fmt.Sprintf("the anchor in %s of %s, which this program %s, %s; it is left alone, and not disabled when its person leaves", s.cfg.AnchorAttribute, which, how, what)
	if s.roster.wentOver(a, known) {
		if groups := s.groups.around(a); len(groups) > 0 {
			text += ", and stays in " + strings.Join(groups, ", ")
		}
		text += ". No other account in the container is anchored for " + a.Anchor.Domain + ", so that nothing shows that an import of it has this one"
	}
	if s.ledger.anchorMoved() {
		return text + fmt.Sprintf(". Most likely because anchor_attribute was %s before: set it to that again", s.in.Memory.AnchorAttribute)
	}
	back := "Clear it"
	if known.Anchor != "" {
		back = "Write " + s.attrs.anchorWords(known.Anchor) + " into it again"
	}
	if a.Enabled() {
		back += ", or disable the account"
	}
	return fmt.Sprintf("%s. %s; if it is no longer this program's, %s", text, back, letGo)
}

func (x *attributes) anchorWords(anchor string) string {
	if x.anchor.Binary {
		return "the objectGUID " + anchor
	}
	if x.in.Migrating.From != "" && x.byAnchor[anchor] == nil {
		return AnchorText(anchor, &schema.Source{Domain: x.in.Migrating.From})
	}
	return AnchorText(anchor, x.in.File.Source)
}
