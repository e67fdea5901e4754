package plan

// matchByCN is row 9: in files without anchors the CN says who somebody is, as
// in the older tool. Of namesakes, those whose account name is also equal come
// first; where that does not tell them apart, nobody gets the account.
func (m *maker) matchByCN() {
	for _, p := range m.people {
		if a := m.sameNames(p); a != nil {
			m.take(p, a)
		}
	}
	namesakes := map[string]int{}
	for _, p := range m.people {
		if p.account == nil {
			namesakes[exact(m.wantedCN(p))]++
		}
	}
	found := map[*person][]*Account{} // complete before anybody gets one
	for _, p := range m.people {
		if p.account == nil {
			found[p] = m.sameCN(p)
		}
	}
	for _, p := range m.people {
		switch all := found[p]; {
		case len(all) == 1 && namesakes[exact(m.wantedCN(p))] == 1:
			m.take(p, all[0])
		case len(all) > 0:
			m.failAnchor(p, all)
		}
	}
}

// sameNames is the managed account with the account name of the person and the
// CN that this program gives to them, or gave to tell them apart (row 10).
func (m *maker) sameNames(p *person) *Account {
	names := []string{p.user.SAMAccountName}
	if given := m.kept.newName(m.display(p), nil, p.user.SAMAccountName); given != "" {
		names = append(names, given)
	}
	for _, name := range names {
		for _, cn := range []string{m.wantedCN(p), m.namesakeCN(p, name)} {
			for _, a := range m.index.byCN[m.keys.of(cn)] {
				if sameExact(a.AccountName, name) && m.mayBeBy(p, a) && m.managed(a) {
					return a
				}
			}
		}
	}
	return nil
}

func (m *maker) sameCN(p *person) []*Account {
	var found []*Account
	for _, a := range m.index.byCN[m.keys.of(m.wantedCN(p))] {
		if sameExact(a.CN, m.wantedCN(p)) && m.mayBeBy(p, a) && m.managed(a) {
			found = append(found, a)
		}
	}
	return found
}

// mayBeBy tells whether an account may be the person's for its names: nobody
// else's in this file, and not known to the ledger as another's.
func (m *maker) mayBeBy(p *person, a *Account) bool {
	known, _ := m.remembered(a)
	anothers := known.Anchor != "" && p.user.ObjectGUID != "" && known.Anchor != p.user.ObjectGUID
	return !anothers && m.byTarget[a.GUID] == nil && !m.resting[a.GUID]
}
