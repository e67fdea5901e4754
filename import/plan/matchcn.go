package plan

import "cmp"

// matchByCN is row 9: in files without anchors the CN says who a person is, as
// in the older tool. Of namesakes, those whose account name is also equal come
// first; where that does not tell them apart, no one gets the account.
func (m *byNames) matchByCN() {
	m.matchByLedger()
	doubles := m.failDoubles()
	for _, form := range m.names.cnForms() {
		for _, p := range m.roster.people {
			if p.account == nil && !p.settled {
				if a := m.sameNames(p, form); a != nil {
					m.owners.take(p, a)
				}
			}
		}
	}
	for _, p := range doubles { // whose these are is open
		m.owners.rest(m.sameCN(p))
		for _, form := range m.names.cnForms() {
			if a := m.sameNames(p, form); a != nil {
				m.owners.rest([]*account{a})
			}
		}
	}
	m.matchCNAlone()
}

// matchByLedger is row 5 where no anchors are written: the ledger may know it.
func (m *byNames) matchByLedger() {
	byAnchor := map[string][]*account{}
	for _, a := range m.index.inside {
		if known, _ := m.ledger.remembered(a); known.Anchor != "" && m.ledger.managed(a) {
			byAnchor[known.Anchor] = append(byAnchor[known.Anchor], a)
		}
	}
	for _, p := range m.roster.people {
		switch all := byAnchor[p.user.ObjectGUID]; {
		case len(all) == 1:
			m.owners.take(p, all[0])
		case len(all) > 1:
			m.owners.failAnchor(p, all)
		}
	}
}

// failDoubles leaves people alone whom nothing in the file tells apart: equal
// account names, and a CN that both might have.
func (m *byNames) failDoubles() (doubles []*person) {
	alike := map[string]map[*person]bool{}
	for _, p := range m.roster.people {
		for _, name := range m.draft.namesOf(p) {
			for _, cn := range []string{m.names.wantedCN(p), m.names.namesakeCN(p, name)} {
				key := m.keys.of(name) + "\x00" + m.keys.of(cn)
				if alike[key] == nil {
					alike[key] = map[*person]bool{}
				}
				alike[key][p] = true
			}
		}
	}
	isDouble := map[*person]bool{}
	for _, people := range alike {
		for p := range people {
			isDouble[p] = isDouble[p] || len(people) > 1
		}
	}
	for _, p := range m.roster.people {
		if isDouble[p] && p.account == nil && !p.settled {
			p.settled = true
			doubles = append(doubles, p)
			m.draft.fail(p, AnchorNotUnique, "another user of the file has this account name and may have this common name. Export with source_anchor")
		}
	}
	return doubles
}

// namesOf are the account names a person may have got.
func (d *draft) namesOf(p *person) []string {
	names := []string{d.names.wantedName(p)}
	if given, _ := d.kept.newName(d.show.person(p), nil, d.names.wantedName(p)); given != "" {
		names = append(names, given)
	}
	return names
}

func (m *byNames) matchCNAlone() {
	namesakes := map[string]int{}
	for _, p := range m.roster.people {
		if p.account == nil && !p.settled {
			namesakes[exact(m.names.wantedCN(p))]++
		}
	}
	found := map[*person][]*account{} // complete before anybody gets one
	for _, p := range m.roster.people {
		if p.account == nil && !p.settled {
			found[p] = m.sameCN(p)
		}
	}
	for _, p := range m.roster.people {
		switch all := found[p]; {
		case len(all) == 1 && namesakes[exact(m.names.wantedCN(p))] == 1:
			m.owners.take(p, all[0])
		case len(all) > 0:
			m.owners.failAnchor(p, all)
		}
	}
}

// cnForm reports whether a person with an account name may have a CN.
type cnForm func(p *person, name, cn string) bool

// cnForms are the CNs that this program assigns to a person, the surest first:
// the file's, and the one that tells namesakes apart (row 10).
func (k *names) cnForms() []cnForm {
	var forms []cnForm
	for _, same := range []func(a, b string) bool{sameExact, k.keys.same} {
		forms = append(forms,
			func(p *person, _, cn string) bool { return same(cn, k.wantedCN(p)) },
			func(p *person, name, cn string) bool { return same(cn, k.namesakeCN(p, name)) })
	}
	return forms
}

// sameNames is the managed account with the account name of the person, or one
// that was chosen for them, and a CN of this form.
func (m *byNames) sameNames(p *person, form cnForm) *account {
	for _, name := range m.draft.namesOf(p) {
		for _, a := range m.index.called(name) {
			if sameExact(a.AccountName, name) && form(p, name, a.CN) && m.owners.mayBeBy(p, a) && m.ledger.mine(p, a) {
				return a
			}
		}
	}
	return nil
}

func (m *byNames) sameCN(p *person) []*account {
	var found []*account
	for _, a := range m.index.withCN(m.names.wantedCN(p)) {
		if sameExact(a.CN, m.names.wantedCN(p)) && m.owners.mayBeBy(p, a) && m.ledger.managed(a) {
			found = append(found, a)
		}
	}
	return found
}

// mayBeBy reports whether an account may be the person's for its names: no one
// else's in this file, and not known to the ledger as another's.
func (o *owners) mayBeBy(p *person, a *account) bool {
	known, _ := o.ledger.remembered(a)
	anothers := known.Anchor != "" && p.user.ObjectGUID != "" && known.Anchor != p.user.ObjectGUID
	return !anothers && a.person == nil && !a.resting
}

// mine reports whether an account is managed, or was made for this person by a
// run that was killed: where no anchors are written, only the names tell that.
func (l *ledger) mine(p *person, a *account) bool {
	return l.managed(a) || !l.anchors() && l.meant(cmp.Or(p.user.ObjectGUID, a.CN), a)
}
