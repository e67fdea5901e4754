package plan

import "slices"

// matchSameMail is row 42: a person who is new, and exactly one user who has the mail
// address and is called alike. It may be the same person's account, made by hand
// before, so that nothing is made until a person has said. Rejected, the person
// gets an account without the address (rule 14).
func (m *adoption) matchSameMail() {
	fresh := slices.DeleteFunc(slices.Clone(m.roster.people), func(p *person) bool {
		return p.account != nil || p.settled || !p.active || m.roster.goneOf[p] != nil || m.attrs.mailOf(p) == ""
	})
	if len(fresh) == 0 {
		return
	}
	x := m.roster.indexMails()
	if len(x.holders) == 0 {
		return
	}
	for _, p := range fresh {
		if a := m.sameMail(p, x); a != nil {
			m.adoptQuestion(p, a, SameMail)
		}
	}
}

// mailIndex tells who has an address, and whom the file wants to have it.
type mailIndex struct {
	holders map[string][]*account
	wanted  map[string]int
	called  map[string]bool // account names of the file
}

func (r *roster) indexMails() mailIndex {
	x := mailIndex{map[string][]*account{}, map[string]int{}, map[string]bool{}}
	for _, a := range r.index.all() {
		for _, mail := range append([]string{a.Mail}, a.Proxies...) {
			if key := r.names.mailKey(mail); mail != "" && !endsWith(x.holders[key], a) {
				x.holders[key] = append(x.holders[key], a)
			}
		}
	}
	if len(x.holders) == 0 {
		return x
	}
	for _, p := range r.people {
		x.called[r.keys.of(r.names.wantedName(p))] = true
		if mail := r.attrs.mailOf(p); mail != "" {
			x.wanted[r.names.mailKey(mail)]++
		}
	}
	return x
}

// endsWith reports whether an account was the last that was added.
func endsWith(list []*account, a *account) bool { return len(list) > 0 && list[len(list)-1] == a }

// sameMail is the account that may be the person's. One that has the account name,
// too, is not: row 8 or 13 asks about it.
func (m *adoption) sameMail(p *person, x mailIndex) *account {
	key := m.names.mailKey(m.attrs.mailOf(p))
	if m.names.mailForm(m.attrs.mailOf(p)) != "" || len(x.holders[key]) != 1 || x.wanted[key] != 1 {
		return nil
	}
	a := x.holders[key][0]
	free := a.Class == "user" && a.Protected == "" && a.Anchor == (Anchor{}) && !a.AnchorUnread && !m.ledger.managed(a) && m.owners.mayBeBy(p, a)
	if free && !x.called[m.keys.of(a.AccountName)] && m.roster.calledAlike(p, a) {
		return a
	}
	return nil
}

func (r *roster) calledAlike(p *person, a *account) bool {
	names := []string{r.names.wantedCN(p), cleanCN(p.user.CN), r.show.displayName.after(p)}
	if v, ok := r.attrs.fileValue(p.user, "displayName"); ok && !v.Binary {
		names = append(names, v.List...)
	}
	return slices.ContainsFunc(names, func(name string) bool {
		return name != "" && (sameExact(name, a.CN) || sameExact(name, a.DisplayName))
	})
}

// mailOf is the address that the file wants the person to have.
func (x *attributes) mailOf(p *person) string {
	if rule := x.ruleOf(mailAttribute); rule != nil {
		return x.singleValue(p, rule)
	}
	return ""
}
