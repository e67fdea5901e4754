package plan

import (
	"fmt"
	"strings"
)

// unreadSince reports whether the anchor of an account cannot be read that carried one when the
// ledger was lost, or may have; and which that was, "" where it could not be read then either.
func (l *ledger) unreadSince(a *account) (anchor string, is bool) {
	anchor, asked := l.in.Memory.AnchoredBefore[a.GUID]
	_, known := l.remembered(a)
	return anchor, asked && l.anchors() && a.AnchorUnread && a.Class == "user" && !known
}

// failUnreadSince makes no one a second account whose account carried their anchor when the
// ledger was lost, and does not show it now (row 74).
func (m *matching) failUnreadSince() {
	for _, a := range m.index.all() {
		anchor, hidden := m.ledger.unreadSince(a)
		p := m.roster.whoHad(strings.ToLower(anchor))
		if !hidden || anchor == "" || p == nil || !p.active || p.account != nil || p.settled {
			continue
		}
		p.settled, a.resting, a.strayed = true, true, true
		m.draft.fail(p, Unconfirmed, m.ledger.unreadText(a)+". Until then its person gets no other one")
	}
}

// reportUnreadSince names the accounts of whom no one knows, and returns how many there are: one
// of them may be the account of whoever is new.
func (m *deciding) reportUnreadSince() (undecided int) {
	for _, a := range m.index.inside {
		if _, hidden := m.ledger.unreadSince(a); hidden && !a.strayed {
			a.strayed = true
			m.draft.plan.Failed = append(m.draft.plan.Failed, Note{m.show.account(a), Unconfirmed, m.ledger.unreadText(a) + ". Should its person have left, it is not disabled"})
			undecided++
		}
	}
	return undecided
}

func (l *ledger) unreadText(a *account) string {
	return fmt.Sprintf("the bound account may not read %s of %s, and since the ledger was lost nothing else tells whose it is. Give it the right to read it, and the account's access list; if the account is not this program's, move it out of %s",
		l.cfg.AnchorAttribute, a.DN, l.obs.Container.DN)
}
