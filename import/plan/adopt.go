package plan

import (
	"cmp"
	"slices"
)

// adoption asks whether an account is a person's.
type adoption struct {
	*facts
	draft  *draft
	owners *owners
}

// askAdopt is rows 6 and 16. Rejected, the person is left alone: two accounts
// with one anchor would come of anything else.
func (m *adoption) askAdopt(p *person, a *account, why Reason) {
	a.resting = true
	if m.adoptQuestion(p, a, why) == refused {
		m.draft.skip(p, Rejected, "taking over "+a.DN+" was rejected. Clear its "+m.cfg.AnchorAttribute+" to have an account created")
	}
}

func (m *adoption) adoptQuestion(p *person, a *account, why Reason) verdict {
	q := m.question(p, a, why)
	q.Single = why != Unconfirmed || !m.mayBeRegained(p, a)
	v, answer := m.put(p, a, q)
	switch {
	case v == agreed && q.AsIs():
		m.owners.anchored(p, a, answer)
	case v == agreed:
		m.owners.adopted(p, a, answer)
	}
	return v
}

func (m *adoption) question(p *person, a *account, why Reason) Question {
	q := Question{
		Kind: Adopt, Reason: why, Person: m.show.shared(p), Holder: a.Account, Single: true, Barred: m.owners.barred(p, a),
		Wanted: m.names.wantedName(p), Expires: m.calendar.expiryOf(p),
		Decision: []Field{
			{Code: FieldAccountName, After: []string{m.names.wantedName(p)}},
			{Code: FieldBecause, After: []string{string(why)}},
			{Code: FieldTheAccount, After: []string{a.GUID.String()}},
			{Code: FieldDistinguishedName, After: []string{a.DN}},
		},
		Context: slices.Concat(m.show.soFar(p, a), m.show.context(p), m.show.use(a)),
		Losing:  m.groups.losing(p, a), Bringing: m.groups.bringing(a),
	}
	q.Context = append(q.Context, q.brought()...)
	m.tell(&q, p, a)
	if !p.active {
		q.Context = append(q.Context, Field{Code: FieldInTheSource, After: []string{cmp.Or(expiredInSource(p), "disabled there") + ": the import that follows disables this account, whatever it keeps"}})
	}
	if why == SameMail {
		q.Decision = append(q.Decision, Field{Code: FieldMail, After: []string{m.attrs.mailOf(p)}})
	}
	return q
}

// put asks. As long as that is open, nothing is done for the person or the account.
func (m *adoption) put(p *person, a *account, q Question) (verdict, *Answer) {
	v, answer := m.draft.ask(q)
	switch v {
	case open:
		p.settled, p.touched = true, true
		a.resting = true
	case refused:
		a.declined = true
	}
	return v, answer
}

func (s *portraits) soFar(p *person, a *account) []Field {
	known, ok := s.ledger.remembered(a)
	switch {
	case !ok:
		return s.flags(a)
	case p.formerAnchor != "" && known.Anchor == p.formerAnchor:
		return append(s.flags(a), Field{Code: FieldSoFar, After: []string{"managed by this program, for a user of " + s.in.Migrating.From}})
	case known.Anchor != "" && known.Anchor != p.user.ObjectGUID:
		return append(s.flags(a), Field{Code: FieldSoFar, After: []string{"managed for another person of the source"}})
	}
	return append(s.flags(a), Field{Code: FieldSoFar, After: []string{"managed by this program"}})
}

// adopted is row 18: a person agreed that this account is the person's.
func (o *owners) adopted(p *person, a *account, answer *Answer) {
	p.touched = true
	if why := o.barred(p, a); why != "" {
		p.settled = true
		o.draft.fail(p, Answered, "the account cannot be taken over: "+why)
		return
	}
	a.person = p
	p.account, p.takeOver = a, answer
}

// barred tells why a person cannot be given this account.
func (o *owners) barred(p *person, a *account) string {
	known, _ := o.ledger.remembered(a)
	anchored := o.ledger.anchors() && (a.Anchor.ObjectGUID == p.user.ObjectGUID || o.ledger.former(a) && a.Anchor.ObjectGUID == p.formerAnchor)
	switch {
	case a.Class != "user":
		return "it is a " + a.Class + ", not a user"
	case a.Protected != "":
		return a.Protected
	case a.AnchorUnread:
		return "whether it is anchored for someone else cannot be read; let the bound account read its " + o.cfg.AnchorAttribute
	case p.account != nil && p.account != a:
		return "the person has an account already: " + p.account.DN
	case a.person != nil:
		return "it is the account of another person in the file"
	case o.ledger.foreign(a):
		return "it belongs to another source domain, " + a.Anchor.Domain
	case a.Anchor.ObjectGUID != "" && !anchored:
		return "it is anchored for another person. Reject, or give another name; if it is the same person, clear " + o.cfg.AnchorAttribute +
			" of " + a.DN + " by hand, and the next import asks whether to adopt it"
	case known.Anchor != "" && known.Anchor != p.user.ObjectGUID && !anchored && !o.roster.setFree(a):
		return "it was managed for another person"
	case o.ledger.anchors() && a.Anchor.Other != "":
		return o.ledger.anchorInUse(a)
	}
	return ""
}

// setFree reports whether the anchor of a person who has left was cleared, so
// that another may be given the account.
func (r *roster) setFree(a *account) bool {
	known, _ := r.ledger.remembered(a)
	return r.ledger.anchors() && a.Anchor == (Anchor{}) && known.Anchor != "" && r.byAnchor[known.Anchor] == nil
}

// anchorOnly is row 7 carried out, and row 18 for a person whom the file
// disables: the account becomes known, the next run does the rest.
func (m *deciding) anchorOnly(p *person) {
	why := MatchedByName
	if p.takeOver != nil || m.ledger.unfinished(p) != nil {
		why = Answered
	}
	m.adopt(p, why)
}
