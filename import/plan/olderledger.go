package plan

import (
	"slices"
	"strings"
)

// newer reports whether an account shows that the ledger may be older than it, put back from a
// backup: it is anchored for this source, and the ledger knows neither it nor, by another
// one, its anchor. Of 16 bytes nothing tells whose source they are.
func (l *ledger) newer(a *account) bool {
	if _, known := l.remembered(a); known || !l.anchors() || !a.InContainer || a.Class != "user" {
		return false
	}
	anchor := a.Anchor.ObjectGUID
	of := anchor != "" && a.Anchor.Domain != "" && !l.foreign(a) && !l.former(a) && !l.confirmed(a) && !l.anchoredBefore(a)
	return of && !l.vouchedFor()[anchor] && !l.in.Memory.Moved[strings.ToLower(anchor)]
}

// newerLeaver reports whether that is someone whom the file does not have.
func (r *roster) newerLeaver(a *account) bool {
	return a.person == nil && !a.resting && r.ledger.newer(a) && r.byAnchor[strings.ToLower(a.Anchor.ObjectGUID)] == nil
}

// newerUndecided counts such accounts that work, and those of people who are disabled in the
// source and asked about: whoever is new may be one of them, made anew there (row 4).
func (m *deciding) newerUndecided() (n int) {
	for _, a := range m.index.inside {
		if a.Protected != "" && !a.GivesWay || !m.ledger.newer(a) {
			continue
		}
		p := m.roster.byAnchor[strings.ToLower(a.Anchor.ObjectGUID)]
		works := a.Enabled() && !m.calendar.over(a) && m.roster.newerLeaver(a)
		if works || p != nil && !p.active && a.Protected == "" && (p.account == nil && a.resting && !a.declined && !a.inDoubt || p.account == a) {
			n++
		}
	}
	return n
}

// beyondTheLedger reports whether a copy of an anchor that was found outside counts for no more than
// another account with it, which the ledger does not know.
func (l *ledger) beyondTheLedger(sure *account, all []*account) bool {
	return sure.known.How == HowOutside && slices.ContainsFunc(all, func(a *account) bool {
		_, known := l.remembered(a)
		return !known
	})
}
