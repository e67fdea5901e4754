package plan

import (
	"slices"
	"strings"
)

// matchAnew is row 41: a person who was made anew in the source, with the same
// names and another objectGUID. The account of the one who left is theirs, or a
// namesake's: a person says.
func (m *adoption) matchAnew() {
	for _, p := range m.roster.people {
		if p.account != nil || p.settled || !p.active || m.roster.goneOf[p] != nil {
			continue
		}
		if all := m.formerAccounts(p); len(all) == 1 { // else it cannot be told which
			m.askMadeAnew(p, all[0])
		}
	}
}

// formerAccounts are managed accounts of people who are not active, with both names
// of the person, or one of them and a mail address or employeeID that no one else
// in the file has.
func (m *adoption) formerAccounts(p *person) (list []*Account) {
	for _, candidates := range [][]*Account{m.index.byName[m.keys.of(m.names.wantedName(p))], m.index.byCN[m.keys.of(m.names.wantedCN(p))]} {
		for _, a := range candidates {
			one := sameExact(a.AccountName, m.names.wantedName(p)) || sameExact(a.CN, m.names.wantedCN(p))
			if m.ofSomebodyWhoLeft(p, a) && one && (m.names.sameBoth(p, a) || m.roster.sameUnique(p, a)) && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	return list
}

func (m *adoption) ofSomebodyWhoLeft(p *person, a *Account) bool {
	known, ok := m.ledger.remembered(a)
	if !ok || known.Anchor == "" || known.Anchor == p.user.ObjectGUID || !m.ledger.managed(a) || m.owners.resting[a.GUID] || a.Protected != "" {
		return false
	}
	former := m.roster.byAnchor[known.Anchor]
	other := m.owners.byTarget[a.GUID]
	return (former == nil || !former.active) && (other == nil || other == former)
}

// sameUnique reports whether the account has a value that only this person of the
// file has.
func (r *roster) sameUnique(p *person, a *Account) bool {
	for _, rule := range r.attrs.rules {
		if !sameFold(rule.name, mailAttribute) && !sameFold(rule.name, "employeeID") {
			continue
		}
		wanted := r.attrs.singleValue(p, rule)
		has := a.Values[exact(rule.name)]
		if wanted != "" && len(has) == 1 && sameFold(has[0], wanted) && r.sharers(rule, p, wanted) == 0 {
			return true
		}
	}
	return false
}

// sharers counts the other people, active, who have a value.
func (r *roster) sharers(rule attributeRule, p *person, value string) int {
	count := r.sharing[rule.key]
	if count == nil {
		count = map[string]int{}
		for _, other := range r.people {
			if other.active {
				count[folded(r.attrs.singleValue(other, rule))]++
			}
		}
		r.sharing[rule.key] = count
	}
	others := count[folded(value)]
	if p.active {
		others--
	}
	return others
}

func (x *attributes) singleValue(p *person, rule attributeRule) string {
	if v, ok, _ := x.made(&rule, p.user); ok && len(v.List) == 1 && !v.Binary {
		return v.List[0]
	}
	return ""
}

// askMadeAnew leaves the account to rows 29 to 31 until a person agreed. Then it
// stays disabled and waits for a new password, whatever was ticked.
func (m *adoption) askMadeAnew(p *person, a *Account) {
	known, _ := m.ledger.remembered(a)
	q := Question{
		Kind: Adopt, Reason: MadeAnew, Person: m.show.person(p), Holder: a, Single: true, Barred: m.roster.barredAnew(a), Former: known.Anchor,
		Wanted: m.names.wantedName(p), Expires: m.calendar.expiryOf(p),
		Decision: []Field{
			{Code: FieldAccountName, After: []string{m.names.wantedName(p)}},
			{Code: FieldBecause, After: []string{string(MadeAnew)}},
			{Code: FieldTheAccount, After: []string{a.GUID.String()}},
			{Code: FieldDistinguishedName, After: []string{a.DN}},
			{Code: FieldFormerAnchor, After: []string{known.Anchor}},
		},
		Context: append(m.show.context(p), m.show.use(a)...),
	}
	v, answer := m.draft.ask(q)
	m.owners.replaced[strings.ToLower(known.Anchor)] = v != refused
	switch {
	case v == open:
		p.settled, p.touched = true, true
	case v == agreed && q.Barred != "":
		p.settled = true
		m.draft.fail(p, MadeAnew, "the account cannot be taken over yet: "+q.Barred)
	case v == agreed:
		consent := *answer
		consent.Keeps = &Keeps{}
		if former := m.owners.byTarget[a.GUID]; former != nil {
			former.account, former.anchorOnly = nil, false
		}
		m.owners.byTarget[a.GUID] = p
		p.account, p.takeOver, p.touched, p.formerAnchor = a, &consent, true, known.Anchor
	}
}

// barredAnew keeps what the one who left could do from passing on unasked.
func (r *roster) barredAnew(a *Account) string {
	for _, g := range r.groups.all {
		if g.SID != "" && a.MemberOf[g.SID] {
			return "it is still in " + g.CN + ", which it has to leave first"
		}
	}
	switch {
	case a.Enabled():
		return "it is still enabled, and has to be disabled first"
	case r.ledger.anchors() && a.Anchor.Other != "":
		return r.ledger.anchorInUse(a)
	}
	return ""
}
