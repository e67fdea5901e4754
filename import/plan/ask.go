package plan

import (
	"slices"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// verdict on a question.
type verdict int

const (
	open verdict = iota
	agreed
	refused
)

// ask puts a question to a person unless it is answered: by consent in this
// session, by a kept rejection, or by an accepted entry of the resolutions file
// where the configuration allows that.
func (m *maker) ask(q Question) (verdict, *Answer) {
	q.ID = m.questionID(q)
	if a, ok := m.answer[q.ID]; ok && a.Accept {
		m.kept.settle(q)
		m.plan.Agreed = append(m.plan.Agreed, q)
		return agreed, &a
	}
	if entry := m.kept.rejection(q); entry != nil {
		m.plan.Refusals = append(m.plan.Refusals, Refusal{q, *entry})
		return refused, nil
	}
	if a := m.acceptedInFile(q); a != nil {
		return agreed, a
	}
	if !slices.ContainsFunc(m.plan.Questions, func(o Question) bool { return o.ID == q.ID }) {
		m.plan.Questions = append(m.plan.Questions, q)
	}
	return open, nil
}

// acceptedInFile is rule 28.
func (m *maker) acceptedInFile(q Question) *Answer {
	entry, number := m.kept.acceptance(q)
	if entry == nil || !m.cfg.AcceptFromFile || entry.Done {
		return nil
	}
	disabled := m.in.Memory.Accounts[q.Person.GUID].DisabledAt
	switch {
	case q.Group != nil && q.Group.Why != "",
		q.Holder != nil && entry.TakeOver && q.Barred != "",
		entry.Timestamp.Before(disabled),
		q.Kind == Adopt:
		return nil
	}
	a := Answer{ID: q.ID, Accept: true, NewName: entry.NewName, TakeOver: entry.TakeOver, Entry: number}
	if entry.Password != nil {
		a.Password = *entry.Password
	}
	if q.Kind == Name && a.NewName == "" && !a.TakeOver {
		return nil
	}
	return &a
}

// keptAnswers are the entries of the resolutions file.
type keptAnswers struct {
	entries []schema.Resolution
	now     time.Time
	byWho   map[string][]int // entry numbers by type and anchor, or type and CN
	used    map[int]bool
}

func newKeptAnswers(entries []schema.Resolution, now time.Time) *keptAnswers {
	k := &keptAnswers{slices.Clone(entries), now, map[string][]int{}, map[int]bool{}}
	for i, e := range entries {
		who := e.Type + "\x00cn\x00" + strings.ToLower(e.User)
		if e.Anchor != "" {
			who = e.Type + "\x00" + e.Anchor
		}
		k.byWho[who] = append(k.byWho[who], i)
	}
	return k
}

// latest is the entry that answers the question, -1 where there is none. Later
// timestamps win, then later entries.
func (k *keptAnswers) latest(q Question) int {
	best := -1
	for _, i := range k.about(q.Kind, q.Person) {
		e := k.entries[i]
		if k.answers(e, q) && (best < 0 || !e.Timestamp.Before(k.entries[best].Timestamp)) {
			best = i
		}
	}
	return best
}

func (k *keptAnswers) about(kind Kind, p Person) []int {
	list := slices.Clone(k.byWho[string(kind)+"\x00cn\x00"+strings.ToLower(p.CN)])
	if p.Anchor != "" {
		list = append(list, k.byWho[string(kind)+"\x00"+p.Anchor]...)
	}
	slices.Sort(list)
	return list
}

func (k *keptAnswers) answers(e schema.Resolution, q Question) bool {
	switch q.Kind {
	case Join, Leave:
		if e.GroupSID != "" {
			return e.GroupSID == string(q.Group.SID)
		}
		return sameFold(e.Group, q.Group.CN)
	case Name, Adopt:
		return e.Name == "" || sameFold(e.Name, q.wantedName())
	}
	return true
}

// wantedName is the account name that a name or adopt question is about.
func (q Question) wantedName() string { return q.Decision[0].After[0] }

// rejection gives the kept rejection in force. An entry without anchor is
// given the anchor of the person it stands for.
func (k *keptAnswers) rejection(q Question) *schema.Resolution {
	i := k.latest(q)
	if i < 0 || k.entries[i].Accept || k.ended(i) {
		return nil
	}
	k.use(i, q.Person.Anchor)
	return &k.entries[i]
}

func (k *keptAnswers) ended(i int) bool {
	until := k.entries[i].Until
	return until != nil && !k.now.Before(*until)
}

func (k *keptAnswers) acceptance(q Question) (*schema.Resolution, int) {
	i := k.latest(q)
	if i < 0 || !k.entries[i].Accept {
		return nil, 0
	}
	k.use(i, q.Person.Anchor)
	return &k.entries[i], i + 1
}

// settle marks an entry as still in force although its question was answered
// otherwise now; the answer, once carried out, makes it lapse.
func (k *keptAnswers) settle(q Question) {
	if i := k.latest(q); i >= 0 {
		k.use(i, q.Person.Anchor)
	}
}

func (k *keptAnswers) use(i int, anchor string) {
	k.used[i] = true
	if k.entries[i].Anchor == "" {
		k.entries[i].Anchor = anchor
	}
}

// newName is row 17: a name that a person gave, kept while the file says the
// old one.
func (k *keptAnswers) newName(p Person, wanted string) string {
	q := Question{Kind: Name, Person: p, Decision: []Field{{After: []string{wanted}}}}
	if i := k.latest(q); i >= 0 && k.entries[i].Accept && k.entries[i].NewName != "" {
		k.use(i, p.Anchor)
		return k.entries[i].NewName
	}
	return ""
}

// finishAnswers drops entries whose question has gone, of people this plan
// looked at; all others stay.
func (m *maker) finishAnswers() {
	seen := m.looked()
	for i, e := range m.kept.entries {
		who := e.Anchor
		if who == "" {
			who = strings.ToLower(e.User)
		}
		if e.Unknown != nil || m.kept.used[i] || !seen[who] || e.Accept && !e.Done {
			m.plan.Kept = append(m.plan.Kept, e)
			continue
		}
		m.plan.Lapsed = append(m.plan.Lapsed, e)
	}
}

// looked lists the people whose every question was considered: by anchor, and
// by CN where an entry may have none.
func (m *maker) looked() map[string]bool {
	seen := map[string]bool{}
	unsure := map[string]bool{}
	for _, list := range [][]Note{m.plan.Failed, m.plan.Skipped} {
		for _, note := range list {
			unsure[note.Person.Key()] = note.Reason != DisabledInSource
		}
	}
	add := func(p Person) {
		if !unsure[p.Key()] {
			seen[p.Anchor], seen[strings.ToLower(p.CN)] = true, true
		}
	}
	for _, p := range m.people {
		add(m.display(p))
	}
	for _, a := range m.missing {
		add(m.displayAccount(a))
	}
	delete(seen, "")
	return seen
}
