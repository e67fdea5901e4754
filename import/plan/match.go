package plan

import (
	"slices"
	"strings"
)

// matching is whose account is whose (rows 1 to 9, 16, 41 to 45, and 72).
type matching struct {
	*facts
	draft    *draft
	owners   *owners
	adoption *adoption
	byNames  *byNames
}

// match finds the account of every person.
func match(f *facts) *matching {
	d := newDraft(f)
	o := newOwners(f, d)
	a := &adoption{f, d, o}
	m := &matching{f, d, o, a, &byNames{f, d, o, a, map[*person][]string{}}}
	if m.ledger.anchors() {
		for _, p := range m.roster.people {
			m.matchByAnchor(p)
		}
		m.adoption.matchMigrated()
	} else {
		m.byNames.matchByCN()
	}
	m.failUnread()
	m.failOutOfSight()
	(&byKeys{facts: f, draft: d, owners: o, adoption: a, byNames: m.byNames}).matchByKeys()
	m.byNames.matchByName() // an anchor is the better claim
	m.failAnchorLost()
	m.adoption.matchAnew()
	m.failUnheard()
	m.adoption.matchSameMail()
	m.failKeyUnread()
	return m
}

// failUnheard keeps an account from being made again through a controller that
// has not heard of it yet (rule 22).
func (m *matching) failUnheard() {
	for _, p := range m.roster.people {
		if detail, made := m.in.Memory.Unheard[p.user.ObjectGUID]; made && p.account == nil && !p.settled && p.active {
			p.settled = true
			m.draft.fail(p, NotReplicated, detail)
		}
	}
}

// matchByAnchor is rows 1, 3, 5, 6 and 16.
func (m *matching) matchByAnchor(p *person) {
	all := slices.DeleteFunc(slices.Clone(m.index.byAnchor[p.user.ObjectGUID]), m.ledger.former) // row 72 asks
	var sure []*account
	for _, a := range all {
		if m.ledger.confirmed(a) {
			sure = append(sure, a)
		}
	}
	switch {
	case len(sure) == 1 && m.ledger.beyondTheLedger(sure[0], all):
		m.owners.failAnchor(p, all)
	case len(sure) == 1 && (sure[0].known.How == HowFound || sure[0].known.How == HowOutside) && slices.ContainsFunc(all, m.ledger.unknownSince):
		m.owners.failAnchor(p, all) // what was found outside when the ledger was lost is no likelier, wherever it is by now
	case len(sure) == 1:
		m.matchOne(p, sure[0], true)
	case len(all) > 1:
		m.owners.failAnchor(p, all)
	case len(all) == 1:
		m.matchOne(p, all[0], false)
	}
}

func (m *matching) matchOne(p *person, a *account, sure bool) {
	switch {
	case !a.InContainer && !p.active:
		a.resting = true
	case a.Protected != "" && p.active && !(sure && a.InContainer):
		m.owners.failProtected(p, a)
	case a.Protected != "" && !sure && m.ledger.reaches(a): // ours, but not this person's: row 38 names it
	case a.Protected != "" && !sure: // row 1: take skips it
		m.owners.take(p, a)
	case !a.InContainer:
		m.adoption.askAdopt(p, a, MovedOut)
	case sure:
		m.owners.take(p, a)
	default:
		m.adoption.askAdopt(p, a, Unconfirmed)
	}
}

// failAnchor is row 3.
func (o *owners) failAnchor(p *person, all []*account) {
	p.settled = true
	o.draft.fail(p, AnchorNotUnique, o.rest(all))
}

// rest leaves accounts alone whose owner is in doubt, and says which.
func (o *owners) rest(all []*account) string {
	var where []string
	for _, a := range all {
		where = append(where, a.DN)
		a.resting, a.inDoubt = true, true
	}
	slices.Sort(where)
	where = some(where)
	if o.ledger.anchors() {
		return "these accounts carry the same anchor: " + strings.Join(where, "; ") +
			". Clear " + o.cfg.AnchorAttribute + " of all but the right one"
	}
	return "it cannot be told whose accounts these are: " + strings.Join(where, "; ") +
		". Export with source_anchor, or make the common names differ"
}

// take makes the account the person's, unless it is out of reach (row 1) or the
// anchor cannot be written (rule 18). A taking over that was cut short is
// finished, and nothing else is done in this run.
func (o *owners) take(p *person, a *account) {
	a.person = p
	p.account = a
	switch {
	case !o.ledger.reaches(a):
		o.leaveProtected(p, a)
	case o.ledger.anchors() && a.Anchor.Other != "":
		p.settled = true
		o.draft.fail(p, AnchorInUse, o.ledger.anchorInUse(a))
	case a.Protected != "" && o.ledger.unfinished(p) != nil:
		p.settled = true
		o.draft.fail(p, Protected, a.Protected+". Taking it over was cut short, and is not finished as long as that is so")
	default:
		p.anchorOnly = o.ledger.unfinished(p) != nil
	}
}

func (l *ledger) anchorInUse(a *account) string {
	return l.cfg.AnchorAttribute + " of " + a.DN + " holds another program's value. Clear it, or choose another anchor_attribute"
}
