package plan

import (
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
func (m *maker) ask(q Question) (verdict, *Answer) {
	q.ID = m.questionID(q)
	account := m.accountOf(q.Person)
	q.Since = m.since(q, account)
	if m.refusedBefore(q) {
		return refused, nil
	}
	if a, ok := m.answer[q.ID]; ok && a.Accept && !(a.Keep && !q.MayKeep) {
		m.kept.settle(q, account)
		if !slices.ContainsFunc(m.plan.Agreed, func(o Question) bool { return o.ID == q.ID }) {
			m.plan.Agreed = append(m.plan.Agreed, q)
		}
		return agreed, &a
	}
	if a := m.acceptedInFile(q, account); a != nil {
		return agreed, a
	}
	m.open(q)
	return open, nil
}

func (m *maker) open(q Question) {
	if !m.asked[q.ID] {
		m.asked[q.ID] = true
		m.plan.Questions = append(m.plan.Questions, q)
	}
}

// refusedBefore reports whether a kept rejection answers the question.
func (m *maker) refusedBefore(q Question) bool {
	entry := m.kept.rejection(q, m.accountOf(q.Person))
	if entry == nil {
		return false
	}
	q.ID = m.questionID(q)
	m.plan.Refusals = append(m.plan.Refusals, Refusal{q, *entry})
	return true
}

// finishAnswers drops entries whose question has gone, of people this plan
// looked at; all others stay.
func (m *maker) finishAnswers() {
	if m.in.Memory.Behind != "" {
		m.plan.Kept = slices.Clone(m.kept.entries)
		return
	}
	seen := m.looked()
	unread := m.unreadGroups()
	for i, e := range m.kept.entries {
		who := strings.ToLower(e.User)
		if e.Anchor != "" {
			who = strings.ToLower(e.Anchor)
		}
		ofGroup := e.Type == string(Join) || e.Type == string(Leave)
		if e.Unknown != nil || m.kept.used[i] || !seen[who] || waits(e) || ofGroup && unread || m.unmapped(e) || m.apart(e) || e.Anchor != "" && m.replaced[strings.ToLower(e.Anchor)] {
			m.plan.Kept = append(m.plan.Kept, e)
			continue
		}
		m.plan.Lapsed = append(m.plan.Lapsed, e)
	}
}

func (m *maker) unreadGroups() bool {
	return slices.ContainsFunc(m.groups.all, func(g *Group) bool { return g.Missing != "" })
}

// unmapped reports whether a membership was kept without an end, and its group is
// not mapped now: nothing is asked about it until it is again.
func (m *maker) unmapped(e schema.Resolution) bool {
	return keptMembership(e) &&
		!slices.ContainsFunc(m.groups.all, func(g *Group) bool { return string(g.SID) == e.GroupSID })
}

// apart reports whether somebody said of two people of the source that they are not the
// same: that holds as long as one is in the file and the account of the other is kept.
func (m *maker) apart(e schema.Resolution) bool {
	if e.FormerAnchor == "" || m.byAnchor[strings.ToLower(e.Anchor)] == nil {
		return false
	}
	for _, known := range m.in.Memory.Accounts {
		if known.Anchor == e.FormerAnchor {
			return true
		}
	}
	return false
}

// waits reports whether an entry is consent that was not carried out yet.
func waits(e schema.Resolution) bool {
	return e.Accept && !e.Done && !(e.Type == string(Name) && e.NewName != "")
}

// looked lists the people whose every question was considered: by anchor, and
// by CN where an entry may have none.
func (m *maker) looked() map[string]bool {
	seen, unsure := map[string]bool{}, map[string]bool{}
	note := func(to map[string]bool, p Person) {
		to[strings.ToLower(p.Anchor)], to[strings.ToLower(p.CN)] = true, true
		if a := m.accountOf(p); a != nil {
			to[strings.ToLower(a.CN)] = true
		}
	}
	for _, p := range m.people {
		if p.failed || p.spared() || p.settled && (p.account != nil || p.active) || p.stampOnly {
			note(unsure, m.display(p))
			continue
		}
		note(seen, m.display(p))
	}
	for _, a := range m.missing {
		note(seen, m.displayAccount(a))
	}
	for who := range unsure {
		delete(seen, who)
	}
	delete(seen, "")
	return seen
}
