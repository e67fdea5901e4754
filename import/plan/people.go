package plan

// display is the person as the plan will leave them.
func (m *maker) display(p *person) Person {
	if p.shown != nil {
		return *p.shown
	}
	d := Person{Anchor: p.user.ObjectGUID, CN: p.cn, AccountName: p.name, UPN: p.upn,
		Mail: m.after(p, "mail"), DisplayName: m.after(p, "displayName")}
	if p.account != nil {
		d.GUID, d.DN = p.account.GUID, p.account.DN
	}
	if d.CN == "" {
		d.CN = m.wantedCN(p)
	}
	if d.AccountName == "" {
		d.AccountName = p.user.SAMAccountName
	}
	if m.final {
		p.shown = &d
	}
	return d
}

// displayAccount is somebody who is not in the file. A stamp that the ledger
// doesn't confirm names nobody.
func (m *maker) displayAccount(a *Account) Person {
	known, _ := m.remembered(a)
	anchor := known.Anchor
	if anchor == "" && m.confirmed(a) {
		anchor = a.Stamp.Anchor
	}
	return Person{Anchor: anchor, GUID: a.GUID, DN: a.DN, CN: a.CN, AccountName: a.AccountName,
		UPN: a.UPN, Mail: a.Mail, DisplayName: a.DisplayName}
}

// showQuestions lets name questions show what is known by now.
func (m *maker) showQuestions() {
	for i := range m.plan.Questions {
		q := &m.plan.Questions[i]
		if p := m.asking[q.ID]; p != nil {
			q.Person.Mail, q.Person.DisplayName = m.after(p, "mail"), m.after(p, "displayName")
		}
	}
}

// listManaged names what the ledger is to know from now on. Accounts that are
// adopted in this run become known by that.
func (m *maker) listManaged() {
	for _, p := range m.people {
		if a := p.account; a != nil && m.reaches(a) && p.takeOver == nil && m.byTarget[a.GUID] == p && m.mine(p, a) {
			m.plan.Managed = append(m.plan.Managed, m.display(p))
		}
	}
	for _, a := range m.missing {
		m.plan.Managed = append(m.plan.Managed, m.displayAccount(a))
	}
}

// reportRest is rows 2 and 4.
func (m *maker) reportRest() {
	gone := map[*Account]bool{}
	for _, a := range m.missing {
		gone[a] = true
	}
	for _, a := range m.index.inside {
		if a.Class != "user" || m.byTarget[a.GUID] != nil || gone[a] || m.resting[a.GUID] || m.strayed[a] {
			continue
		}
		why, detail := Unmanaged, "left alone"
		switch {
		case m.foreign(a):
			why, detail = Foreign, "stamped for "+a.Stamp.Domain+"; left alone"
		case m.stamps() && a.Stamp.Anchor != "":
			detail = "its stamp was not written by this program; left alone"
		}
		m.plan.Unmanaged = append(m.plan.Unmanaged, Note{m.displayAccount(a), why, detail})
	}
}

func (m *maker) act(p *person, kind Kind, why Reason, changes ...Change) *Action {
	p.touched = true
	a := m.add(Action{Kind: kind, Reason: why, Person: m.display(p), Changes: changes})
	if writes := kind == Create || kind == Adopt || kind == Rename; writes && !m.bears(p, p.name) {
		a.NamedBy = p.namedBy
	}
	return a
}

// add gives the action its ID. What it returns is good until the next one.
func (m *maker) add(a Action) *Action {
	a.ID = m.actionID(a)
	if account := m.accountOf(a.Person); account != nil {
		a.Protected = account.Protected
	}
	m.plan.Actions = append(m.plan.Actions, a)
	return &m.plan.Actions[len(m.plan.Actions)-1]
}

func (m *maker) skip(p *person, why Reason, detail string) {
	p.touched, p.settled = true, true
	m.plan.Skipped = append(m.plan.Skipped, Note{m.display(p), why, detail})
}

// leaveOut is a value of the file that cannot be had; the rest is done, and
// nobody has to act.
func (m *maker) leaveOut(p *person, detail string) {
	m.plan.LeftOut = append(m.plan.LeftOut, Note{m.display(p), BadValue, detail})
}

func (m *maker) fail(p *person, why Reason, detail string) {
	p.touched, p.failed = true, true
	m.plan.Failed = append(m.plan.Failed, Note{m.display(p), why, detail})
}
