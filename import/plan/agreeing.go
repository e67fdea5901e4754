package plan

import (
	"fmt"
	"slices"
	"strings"
)

// agrees reports whether enough does: a number of the employer's; account name, given
// name, surname and mail; both names; or one of these and an address that no one else of
// the file has.
func (m *adoption) agrees(k *madeAnew) bool {
	p, a := k.p, k.a
	for _, number := range numberAttributes {
		value := m.attrs.keyOf(p, number)
		if !m.names.placeholder(number, value) && KeyForm(value) == KeyForm(first(a.value(number))) && m.roster.sharers(number, p, value) == 0 {
			k.number = true
			k.agrees = append(k.agrees, fmt.Sprintf("%s is %s in the file, of no one else who is active there, and here", number, value))
		}
	}
	name, cn := sameExact(a.AccountName, m.names.wantedName(p)), sameExact(a.CN, m.names.wantedCN(p))
	if name {
		k.agrees = append(k.agrees, "the account name is the same: "+a.AccountName)
	}
	if cn {
		k.agrees = append(k.agrees, "the common name is the same: "+a.CN)
	}
	same, of, _ := m.sameNames(p, a)
	if same {
		k.agrees = append(k.agrees, "given name and surname agree: "+strings.Join(of, " "))
	}
	mail := m.attrs.keyOf(p, mailAttribute)
	sameMail := mail != "" && slices.Contains(m.names.keysOf(a, mailAttribute), KeyForm(mail))
	if sameMail {
		k.agrees = append(k.agrees, "mail is the same: "+mail)
	}
	return k.number || name && same && sameMail || name && cn || (name || cn) && sameMail && m.roster.sharers(mailAttribute, p, mail) == 0
}

// doubtsAnew are what speaks against it: only without any may it be answered together
// with others.
func (m *adoption) doubtsAnew(k *madeAnew, others, claims []*madeAnew) (list []string) {
	for _, number := range numberAttributes {
		if text := m.numberDiffers(k.p, k.a, number); text != "" {
			list = append(list, text)
		}
		if slices.ContainsFunc(k.a.SelfWritten, func(own string) bool { return sameFold(own, number) }) {
			list = append(list, "whoever has the account may write its "+number)
		}
	}
	if same, of, has := m.sameNames(k.p, k.a); !same && (strings.Join(of, "") != "" || strings.Join(has, "") != "") {
		list = append(list, fmt.Sprintf("the names differ: %s in the file, %s here", strings.TrimSpace(strings.Join(of, " ")), strings.TrimSpace(strings.Join(has, " "))))
	}
	for _, other := range others {
		if other != k {
			list = append(list, "another account of someone who left may be this person's, too: "+other.a.DN)
		}
	}
	for _, other := range claims {
		if other.p != k.p {
			list = append(list, fmt.Sprintf("%s (%s) of the file may be the same person, too", other.p.user.CN, m.names.wantedName(other.p)))
		}
	}
	if k.lost {
		list = append(list, onlyItsAnchor)
	}
	if m.ledger.former(k.a) {
		list = append(list, "the user file does not say that this person was the user of "+m.in.Migrating.From+" whose account it is")
	}
	if k.from != "" {
		list = append(list, fmt.Sprintf("the import of %s gave the account to one of its people; whether it disabled it, or someone else did, cannot be told here", k.from))
		if k.a.PasswordLastSet == 0 {
			list = append(list, "it never had a password: it may wait there to be enabled")
		}
	} else if m.roster.byAnchor[k.former] != nil {
		list = append(list, "the one whose account it was is in the file still, disabled")
	}
	if k.from == "" && m.ledger.disabledHere(k.a) {
		list = append(list, "someone else disabled it here, not this program")
	}
	slices.Sort(list)
	return list
}

// sharers counts the other people, active, who have a value.
func (r *roster) sharers(key string, p *person, value string) int {
	count := r.sharing[key]
	if count == nil {
		count = map[string]int{}
		for _, other := range r.people {
			if other.active {
				count[KeyForm(r.attrs.keyOf(other, key))]++
			}
		}
		r.sharing[key] = count
	}
	others := count[KeyForm(value)]
	if p.active {
		others--
	}
	return others
}
