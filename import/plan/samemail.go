package plan

import "slices"

// matchSameMail is row 42: somebody new, and exactly one user who has the mail
// address and is called alike. It may be the same person's account, made by hand
// before, so that nothing is made until a person has said. Rejected, the person
// gets an account without the address (rule 14).
func (m *maker) matchSameMail() {
	fresh := slices.DeleteFunc(slices.Clone(m.people), func(p *person) bool {
		return p.account != nil || p.settled || !p.active || m.goneOf[p] != nil || m.mailOf(p) == ""
	})
	if len(fresh) == 0 {
		return
	}
	x := m.indexMails()
	for _, p := range fresh {
		if a := m.sameMail(p, x); a != nil {
			m.adoptQuestion(p, a, SameMail)
		}
	}
}

// mailIndex tells who has an address, and whom the file wants to have it.
type mailIndex struct {
	holders map[string][]*Account
	wanted  map[string]int
	called  map[string]bool // account names of the file
}

func (m *maker) indexMails() mailIndex {
	x := mailIndex{map[string][]*Account{}, map[string]int{}, map[string]bool{}}
	for _, p := range m.people {
		x.called[m.keys.of(p.user.SAMAccountName)] = true
		if mail := m.mailOf(p); mail != "" {
			x.wanted[m.mailKey(mail)]++
		}
	}
	for _, a := range slices.Concat(m.index.inside, m.index.outside) {
		for _, mail := range append([]string{a.Mail}, a.Proxies...) {
			if key := m.mailKey(mail); mail != "" && !slices.Contains(x.holders[key], a) {
				x.holders[key] = append(x.holders[key], a)
			}
		}
	}
	return x
}

// sameMail is the account that may be the person's. One that has the account name,
// too, is not: row 8 or 13 asks about it.
func (m *maker) sameMail(p *person, x mailIndex) *Account {
	key := m.mailKey(m.mailOf(p))
	if m.mailForm(m.mailOf(p)) != "" || len(x.holders[key]) != 1 || x.wanted[key] != 1 {
		return nil
	}
	a := x.holders[key][0]
	free := a.Class == "user" && a.Protected == "" && a.Stamp == (Stamp{}) && !a.StampUnread && !m.managed(a) && m.mayBeBy(p, a)
	if free && !x.called[m.keys.of(a.AccountName)] && m.calledAlike(p, a) {
		return a
	}
	return nil
}

func (m *maker) calledAlike(p *person, a *Account) bool {
	names := []string{m.wantedCN(p), cleanCN(p.user.CN), m.after(p, "displayName")}
	if v, ok := m.fileValue(p.user, "displayName"); ok && !v.Binary {
		names = append(names, v.List...)
	}
	return slices.ContainsFunc(names, func(name string) bool {
		return name != "" && (sameExact(name, a.CN) || sameExact(name, a.DisplayName))
	})
}

// mailOf is the address that the file wants the person to have.
func (m *maker) mailOf(p *person) string {
	for _, rule := range m.attrs {
		if sameFold(rule.name, mailAttribute) {
			return m.singleValue(p, rule)
		}
	}
	return ""
}
