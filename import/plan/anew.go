package plan

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
)

// madeAnew is a person who may have been made anew in the source, and the account of
// the one who left (row 41).
type madeAnew struct {
	p      *person
	a      *Account
	former string // anchor of who left
	from   string // the source domain that the account is anchored for, where that is another one (row 50)
	number bool   // an employer's number agrees
	agrees []string
	doubts []string
}

// matchAnew is row 41: a person with another objectGUID, of whom the source says the
// same as of one who left. It is the source that says it, so that a person decides.
func (m *adoption) matchAnew() {
	fresh := slices.DeleteFunc(slices.Clone(m.roster.people), func(p *person) bool {
		return p.account != nil || p.settled || !p.active || m.roster.goneOf[p] != nil
	})
	if len(fresh) == 0 {
		return
	}
	left := m.leavers()
	if len(left) == 0 {
		return
	}
	found := map[*person][]*madeAnew{}
	claims := map[adrules.GUID][]*madeAnew{}
	for _, p := range fresh {
		found[p] = m.findAnew(p, left)
		for _, k := range found[p] {
			if !m.apart(k) {
				claims[k.a.GUID] = append(claims[k.a.GUID], k)
			}
		}
	}
	consents := map[adrules.GUID][]consentAnew{}
	for _, p := range fresh {
		for _, k := range found[p] {
			k.doubts = m.doubtsAnew(k, found[p], claims[k.a.GUID])
			if m.askMadeAnew(k, consents) != refused {
				break
			}
		}
	}
	for _, p := range fresh {
		for _, k := range found[p] {
			for _, c := range consents[k.a.GUID] {
				if c.k == k {
					m.takeAnew(c, consents[k.a.GUID])
				}
			}
		}
	}
}

// consentAnew is what a person agreed to.
type consentAnew struct {
	k      *madeAnew
	q      Question
	answer *Answer
}

// leavers are the accounts of people who are not active, by everything that they are
// found by.
func (m *adoption) leavers() map[Key][]*Account {
	left := map[Key][]*Account{}
	for _, a := range m.index.all() {
		if !m.ofSomebodyWhoLeft(a) && !m.ofAnotherSource(a) {
			continue
		}
		add := func(key, form string) {
			if at := (Key{key, form}); form != "" && !slices.Contains(left[at], a) {
				left[at] = append(left[at], a)
			}
		}
		add(accountNameAttribute, m.keys.of(a.AccountName))
		add("cn", m.keys.of(a.CN))
		for _, number := range numberAttributes {
			add(number, KeyForm(first(a.value(number))))
		}
	}
	return left
}

// ofSomebodyWhoLeft reports whether the ledger knows whose an account was, and this
// file does not have that person as active. One that was moved out, or that became
// protected, is among them: it is asked about, and cannot be had.
func (m *adoption) ofSomebodyWhoLeft(a *Account) bool {
	known, ok := m.ledger.remembered(a)
	if !ok || known.Anchor == "" || !m.ledger.managed(a) || m.owners.resting[a.GUID] || m.ledger.former(a) {
		return false
	}
	former := m.roster.byAnchor[known.Anchor]
	other := m.owners.byTarget[a.GUID]
	return (former == nil || !former.active) && (other == nil || other == former)
}

// findAnew lists whose account may be the person's, the likeliest first.
func (m *adoption) findAnew(p *person, left map[Key][]*Account) (found []*madeAnew) {
	keys := []Key{{accountNameAttribute, m.keys.of(m.names.wantedName(p))}, {"cn", m.keys.of(m.names.wantedCN(p))}}
	for _, number := range numberAttributes {
		keys = append(keys, Key{number, KeyForm(m.attrs.keyOf(p, number))})
	}
	seen := map[*Account]bool{}
	for _, key := range keys {
		for _, a := range left[key] {
			known, _ := m.ledger.remembered(a)
			if seen[a] || known.Anchor == p.user.ObjectGUID {
				continue
			}
			seen[a] = true
			k := &madeAnew{p: p, a: a, former: known.Anchor}
			if m.ledger.foreign(a) {
				k.former, k.from = a.Anchor.ObjectGUID, a.Anchor.Domain
			}
			if m.agrees(k) {
				found = append(found, k)
			}
		}
	}
	slices.SortFunc(found, func(x, y *madeAnew) int {
		return cmp.Or(compareFlags(y.number, x.number), cmp.Compare(len(y.agrees), len(x.agrees)), bytes.Compare(x.a.GUID[:], y.a.GUID[:]))
	})
	return found
}

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
	if k.from != "" {
		list = append(list, fmt.Sprintf("the import of %s gave the account to one of its people; whether it disabled it, or someone else did, cannot be told here", k.from))
		if k.a.PasswordLastSet == 0 {
			list = append(list, "it never had a password: it may wait there to be enabled")
		}
	} else if m.roster.byAnchor[k.former] != nil {
		list = append(list, "the one whose account it was is in the file still, disabled")
	}
	slices.Sort(list)
	return list
}

// apart reports whether it was decided that these two are not the same.
func (m *adoption) apart(k *madeAnew) bool {
	return m.draft.kept.rejection(Question{Kind: Adopt, Person: m.show.person(k.p), Holder: k.a, Former: k.former, Wanted: m.names.wantedName(k.p)}, nil) != nil
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

func (x *attributes) singleValue(p *person, rule attributeRule) string {
	if v, ok, _ := x.made(&rule, p.user); ok && len(v.List) == 1 && !v.Binary {
		return v.List[0]
	}
	return ""
}

// askMadeAnew leaves the account to rows 29 to 31 until a person has answered, but for
// memberships of groups that are not guarded: these it keeps. Only an employer's number
// beside both names may be agreed to together with others, and only of someone who is
// not in the file any more.
func (m *adoption) askMadeAnew(k *madeAnew, consents map[adrules.GUID][]consentAnew) verdict {
	p, a := k.p, k.a
	names, _, _ := m.sameNames(p, a)
	why, barred := MadeAnew, m.roster.barredAnew(a)
	if k.from != "" {
		why, barred = CameOver, m.roster.barredOver(a)
	}
	q := Question{
		Kind: Adopt, Reason: why, Person: m.show.person(p), Holder: a, Single: !k.number || !names || len(k.doubts) > 0 || barred != "",
		Barred: barred, Former: k.former, MayKeep: k.number && k.from == "", Losing: m.groups.losing(p, a),
		Wanted: m.names.wantedName(p), Expires: m.calendar.expiryOf(p),
		Decision: []Field{
			{Code: FieldAccountName, After: []string{m.names.wantedName(p)}},
			{Code: FieldBecause, After: []string{string(why)}},
			{Code: FieldTheAccount, After: []string{a.GUID.String()}},
			{Code: FieldDistinguishedName, After: []string{a.DN}},
			{Code: FieldFormerAnchor, After: []string{k.former}},
			{Code: FieldEvidence, After: append(slices.Clone(k.agrees), k.doubts...)},
		},
		Context: slices.Concat(m.show.context(p), m.show.use(a), m.show.present(a)),
	}
	v, answer := m.draft.ask(q)
	former := strings.ToLower(k.former)
	m.owners.replaced[former] = m.owners.replaced[former] || v != refused
	switch {
	case v == open:
		p.settled, p.touched, m.owners.awaited[a.GUID] = true, true, true
	case v == agreed:
		consents[a.GUID] = append(consents[a.GUID], consentAnew{k, q, answer})
	}
	return v
}

// takeAnew carries out what a person agreed to. The account stays disabled in any case;
// without a number its password is not kept, whatever was ticked.
func (m *adoption) takeAnew(c consentAnew, all []consentAnew) {
	p, a := c.k.p, c.k.a
	if why := cmp.Or(c.q.Barred, agreedTwice(c, all)); why != "" {
		p.settled, m.owners.awaited[a.GUID] = true, true
		m.draft.fail(p, c.q.Reason, "the account cannot be taken over yet: "+why)
		return
	}
	consent := *c.answer
	consent.Keeps = c.q.Keeping(c.answer.Keeps)
	if former := m.owners.byTarget[a.GUID]; former != nil {
		former.account, former.anchorOnly = nil, false
	}
	m.owners.byTarget[a.GUID] = p
	p.account, p.takeOver, p.touched = a, &consent, true
	if c.k.from == "" {
		p.formerAnchor = c.k.former
	}
}

func agreedTwice(c consentAnew, all []consentAnew) string {
	for _, other := range all {
		if other.k.p != c.k.p {
			return "it was agreed that it is " + other.k.p.user.CN + "'s (" + other.k.p.user.SAMAccountName + "), too; reject one of the two first"
		}
	}
	return ""
}

// barredAnew keeps what the one who left could do from passing on unasked.
func (r *roster) barredAnew(a *Account) string {
	for _, g := range r.groups.all {
		if g.SID != "" && a.MemberOf[g.SID] && (g.Missing != "" || g.Guarded()) {
			return "it is still in " + cmp.Or(g.CN, g.Name) + ", which it has to leave first"
		}
	}
	switch {
	case a.Protected != "":
		return a.Protected
	case a.Administers != "":
		return "it administers the domain, as a member of " + a.Administers
	case !a.InContainer:
		return "it is outside the managed container, in " + a.Parent + "; move it back first"
	case a.Enabled():
		return "it is still enabled, and has to be disabled first"
	case r.ledger.anchors() && a.Anchor.Other != "":
		return r.ledger.anchorInUse(a)
	}
	return ""
}
