package plan

import (
	"cmp"
	"slices"
	"strings"

	"ad-user-sync/schema"
)

// verdict on a question.
type verdict int

const (
	open verdict = iota
	agreed
	refused
)

// ask puts a question to a person unless it is answered: by a kept rejection,
// which is stronger than any consent, by consent in this session, or by an
// accepted entry of the resolutions file where the configuration allows that.
func (d *draft) ask(q Question) (verdict, *Answer) {
	q.ID = d.ledger.questionID(&q)
	account := d.ledger.accountOf(*q.Person)
	q.Since = d.since(q, account)
	if in := d.ledger.guarding(&q); len(in) > 0 && q.Barred == "" {
		q.Context = append(slices.Clip(q.Context), Field{Code: FieldGuardedMember, After: in})
	}
	if d.refusedBefore(q) {
		return refused, nil
	}
	if a, ok := d.answer[q.ID]; ok && a.Accept && !(a.Keep && !q.MayKeep) {
		d.kept.settle(q, account)
		if !d.agreed[q.ID] {
			d.agreed[q.ID] = true
			d.plan.Agreed = append(d.plan.Agreed, q)
		}
		return agreed, &a
	}
	if a := d.acceptedInFile(q, account); a != nil {
		return agreed, a
	}
	d.open(q)
	return open, nil
}

func (d *draft) open(q Question) {
	if !d.asked[q.ID] {
		d.asked[q.ID] = true
		d.plan.Questions = append(d.plan.Questions, q)
	}
}

// refusedBefore reports whether a kept rejection answers the question.
func (d *draft) refusedBefore(q Question) bool {
	account := d.ledger.accountOf(*q.Person)
	about := d.kept.all(q, account)
	if len(about) == 0 {
		return false
	}
	q.ID = d.ledger.questionID(&q)
	d.kept.asked[q.ID] = about
	entry := d.kept.rejection(q, account)
	if entry == nil {
		return false
	}
	d.plan.Refusals = append(d.plan.Refusals, Refusal{q, *entry})
	return true
}

// finishAnswers drops entries whose question has gone, of people this plan
// looked at; all others stay. As long as a change of the source domain waits, all do.
func (m *closing) finishAnswers() {
	m.draft.plan.About = m.draft.kept.byQuestion()
	if m.in.Memory.Behind != "" || m.in.Migrating.Waits {
		m.draft.plan.Kept = slices.Clone(m.draft.kept.entries)
		return
	}
	if len(m.draft.kept.entries) == 0 {
		return
	}
	seen := m.looked()
	unread := m.groups.unreadGroups()
	for i, e := range m.draft.kept.entries {
		who := strings.ToLower(cmp.Or(e.Anchor, e.User))
		if e.Unknown != nil || m.draft.kept.used[i] || !seen[who] || waits(e) || ofGroup(e.Type) && unread || (m.groups.unmapped(e) || m.away(e)) && !m.draft.kept.ended(i) || m.absent(e) || m.judgedElsewhere(e) || m.roster.apart(e) || e.Anchor != "" && m.owners.replaced[strings.ToLower(e.Anchor)] {
			m.draft.plan.Kept = append(m.draft.plan.Kept, e)
			continue
		}
		m.draft.plan.Lapsed = append(m.draft.plan.Lapsed, e)
	}
}

func (x *groupIndex) unreadGroups() bool {
	return slices.ContainsFunc(x.all, func(g *Group) bool { return g.Missing != "" })
}

// unmapped reports whether a join or leave was rejected, and its group is not mapped
// now: nothing is asked about it until it is again.
func (x *groupIndex) unmapped(e schema.Resolution) bool {
	return ofGroup(e.Type) && !e.Accept && !slices.ContainsFunc(x.all, func(g *Group) bool {
		if e.GroupSID == "" {
			return sameFold(g.CN, e.Group)
		}
		return string(g.SID) == e.GroupSID
	})
}

// judgedElsewhere reports whether an entry may be about an account of another
// container, whose configuration shares the resolutions file: that one lets it lapse.
func (m *closing) judgedElsewhere(e schema.Resolution) bool {
	elsewhere := m.in.Memory.Elsewhere
	return elsewhere[strings.ToLower(e.Anchor)] || e.Anchor == "" && len(elsewhere) > 0
}

// away reports whether an entry is a join that was rejected, of a person whom the file
// does not have: it says nothing about their groups.
func (m *closing) away(e schema.Resolution) bool {
	return e.Type == string(Join) && !e.Accept &&
		(e.Anchor == "" && m.leaving.called[folded(e.User)] || e.Anchor != "" && slices.ContainsFunc(m.leaving.byAnchor[folded(e.Anchor)], func(a *account) bool {
			return sameFold(m.ledger.anchorOf(a), e.Anchor)
		}))
}

// absent reports whether an entry is the name given to a person whom the file
// does not have: it stays until their account has been disabled for ForgetAfter.
func (m *closing) absent(e schema.Resolution) bool {
	if e.Type != string(Name) || e.NewName == "" || e.Anchor == "" || m.roster.byAnchor[strings.ToLower(e.Anchor)] != nil {
		return false
	}
	since := e.Timestamp
	for _, a := range m.leaving.byAnchor[folded(e.Anchor)] {
		known, _ := m.ledger.remembered(a)
		switch {
		case !sameFold(known.Anchor, e.Anchor):
		case a.Enabled():
			return true
		case known.DisabledAt.After(since):
			since = known.DisabledAt
		}
	}
	return m.in.Now.Sub(since) <= ForgetAfter
}

// apart reports whether it was decided that two people of the source are not the
// same: that holds as long as one is in the file and the account of the other is kept.
func (r *roster) apart(e schema.Resolution) bool {
	if e.FormerAnchor == "" || r.byAnchor[strings.ToLower(e.Anchor)] == nil {
		return false
	}
	return r.knows(e.FormerAnchor) || r.foreignAnchors()[e.FormerAnchor]
}

// foreignAnchors are those of accounts of other sources.
func (r *roster) foreignAnchors() map[string]bool {
	if r.foreign == nil {
		r.foreign = map[string]bool{}
		for _, a := range r.index.all() {
			if r.ledger.foreign(a) {
				r.foreign[a.Anchor.ObjectGUID] = true
			}
		}
	}
	return r.foreign
}

// knows reports whether the ledger has an account with this anchor.
func (r *roster) knows(anchor string) bool {
	if r.anchors == nil {
		r.anchors = map[string]bool{}
		for _, known := range r.in.Memory.Accounts {
			r.anchors[known.Anchor] = true
		}
	}
	return r.anchors[anchor]
}

// waits reports whether an entry is consent that was not carried out yet.
func waits(e schema.Resolution) bool {
	return e.Accept && !e.Done && !(e.Type == string(Name) && e.NewName != "")
}

// looked lists the people whose every question was considered: by anchor, and
// by CN where an entry may have none.
func (m *closing) looked() map[string]bool {
	seen, unsure := map[string]bool{}, map[string]bool{}
	note := func(to map[string]bool, p Person) {
		to[strings.ToLower(p.Anchor)], to[strings.ToLower(p.CN)] = true, true
		if a := m.ledger.accountOf(p); a != nil {
			to[strings.ToLower(a.CN)] = true
		}
	}
	for _, p := range m.roster.people {
		outOfSight := p.account == nil && m.roster.goneOf[p] != nil
		if outOfSight || p.failed || p.spared() || p.settled && (p.account != nil || p.active) || p.anchorOnly {
			note(unsure, m.show.person(p))
			continue
		}
		note(seen, m.show.person(p))
	}
	for _, a := range m.leaving.missing {
		note(seen, m.show.account(a))
	}
	for who := range unsure {
		delete(seen, who)
	}
	delete(seen, "")
	return seen
}
