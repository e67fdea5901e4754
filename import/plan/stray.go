package plan

import (
	"fmt"
	"slices"
	"strings"
)

// strays is rows 37 and 38: accounts that the ledger knows, that work, and that
// are out of this program's hands. Who may write stamps or move accounts could
// keep somebody's account alive by that, so they are named in every run.
func (m *maker) strays() {
	var released []string
	for _, a := range m.index.outside {
		known, ok := m.remembered(a)
		switch {
		case !ok:
		case m.letsGo(a, known):
			released = append(released, a.DN)
			m.plan.Forget = append(m.plan.Forget, a.GUID)
		case m.leftBehind(a, known):
			m.stray(a, MovedOut, m.movedOutText(a))
		}
	}
	if len(released) > 0 {
		slices.Sort(released)
		m.notice("no longer this program's, and forgotten, since they were moved out of " + m.obs.Container.DN + " and their stamp was cleared or changed: " + strings.Join(released, "; "))
	}
	for _, a := range m.index.inside {
		if known, lost := m.stampLost(a); lost && a.Enabled() {
			m.stray(a, StampLost, m.stampLostText(a, known))
		}
	}
}

func (m *maker) stampLost(a *Account) (known Remembered, lost bool) {
	known, ok := m.remembered(a)
	return known, ok && a.Class == "user" && m.byTarget[a.GUID] == nil && (a.Protected == "" || m.ours(a)) && !m.resting[a.GUID] && (m.foreign(a) || !m.managed(a))
}

// failStampLost makes nobody a second account while only the stamp of the one that
// they have is gone, or could not be read.
func (m *maker) failStampLost() {
	for _, a := range m.index.inside {
		known, lost := m.stampLost(a)
		p := m.byAnchor[known.Anchor]
		if !lost || known.Anchor == "" || m.declined[a.GUID] || p == nil || !p.active || p.account != nil || p.settled {
			continue
		}
		p.settled, m.resting[a.GUID], m.strayed[a] = true, true, true
		m.fail(p, StampLost, m.stampLostText(a, known)+". Until then its person gets no other one")
	}
}

// backAgain names accounts of ours that were taken for deleted and are there again,
// from a backup for instance: another one was made in their place, or nobody keeps
// them any more.
func (m *maker) backAgain() {
	for _, a := range slices.Concat(m.index.inside, m.index.outside) {
		_, known := m.remembered(a)
		inGroup := slices.ContainsFunc(m.groups.all, func(g *Group) bool { return g.SID != "" && a.MemberOf[g.SID] })
		if !m.in.Memory.Deleted[a.GUID] || known || m.byTarget[a.GUID] != nil || a.Class != "user" || !a.Enabled() && !inGroup {
			continue
		}
		m.strayed[a] = true
		who := m.displayAccount(a)
		who.Anchor = "" // has another account, or has left
		m.plan.Failed = append(m.plan.Failed, Note{who, BackAgain, "this account was taken for deleted, and is there again, from a backup perhaps: " + a.DN +
			". Nobody keeps it; disable it and take it out of its groups, or delete it"})
	}
}

// works reports whether somebody can log on by an account that is nobody's in the
// file.
func (m *maker) works(a *Account) bool {
	return a.Class == "user" && a.Enabled() && m.byTarget[a.GUID] == nil
}

// leftBehind reports whether the person of an account outside the container has
// left.
func (m *maker) leftBehind(a *Account, known Remembered) bool {
	p := m.formerPerson(a)
	return m.works(a) && (p == nil || !p.active && !p.settled)
}

// letsGo reports whether an account is no longer this program's to know: whoever
// moved it out of the container has cleared or changed its stamp, too. A stamp
// that cannot be read, or is looked for in another attribute, tells nothing.
func (m *maker) letsGo(a *Account, known Remembered) bool {
	looked := m.cfg.AnchorAttribute != "" && sameFold(m.in.Memory.AnchorAttribute, m.cfg.AnchorAttribute)
	return looked && !a.StampUnread && m.byTarget[a.GUID] == nil && known.Meant == "" && a.Stamp.Anchor != known.Anchor
}

// failUnread makes nobody a second account while the stamp of the one that they
// had cannot be read.
func (m *maker) failUnread() {
	for _, a := range m.index.outside {
		known, ok := m.remembered(a)
		if p := m.byAnchor[known.Anchor]; ok && a.StampUnread && p != nil && p.active && p.account == nil && !p.settled {
			p.settled = true
			m.fail(p, MovedOut, fmt.Sprintf("the account is now %s, where the bound account may not read its %s. Give it the right, or move the account back to %s",
				a.DN, m.cfg.AnchorAttribute, m.obs.Container.DN))
		}
	}
}

// anchorMoved reports whether the configuration names another anchor attribute
// than before.
func (m *maker) anchorMoved() bool {
	before := m.in.Memory.AnchorAttribute
	return before != "" && !sameFold(before, m.cfg.AnchorAttribute)
}

// formerPerson is who an account was kept for, nil where the file doesn't have
// them.
func (m *maker) formerPerson(a *Account) *person {
	known, _ := m.remembered(a)
	if known.Anchor != "" && m.in.File.Anchored() {
		return m.byAnchor[known.Anchor]
	}
	for _, p := range m.people {
		if sameExact(m.wantedCN(p), a.CN) || sameExact(p.user.SAMAccountName, a.AccountName) {
			return p
		}
	}
	return nil
}

// stray names the account, or the person where there is nothing else to say
// about them.
func (m *maker) stray(a *Account, why Reason, detail string) {
	m.strayed[a] = true
	p, who := m.formerPerson(a), m.displayAccount(a)
	switch {
	case p == nil:
	case p.account == nil && !p.active && !p.settled:
		p.settled = true
		m.fail(p, why, detail)
		return
	default:
		who.Anchor = "" // has another account, or gets one
	}
	m.plan.Failed = append(m.plan.Failed, Note{who, why, detail})
}

func (m *maker) movedOutText(a *Account) string {
	left := leftText(m.formerPerson(a))
	var groups []string
	for _, g := range m.groups.all {
		if g.Missing == "" && a.MemberOf[g.SID] {
			groups = append(groups, g.CN)
		}
	}
	member, letGo := "", ""
	if len(groups) > 0 {
		member = ", and in " + strings.Join(groups, ", ")
	}
	if known, _ := m.remembered(a); m.cfg.AnchorAttribute != "" && known.Anchor != "" {
		letGo = "; if it is no longer this program's, clear its " + m.cfg.AnchorAttribute
		if a.StampUnread {
			letGo += ", and let the bound account read that attribute"
		}
	}
	return fmt.Sprintf("%s, while the account is now %s and still enabled%s. Disable it there, or move it back to %s, and it will be disabled%s",
		left, a.DN, member, m.obs.Container.DN, letGo)
}

func (m *maker) stampLostText(a *Account, known Remembered) string {
	what := "is gone"
	switch {
	case a.Stamp.Anchor != "" && a.Stamp.Anchor == known.Anchor:
		what = fmt.Sprintf("names the source domain %s, while the user file comes from %s", a.Stamp.Domain, m.in.File.Source.Domain)
	case a.Stamp.Anchor != "":
		what = "was changed; it names " + strings.TrimSuffix(a.Stamp.Anchor+"@"+a.Stamp.Domain, "@")
	case a.Stamp.Other != "":
		what = "was overwritten by something else"
	}
	how := known.How
	if how == HowFound {
		how = "knows"
	}
	text := fmt.Sprintf("the stamp in %s of this account, which this program %s, %s; it is left alone, and not disabled when its person leaves", m.cfg.AnchorAttribute, how, what)
	if m.anchorMoved() {
		return text + fmt.Sprintf(". Most likely because anchor_attribute was %s before: set it to that again", m.in.Memory.AnchorAttribute)
	}
	back := "Clear it"
	if known.Anchor != "" {
		back = "Write " + m.stampWords(known.Anchor) + " into it again"
	}
	if a.Enabled() {
		back += ", or disable the account"
	}
	return fmt.Sprintf("%s. %s; if it is no longer this program's, move it out of %s", text, back, m.obs.Container.DN)
}

func (m *maker) stampWords(anchor string) string {
	if m.schemaOf(m.cfg.AnchorAttribute).Binary {
		return "the objectGUID " + anchor
	}
	return StampText(anchor, m.in.File.Source)
}
