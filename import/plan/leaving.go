package plan

import "slices"

// leaving is who is not, or no longer, looked after by way of the file: missing,
// gone, or out of our hands.
type leaving struct {
	*facts
	draft   *draft
	owners  *owners
	naming  *naming
	missing []*account // managed, and not in the file
	went    []*account // taken over by another source's import (row 38a)

	sources  map[string]bool       // of accounts in the container that are not this program's; nil until they are asked for
	byAnchor map[string][]*account // of these, by each anchor that they may be known by
	called   map[string]bool       // their CNs
}

// findLeavers names them. Who was given an account for its name is known by now, so
// that this account is not missing.
func findLeavers(named *naming) *leaving {
	m := &leaving{facts: named.facts, draft: named.draft, owners: named.owners, naming: named}
	m.findMissing()
	m.indexMissing()
	m.strays()
	m.backAgain()
	m.reportOutOfSight()
	m.reportGone()
	m.nameLeftBehind()
	return m
}

// findMissing lists the managed accounts that no user of the file stands for.
// Of two with one anchor neither is touched (row 3).
func (m *leaving) findMissing() {
	byAnchor, doubt := map[string][]*account{}, map[string]string{}
	for _, a := range m.index.inside {
		if a.person == nil && !a.resting && m.ledger.managed(a) {
			m.missing = append(m.missing, a)
			if anchor := m.show.account(a).Anchor; anchor != "" {
				byAnchor[anchor] = append(byAnchor[anchor], a)
			}
		}
	}
	m.missing = slices.DeleteFunc(m.missing, func(a *account) bool {
		who := m.show.account(a)
		all := byAnchor[who.Anchor]
		if len(all) < 2 {
			return false
		}
		if doubt[who.Anchor] == "" {
			doubt[who.Anchor] = m.owners.rest(all)
		}
		m.draft.plan.Failed = append(m.draft.plan.Failed, Note{who, AnchorNotUnique, doubt[who.Anchor]})
		return true
	})
}

func (m *leaving) indexMissing() {
	m.byAnchor, m.called = map[string][]*account{}, map[string]bool{}
	for _, a := range m.missing {
		m.called[folded(a.CN)] = true
		known, _ := m.ledger.remembered(a)
		one, other := folded(known.Anchor), folded(m.ledger.anchorOf(a))
		m.byAnchor[one] = append(m.byAnchor[one], a)
		if other != one {
			m.byAnchor[other] = append(m.byAnchor[other], a)
		}
	}
}
