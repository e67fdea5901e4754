package plan

// byNames matches accounts without an anchor.
type byNames struct {
	*facts
	draft    *draft
	owners   *owners
	adoption *adoption
	contrary map[*person][]string // what match has against the account of both names
}

// matchByName is rows 7 and 8: an account of the container that carries no anchor.
// Both names equal is the better claim, so all of these go first.
func (m *byNames) matchByName() {
	for _, p := range m.roster.people {
		if p.account == nil && !p.settled {
			if a := m.bothNames(p); a != nil {
				m.matchBoth(p, a)
			}
		}
	}
	for _, p := range m.roster.people {
		if p.account == nil && !p.settled && p.active {
			if a := m.oneName(p); a != nil {
				m.askSame(p, a)
			}
		}
	}
}

// unclaimed reports whether an account without an anchor may be matched by its names.
func (m *byNames) unclaimed(p *person, a *account) bool {
	return a.Anchor.ObjectGUID == "" && m.owners.mayBeBy(p, a)
}

func (m *byNames) bothNames(p *person) *account {
	for _, a := range m.index.called(m.names.wantedName(p)) {
		if m.names.sameBoth(p, a) && m.unclaimed(p, a) {
			return a
		}
	}
	return nil
}

func (k *names) sameBoth(p *person, a *account) bool {
	return sameExact(a.AccountName, k.wantedName(p)) && sameExact(a.CN, k.wantedCN(p))
}

// oneName is generous, since a person decides. A protected account is no one's.
func (m *byNames) oneName(p *person) *account {
	for _, list := range [][]*account{
		m.index.called(m.names.wantedName(p)),
		m.index.withCN(m.names.wantedCN(p)),
	} {
		for _, a := range list {
			free := m.roster.setFree(a) && a.person == nil && !a.resting
			if (free || m.unclaimed(p, a)) && a.Protected == "" {
				return a
			}
		}
	}
	return nil
}

// matchBoth takes the account, and anchors it in this run, no more. After a
// first run that is automatic only for what the ledger knows: an account made
// by an earlier file without anchors, or one whose adoption was cut short.
func (m *byNames) matchBoth(p *person, a *account) {
	known, _ := m.ledger.remembered(a)
	sure := m.sureByNames(p, a)
	anchorable := !m.ledger.anchors() || a.Anchor.Other == ""                                                 // else there is nothing that a person could agree to
	asks := !sure && (m.in.Memory.Finished || len(m.contrary[p]) > 0) || m.refused(p, a) && known.Meant == "" // else it was begun
	if a.Protected == "" && anchorable && asks {
		m.askSame(p, a)
		return
	}
	if a.Protected != "" && p.active && known.Anchor != "" && !sure && anchorable && m.ledger.reaches(a) {
		return // row 38
	}
	m.owners.take(p, a)
	p.anchorOnly = !p.settled && a.Protected == ""
}

// sureByNames reports whether the ledger vouches for an account with both names.
func (m *byNames) sureByNames(p *person, a *account) bool {
	known, ok := m.ledger.remembered(a)
	return ok && known.Anchor == "" || known.Meant != "" && known.Meant == p.user.ObjectGUID ||
		!m.ledger.anchors() && m.ledger.mine(p, a)
}

// refused reports whether someone said that the account is not taken over for the person unasked.
func (m *byNames) refused(p *person, a *account) bool {
	return p.user.ObjectGUID != "" && m.in.Wishes.against(p.user.ObjectGUID, a.GUID.String(), m.names.wantedName(p), a.AccountName)
}

// takesUnasked reports whether row 7 gives the person an account without a question.
func (m *byNames) takesUnasked(p *person) bool {
	a := m.bothNames(p)
	return a != nil && a.Protected == "" && !m.refused(p, a) && (m.sureByNames(p, a) || !m.in.Memory.Finished && len(m.contrary[p]) == 0)
}

// askSame is row 8. Rejected, the account is another person's, and the person
// gets one of their own.
func (m *byNames) askSame(p *person, a *account) {
	why := SamePerson
	if m.names.sameBoth(p, a) {
		why = MatchedByName
	}
	q := m.adoption.question(p, a, why)
	if against := m.contrary[p]; why == MatchedByName && len(against) > 0 {
		q.Decision = append(q.Decision, Field{Code: FieldEvidence, After: append([]string{"full name and account name agree"}, against...)})
	}
	if v, answer := m.adoption.put(p, a, q); v == agreed {
		m.owners.adopted(p, a, answer)
	}
}
