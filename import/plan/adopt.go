package plan

// askAdopt is rows 6 and 16. Rejected, the person is left alone: two accounts
// with one stamp would come of anything else.
func (m *maker) askAdopt(p *person, a *Account, why Reason) {
	m.resting[a.GUID] = true
	if m.adoptQuestion(p, a, why) == refused {
		m.skip(p, Rejected, "taking over "+a.DN+" was rejected. Clear its "+m.cfg.AnchorAttribute+" to have an account created")
	}
}

func (m *maker) adoptQuestion(p *person, a *Account, why Reason) verdict {
	q := Question{
		Kind: Adopt, Reason: why, Person: m.display(p), Holder: a, Single: true, Barred: m.barred(p, a),
		Wanted: p.user.SAMAccountName, Expires: m.expiryOf(p),
		Decision: []Field{
			{Code: FieldAccountName, After: []string{p.user.SAMAccountName}},
			{Code: FieldBecause, After: []string{string(why)}},
			{Code: FieldTheAccount, After: []string{a.GUID.String()}},
			{Code: FieldDistinguishedName, After: []string{a.DN}},
		},
		Context: append(m.adoptContext(p, a), m.personContext(p)...),
		Losing:  m.losing(p, a),
	}
	if why == SameMail {
		q.Decision = append(q.Decision, Field{Code: FieldMail, After: []string{m.mailOf(p)}})
	}
	v, answer := m.ask(q)
	switch v {
	case open:
		p.settled, p.touched = true, true
		m.resting[a.GUID] = true
	case agreed:
		m.adopted(p, a, answer)
	case refused:
		m.declined[a.GUID] = true
	}
	return v
}

func (m *maker) adoptContext(p *person, a *Account) []Field {
	known, ok := m.remembered(a)
	switch {
	case !ok:
		return m.flags(a)
	case known.Anchor != "" && known.Anchor != p.user.ObjectGUID:
		return append(m.flags(a), Field{Code: FieldSoFar, After: []string{"managed for somebody else of the source"}})
	}
	return append(m.flags(a), Field{Code: FieldSoFar, After: []string{"managed by this program"}})
}

// adopted is row 18: somebody agreed that this account is the person's.
func (m *maker) adopted(p *person, a *Account, answer *Answer) {
	p.touched = true
	if why := m.barred(p, a); why != "" {
		p.settled = true
		m.fail(p, Answered, "the account cannot be taken over: "+why)
		return
	}
	m.byTarget[a.GUID] = p
	p.account, p.takeOver = a, answer
}

// barred tells why a person cannot be given this account.
func (m *maker) barred(p *person, a *Account) string {
	known, _ := m.remembered(a)
	stamped := m.stamps() && a.Stamp.Anchor == p.user.ObjectGUID
	switch {
	case a.Class != "user":
		return "it is a " + a.Class + ", not a user"
	case a.Protected != "":
		return a.Protected
	case p.account != nil && p.account != a:
		return "the person has an account already: " + p.account.DN
	case m.byTarget[a.GUID] != nil:
		return "it is the account of somebody else in the file"
	case m.foreign(a):
		return "it belongs to another source domain, " + a.Stamp.Domain
	case a.Stamp.Anchor != "" && !stamped:
		return "it is stamped for somebody else. Reject, or give another name; if it is the same person, clear " + m.cfg.AnchorAttribute +
			" of " + a.DN + " by hand, and the next import asks whether to adopt it"
	case known.Anchor != "" && known.Anchor != p.user.ObjectGUID && !stamped && !m.setFree(a):
		return "it was managed for somebody else"
	case m.stamps() && a.Stamp.Other != "":
		return m.unstampable(a)
	}
	return ""
}

// setFree reports whether somebody cleared the stamp of a person who has left, so
// that another may be given the account.
func (m *maker) setFree(a *Account) bool {
	known, _ := m.remembered(a)
	return m.stamps() && a.Stamp == (Stamp{}) && known.Anchor != "" && m.byAnchor[known.Anchor] == nil
}

// stampOnly is row 7 carried out, and row 18 for a person whom the file
// disables: the account becomes known, the next run does the rest.
func (m *maker) stampOnly(p *person) {
	why := MatchedByName
	if p.takeOver != nil || m.unfinished(p) != nil {
		why = Answered
	}
	m.adopt(p, why)
}
