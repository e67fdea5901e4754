package plan

import (
	"slices"
	"strings"
)

// match finds the account of every person (rows 1 to 9 and 16).
func (m *maker) match() {
	if m.stamps() {
		for _, p := range m.people {
			m.matchByAnchor(p)
		}
	} else {
		m.matchByCN()
	}
	m.failUnread()
	m.failOutOfSight()
	m.matchByName() // a stamp is the better claim
	m.failStampLost()
	m.matchAnew()
	m.failUnheard()
	m.matchSameMail()
}

// failUnheard keeps an account from being made again through a controller that
// has not heard of it yet (rule 22).
func (m *maker) failUnheard() {
	for _, p := range m.people {
		if detail, made := m.in.Memory.Unheard[p.user.ObjectGUID]; made && p.account == nil && !p.settled && p.active {
			p.settled = true
			m.fail(p, NotReplicated, detail)
		}
	}
}

// matchByAnchor is rows 1, 3, 5, 6 and 16.
func (m *maker) matchByAnchor(p *person) {
	all := m.index.byAnchor[p.user.ObjectGUID]
	var sure []*Account
	for _, a := range all {
		if m.confirmed(a) {
			sure = append(sure, a)
		}
	}
	switch {
	case len(sure) == 1:
		m.matchOne(p, sure[0], true)
	case len(all) > 1:
		m.failAnchor(p, all)
	case len(all) == 1:
		m.matchOne(p, all[0], false)
	}
}

func (m *maker) matchOne(p *person, a *Account, sure bool) {
	switch {
	case !a.InContainer && !p.active:
		m.resting[a.GUID] = true
	case a.Protected != "" && p.active && !(sure && a.InContainer):
		m.failProtected(p, a)
	case a.Protected != "" && !sure && m.reaches(a): // ours, but not this person's: row 38 names it
	case a.Protected != "" && !sure: // row 1: take skips it
		m.take(p, a)
	case !a.InContainer:
		m.askAdopt(p, a, MovedOut)
	case sure:
		m.take(p, a)
	default:
		m.askAdopt(p, a, Unconfirmed)
	}
}

// failAnchor is row 3.
func (m *maker) failAnchor(p *person, all []*Account) {
	p.settled = true
	m.fail(p, AnchorNotUnique, m.rest(all))
}

// rest leaves accounts alone whose owner is in doubt, and says which.
func (m *maker) rest(all []*Account) string {
	var where []string
	for _, a := range all {
		where = append(where, a.DN)
		m.resting[a.GUID] = true
	}
	slices.Sort(where)
	if m.stamps() {
		return "these accounts bear the same source anchor: " + strings.Join(where, "; ") +
			". Clear " + m.cfg.AnchorAttribute + " of all but the right one"
	}
	return "it cannot be told whose accounts these are: " + strings.Join(where, "; ") +
		". Export with source_anchor, or make the common names differ"
}

// take makes the account the person's, unless it is out of reach (row 1) or the
// stamp cannot be written (rule 18). A taking over that was cut short is
// finished, and nothing else is done in this run.
func (m *maker) take(p *person, a *Account) {
	m.byTarget[a.GUID] = p
	p.account = a
	switch {
	case !m.reaches(a):
		m.leaveProtected(p, a)
	case m.stamps() && a.Stamp.Other != "":
		p.settled = true
		m.fail(p, Unstampable, m.unstampable(a))
	case a.Protected != "" && m.unfinished(p) != nil:
		p.settled = true
		m.fail(p, Protected, a.Protected+". Taking it over was cut short, and is not finished as long as that is so")
	default:
		p.stampOnly = m.unfinished(p) != nil
	}
}

func (m *maker) unstampable(a *Account) string {
	return m.cfg.AnchorAttribute + " of " + a.DN + " holds another program's value. Clear it, or choose another anchor_attribute"
}

// findMissing lists the managed accounts that nobody in the file stands for.
// Of two with one anchor neither is touched (row 3).
func (m *maker) findMissing() {
	byAnchor := map[string][]*Account{}
	for _, a := range m.index.inside {
		if m.byTarget[a.GUID] == nil && !m.resting[a.GUID] && m.managed(a) {
			m.missing = append(m.missing, a)
			if anchor := m.displayAccount(a).Anchor; anchor != "" {
				byAnchor[anchor] = append(byAnchor[anchor], a)
			}
		}
	}
	m.missing = slices.DeleteFunc(m.missing, func(a *Account) bool {
		all := byAnchor[m.displayAccount(a).Anchor]
		if len(all) < 2 {
			return false
		}
		m.plan.Failed = append(m.plan.Failed, Note{m.displayAccount(a), AnchorNotUnique, m.rest(all)})
		return true
	})
}
