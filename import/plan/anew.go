package plan

import (
	"slices"
	"strings"
)

// matchAnew is row 41: somebody who was made anew in the source, with the same
// names and another objectGUID. The account of the one who left is theirs, or a
// namesake's: a person says.
func (m *maker) matchAnew() {
	for _, p := range m.people {
		if p.account != nil || p.settled || !p.active || m.goneOf[p] != nil {
			continue
		}
		if all := m.formerAccounts(p); len(all) == 1 { // else nobody can tell which
			m.askMadeAnew(p, all[0])
		}
	}
}

// formerAccounts are managed accounts of people who are not active, with both names
// of the person, or one of them and a mail address or employeeID that nobody else
// in the file has.
func (m *maker) formerAccounts(p *person) (list []*Account) {
	for _, candidates := range [][]*Account{m.index.byName[m.keys.of(p.user.SAMAccountName)], m.index.byCN[m.keys.of(m.wantedCN(p))]} {
		for _, a := range candidates {
			one := sameExact(a.AccountName, p.user.SAMAccountName) || sameExact(a.CN, m.wantedCN(p))
			if m.ofSomebodyWhoLeft(p, a) && one && (m.sameBoth(p, a) || m.sameUnique(p, a)) && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	return list
}

func (m *maker) ofSomebodyWhoLeft(p *person, a *Account) bool {
	known, ok := m.remembered(a)
	if !ok || known.Anchor == "" || known.Anchor == p.user.ObjectGUID || !m.managed(a) || m.resting[a.GUID] || a.Protected != "" {
		return false
	}
	former := m.byAnchor[known.Anchor]
	other := m.byTarget[a.GUID]
	return (former == nil || !former.active) && (other == nil || other == former)
}

// sameUnique reports whether the account has a value that only this person of the
// file has.
func (m *maker) sameUnique(p *person, a *Account) bool {
	for _, rule := range m.attrs {
		if !sameFold(rule.name, mailAttribute) && !sameFold(rule.name, "employeeID") {
			continue
		}
		wanted := m.singleValue(p, rule)
		shared := func(other *person) bool {
			return other != p && other.active && sameFold(m.singleValue(other, rule), wanted)
		}
		has := a.Values[exact(rule.name)]
		if wanted != "" && len(has) == 1 && sameFold(has[0], wanted) && !slices.ContainsFunc(m.people, shared) {
			return true
		}
	}
	return false
}

func (m *maker) singleValue(p *person, rule attributeRule) string {
	if v, ok := m.fileValue(p.user, rule.from); ok && len(v.List) == 1 && !v.Binary && v.List[0] != "" {
		return rule.Prefix + v.List[0]
	}
	return ""
}

// askMadeAnew leaves the account to rows 29 to 31 until a person agreed. Then it
// stays disabled and waits for a new password, whatever somebody ticked.
func (m *maker) askMadeAnew(p *person, a *Account) {
	known, _ := m.remembered(a)
	q := Question{
		Kind: Adopt, Reason: MadeAnew, Person: m.display(p), Holder: a, Single: true, Barred: m.barredAnew(a), Former: known.Anchor,
		Wanted: p.user.SAMAccountName, Expires: m.expiryOf(p),
		Decision: []Field{
			{Code: FieldAccountName, After: []string{p.user.SAMAccountName}},
			{Code: FieldBecause, After: []string{string(MadeAnew)}},
			{Code: FieldTheAccount, After: []string{a.GUID.String()}},
			{Code: FieldDistinguishedName, After: []string{a.DN}},
			{Code: FieldFormerAnchor, After: []string{known.Anchor}},
		},
		Context: m.personContext(p),
	}
	v, answer := m.ask(q)
	m.replaced[strings.ToLower(known.Anchor)] = v != refused
	switch {
	case v == open:
		p.settled, p.touched = true, true
	case v == agreed && q.Barred != "":
		p.settled = true
		m.fail(p, MadeAnew, "the account cannot be taken over yet: "+q.Barred)
	case v == agreed:
		consent := *answer
		consent.Keeps = &Keeps{}
		if former := m.byTarget[a.GUID]; former != nil {
			former.account, former.stampOnly = nil, false
		}
		m.byTarget[a.GUID] = p
		p.account, p.takeOver, p.touched, p.formerAnchor = a, &consent, true, known.Anchor
	}
}

// barredAnew keeps what the one who left could do from passing on unasked.
func (m *maker) barredAnew(a *Account) string {
	for _, g := range m.groups.all {
		if g.SID != "" && a.MemberOf[g.SID] {
			return "it is still in " + g.CN + ", which it has to leave first"
		}
	}
	switch {
	case a.Enabled():
		return "it is still enabled, and has to be disabled first"
	case m.stamps() && a.Stamp.Other != "":
		return m.unstampable(a)
	}
	return ""
}
