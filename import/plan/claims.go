package plan

import (
	"slices"
	"strings"
)

// claims tells who will hold which account name and user principal name once
// the plan is carried out. A name that a managed account gives up in this plan
// is free, unless that account has to keep it.
type claims struct {
	resting map[claim][]*account // held by accounts that this plan does not rename
	granted map[claim]*person
}

// claim is a name by its collation key.
type claim struct {
	upn bool // or an account name
	key string
}

// names are the keys of what a person is found by: the account name, the UPN,
// and the implicit one that everybody has (MS-ADTS 5.1.1.1.1).
func (k *names) nameKeys(name, upn string) []claim {
	if name == k.last.name && upn == k.last.upn { // a name is tried, and granted
		return k.last.keys
	}
	list, implicit := make([]claim, 0, 3), k.impliedUPN(name, upn)
	if name != "" {
		list = append(list, k.nameKey(name), k.upnKey(implicit))
	}
	if upn != "" && !k.keys.same(upn, implicit) {
		list = append(list, k.upnKey(upn))
	}
	k.last.name, k.last.upn, k.last.keys = name, upn, list
	return list
}

// impliedUPN is what everyone can log on by, whatever userPrincipalName says; that is the
// same mostly.
func (k *names) impliedUPN(accountName, upn string) string {
	local, suffix, _ := strings.Cut(upn, "@")
	switch {
	case accountName == "":
		return ""
	case local == accountName && suffix == k.obs.Domain.Name:
		return upn
	}
	return accountName + "@" + k.obs.Domain.Name
}

func (k *names) nameKey(name string) claim { return claim{false, k.keys.of(name)} }
func (k *names) upnKey(upn string) claim   { return claim{true, k.keys.of(upn)} }

// newClaims lists what is held by everybody but those who are being named.
func (m *naming) newClaims() {
	m.claims = claims{map[claim][]*account{}, make(map[claim]*person, 2*len(m.roster.people))}
	for _, a := range m.index.all() {
		if p := a.person; p == nil || !p.naming {
			m.rests(a)
		}
	}
	for _, g := range m.roster.gone {
		if m.roster.hidden(g) {
			m.rests(&account{
				&Account{GUID: g.guid, DN: g.known.Seen.DN, CN: g.known.Seen.CN, AccountName: g.known.Seen.AccountName, Class: "user", Protected: "it cannot be read"},
				&standing{known: g.known, listed: true},
			})
		}
	}
}

func (m *naming) rests(a *account) {
	for _, key := range m.names.heldKeys(a) {
		m.claims.resting[key] = append(m.claims.resting[key], a)
	}
}

// implicitName is the account name that a UPN of the domain's own suffix stands
// for, "" for other UPNs.
func (k *names) implicitName(upn string) string {
	if i := strings.LastIndexByte(upn, '@'); i >= 0 && k.keys.same(upn[i+1:], k.obs.Domain.Name) {
		return upn[:i]
	}
	return ""
}

// heldKeys counts a computer's name without its final dollar sign, too: a
// controller tries both.
func (k *names) heldKeys(a *account) []claim {
	list := k.nameKeys(a.AccountName, a.UPN)
	if n := len(a.AccountName); n > 1 && a.AccountName[n-1] == '$' {
		list = append(slices.Clip(list), k.nameKey(a.AccountName[:n-1]), k.upnKey(a.AccountName[:n-1]+"@"+k.obs.Domain.Name))
	}
	return list
}

// holder is another person who has the name, or was granted it before.
func (c claims) holder(key claim, p *person) (account *account, who string, taken bool) {
	for _, a := range c.resting[key] {
		if a != p.account {
			return a, a.DN, true
		}
	}
	other := c.granted[key]
	switch {
	case other == nil || other == p:
		return nil, "", false
	case other.account != nil:
		return other.account, other.account.DN, true
	}
	return nil, other.user.CN + ", who is new in the file, too", true
}

// holders are the accounts of all other people who have the name, or were granted it.
func (c claims) holders(key claim, p *person) (list []*account) {
	for _, a := range c.resting[key] {
		if a != p.account {
			list = append(list, a)
		}
	}
	if other := c.granted[key]; other != nil && other != p && other.account != nil {
		list = append(list, other.account)
	}
	return list
}

// grant assigns a person the account name and UPN they are to have. Who was to get
// one that the person's account has is to be looked at again.
func (m *naming) grant(p *person, upn string) (again []*person) {
	for _, key := range m.names.nameKeys(p.name, upn) {
		other := m.claims.granted[key]
		if other != nil && (other == p || m.names.holdsKey(other, key) || !m.names.holdsKey(p, key)) {
			continue
		}
		m.claims.granted[key] = p
		if other != nil && !slices.Contains(again, other) {
			again = append(again, other)
		}
	}
	for _, other := range again {
		for _, key := range m.names.nameKeys(other.name, other.upn) {
			if m.claims.granted[key] == other {
				delete(m.claims.granted, key)
			}
		}
	}
	return again
}

func (k *names) holdsKey(p *person, key claim) bool {
	return p.account != nil && slices.Contains(k.heldKeys(p.account), key)
}
