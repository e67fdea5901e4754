package plan

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
)

// madeAnew is a person who may have been made anew in the source, and the account of
// the one who left (row 41).
type madeAnew struct {
	p      *person
	a      *account
	former string // anchor of who left
	from   string // the source domain that the account is anchored for, where that is another one (row 50)
	lost   bool   // since the ledger was lost only its anchor says so
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
func (m *adoption) leavers() map[Key][]*account {
	left := map[Key][]*account{}
	for _, a := range m.index.all() {
		if !m.ofSomebodyWhoLeft(a) && !m.ofAnotherSource(a) {
			continue
		}
		add := func(key, form string) {
			if at := (Key{key, form}); form != "" && !endsWith(left[at], a) {
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

// ofSomebodyWhoLeft reports whether the ledger knows whose an account was, or would had it not
// been lost, and this file does not have that person as active. One that was moved out, or that became
// protected, is among them: it is asked about, and cannot be had.
func (m *adoption) ofSomebodyWhoLeft(a *account) bool {
	known, ok := m.ledger.remembered(a)
	if !ok && m.roster.lostLeaver(a) {
		return true
	}
	if !ok || known.Anchor == "" || !m.ledger.managed(a) || a.resting || m.ledger.former(a) && m.roster.migrated[known.Anchor] != nil {
		return false
	}
	former := m.roster.byAnchor[known.Anchor]
	other := a.person
	return (former == nil || !former.active) && (other == nil || other == former)
}

// findAnew lists whose account may be the person's, the likeliest first.
func (m *adoption) findAnew(p *person, left map[Key][]*account) (found []*madeAnew) {
	keys := []Key{{accountNameAttribute, m.keys.of(m.names.wantedName(p))}, {"cn", m.keys.of(m.names.wantedCN(p))}}
	for _, number := range numberAttributes {
		keys = append(keys, Key{number, KeyForm(m.attrs.keyOf(p, number))})
	}
	seen := map[*account]bool{}
	for _, key := range keys {
		for _, a := range left[key] {
			known, _ := m.ledger.remembered(a)
			if seen[a] || known.Anchor == p.user.ObjectGUID {
				continue
			}
			seen[a] = true
			k := &madeAnew{p: p, a: a, former: known.Anchor, lost: m.ledger.unknownSince(a)}
			if k.lost {
				k.former = a.Anchor.ObjectGUID
			}
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

// apart reports whether it was decided that these two are not the same.
func (m *adoption) apart(k *madeAnew) bool {
	return m.draft.kept.rejection(Question{Kind: Adopt, Person: m.show.shared(k.p), Holder: k.a.Account, Former: k.former, Wanted: m.names.wantedName(k.p)}, nil) != nil
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
		Kind: Adopt, Reason: why, Person: m.show.shared(p), Holder: a.Account, Single: !k.number || !names || len(k.doubts) > 0 || barred != "",
		Barred: barred, Former: k.former, MayKeep: k.number && k.from == "" && !k.lost, Losing: m.groups.losing(p, a),
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
	m.tell(&q, p, a)
	v, answer := m.draft.ask(q)
	former := strings.ToLower(k.former)
	m.owners.replaced[former] = m.owners.replaced[former] || v != refused
	switch {
	case v == open:
		p.settled, p.touched, a.awaited = true, true, true
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
		p.settled, a.awaited = true, true
		m.draft.fail(p, c.q.Reason, "the account cannot be taken over yet: "+why)
		return
	}
	consent := *c.answer
	consent.Keeps = c.q.Keeping(c.answer.Keeps)
	if former := a.person; former != nil {
		former.account, former.anchorOnly = nil, false
	}
	a.person = p
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
func (r *roster) barredAnew(a *account) string {
	for _, g := range r.groups.all {
		if g.SID != "" && a.MemberOf[g.SID] && (g.Missing != "" || g.Guarded()) {
			return "it is still in " + g.called() + ", which it has to leave first"
		}
	}
	switch {
	case a.Protected != "":
		return a.Protected
	case a.Administers != "":
		return "it administers the domain, as a member of " + a.Administers
	case len(a.Guarded) > 0:
		return "by its groups it is still in " + strings.Join(a.Guarded, ", ") + "; have it leave the groups that lead there first"
	case !a.InContainer:
		return "it is outside the managed container, in " + a.Parent + "; move it back first"
	case a.Enabled():
		return "it is still enabled, and has to be disabled first"
	case r.ledger.anchors() && a.Anchor.Other != "":
		return r.ledger.anchorInUse(a)
	}
	return ""
}
