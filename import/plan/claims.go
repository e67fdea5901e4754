package plan

// claims tells who will hold which name once the plan is carried out.
type claims struct {
	names map[string][]claim // by collation key of the account name
	upns  map[string][]claim // by collation key; implicit ones, too
}

// claim is one holder of a name: a person of the file, or another account.
type claim struct {
	person  *person
	account *Account
}

// claims lists every holder. People come in their order, so the first of two
// newcomers who want one name gets it.
func (m *maker) claims() claims {
	c := claims{map[string][]claim{}, map[string][]claim{}}
	for _, list := range [][]Account{m.obs.Accounts, m.obs.Elsewhere} {
		for i := range list {
			a := &list[i]
			if p := m.byTarget[a.GUID]; p == nil || p.name == "" || p.settled {
				c.add(m, claim{account: a}, a.AccountName, a.UPN)
			}
		}
	}
	for _, p := range m.people {
		if p.name != "" && !p.settled {
			c.add(m, claim{p, p.account}, p.name, p.upn)
		}
	}
	return c
}

func (c claims) add(m *maker, by claim, name, upn string) {
	if name != "" {
		c.names[m.keys.of(name)] = append(c.names[m.keys.of(name)], by)
		implicit := m.keys.of(name + "@" + m.obs.Domain.Name)
		c.upns[implicit] = append(c.upns[implicit], by)
	}
	if upn != "" {
		key := m.keys.of(upn)
		c.upns[key] = append(c.upns[key], by)
	}
}

// holder gives somebody else who has the better claim to a name: whoever bears
// it already, then whoever comes first.
func (c claims) holder(by map[string][]claim, key string, p *person) (account *Account, who string, taken bool) {
	for _, other := range by[key] {
		switch {
		case other.person == p:
			if p.account == nil {
				return nil, "", false // earlier newcomers were looked at before
			}
		case other.person == nil:
			return other.account, other.account.DN, true
		case other.account != nil:
			return other.account, other.account.DN, true
		case p.account == nil:
			return nil, other.person.user.CN + ", who is new in the file, too", true
		}
	}
	return nil, "", false
}
