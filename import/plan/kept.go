package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// keptAnswers are the entries of the resolutions file. They belong to a source
// anchor; entries without one, as the older tool wrote them, to a CN.
type keptAnswers struct {
	entries []schema.Resolution
	now     time.Time
	byWho   map[string][]int // entry numbers by type and anchor, or type and CN
	others  map[string][]int // likewise of those that were answered for another container
	used    map[int]bool
	sameCN  map[string]int   // accounts of a CN, in whatever container
	asked   map[string][]int // entry numbers by ID of the question that they are about
	mapped  map[string]bool  // SIDs of mapped groups
}

func newKeptAnswers(in Input, groups []Group) *keptAnswers {
	k := &keptAnswers{slices.Clone(in.Kept), in.Now, map[string][]int{}, map[string][]int{}, map[int]bool{}, map[string]int{}, map[string][]int{}, map[string]bool{}}
	for _, g := range groups {
		k.mapped[string(g.SID)] = true
	}
	for i, e := range k.entries {
		who := byCN(e.Type, e.User)
		if e.Anchor != "" {
			who = byAnchor(e.Type, e.Anchor)
		}
		if list := k.byWho; in.Memory.AnswersFor(e) {
			list[who] = append(list[who], i)
		} else {
			k.others[who], k.used[i] = append(k.others[who], i), true
		}
	}
	return k
}

// AnswersFor reports whether an entry may be about this container: it does not name
// another one whose configuration shares the resolutions file, or is about an account
// that was moved here from there.
func (m Memory) AnswersFor(e schema.Resolution) bool {
	return !m.Apart[e.Container] || e.Anchor == "" || m.Moved[strings.ToLower(e.Anchor)]
}

// refusedElsewhere is what makes a join wait for a person that was rejected of the same
// one for another container: no one is to get there by what was not asked.
func (k *keptAnswers) refusedElsewhere(q Question) Guard {
	if len(k.others) == 0 {
		return ""
	}
	for _, anchor := range []string{q.Person.Anchor, q.Person.Also} {
		for _, i := range k.others[byAnchor(string(q.Kind), anchor)] {
			if e := k.entries[i]; !e.Accept && k.isAbout(e, q) {
				return GuardElsewhere
			}
		}
	}
	return ""
}

// countBearers lets answers that go by a CN know of namesakes.
func (k *keptAnswers) countBearers(accounts []*account) {
	if len(k.entries) == 0 {
		return
	}
	for _, a := range accounts {
		if a.Class == "user" {
			k.sameCN[strings.ToLower(a.CN)]++
		}
	}
}

func byCN(kind, cn string) string         { return kind + "\x00cn\x00" + strings.ToLower(cn) }
func byAnchor(kind, anchor string) string { return kind + "\x00" + strings.ToLower(anchor) }

// latest is the entry that answers the question about an account, nil before
// there is one; -1 where there is none. The latest wins, of one moment the
// rejection.
func (k *keptAnswers) latest(q Question, a *account) int {
	best := -1
	for _, i := range k.about(q.Kind, *q.Person, a) {
		if k.answers(k.entries[i], q, a) && (best < 0 || later(k.entries[i], k.entries[best])) {
			best = i
		}
	}
	return best
}

func later(a, b schema.Resolution) bool { return compareEntries(a, b) > 0 }

func compareEntries(a, b schema.Resolution) int {
	return cmp.Or(a.Timestamp.Compare(b.Timestamp), compareFlags(b.Accept, a.Accept), compareUntil(a.Until, b.Until),
		compareFlags(a.Done, b.Done), cmp.Compare(a.NewName, b.NewName), cmp.Compare(a.Anchor, b.Anchor), cmp.Compare(a.User, b.User),
		cmp.Compare(a.Name, b.Name), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.By, b.By),
		cmp.Compare(a.Account, b.Account), cmp.Compare(a.Container, b.Container), cmp.Compare(a.FormerAnchor, b.FormerAnchor))
}

func compareFlags(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func compareUntil(a, b *time.Time) int {
	if a == nil || b == nil {
		return compareFlags(a == nil, b == nil)
	}
	return a.Compare(*b)
}

// about goes by the CN that an account has now. What is asked before names
// are settled goes by the CN that the file wants.
func (k *keptAnswers) about(kind Kind, p Person, a *account) []int {
	if len(k.entries) == 0 {
		return nil
	}
	var list []int
	for _, anchor := range []string{p.Anchor, p.Also} {
		if anchor != "" {
			list = append(list, k.byWho[byAnchor(string(kind), anchor)]...)
		}
	}
	switch {
	case kind == Name || kind == Adopt || kind == Create:
		list = append(list, k.byWho[byCN(string(kind), p.CN)]...)
	case a != nil:
		list = append(list, k.byWho[byCN(string(kind), a.CN)]...)
	}
	return list
}

// skew is how far two clocks may differ (rule 3).
const skew = 5 * time.Minute

func (k *keptAnswers) answers(e schema.Resolution, q Question, a *account) bool {
	// A CN alone does not tell a person from a namesake: what was answered
	// before there was this account was about another person.
	mayBeAnothers := e.Anchor == "" &&
		(a == nil || k.sameCN[strings.ToLower(a.CN)] > 1 || e.Timestamp.Add(skew).Before(a.Created) || e.Accept && a.Created.IsZero())
	named := q.Kind == Name || q.Kind == Adopt || q.Kind == Create
	return k.isAbout(e, q) && (named || !mayBeAnothers) && !consentOfAlso(e, *q.Person)
}

// consentOfAlso reports whether an entry is consent that was given to an anchor which
// the file does not name: that is kept, and carried out for no one.
func consentOfAlso(e schema.Resolution, p Person) bool {
	return e.Accept && e.NewName == "" && e.Anchor != "" && !sameFold(e.Anchor, p.Anchor)
}

// isAbout reports whether an entry of this person, or CN, is about the question.
func (k *keptAnswers) isAbout(e schema.Resolution, q Question) bool {
	if e.Anchor != "" && !sameFold(e.Anchor, q.Person.Anchor) && !sameFold(e.Anchor, q.Person.Also) {
		return false
	}
	switch q.Kind {
	case Adopt:
		if e.Account != "" || e.FormerAnchor != "" {
			return e.FormerAnchor == q.Former && (q.Former != "" || e.Account == q.Holder.GUID.String())
		}
		fallthrough
	case Name:
		return sameFold(e.Name, q.Wanted) || e.Name == "" && e.Anchor != ""
	case Join, Leave:
		if q.Reason == MissingInFile && keptMembership(e) {
			return false // for as long as the person is there
		}
		anew := !e.Accept && q.Kind == Join && !k.mapped[e.GroupSID] // what was rejected of a group holds for the one in its place
		if e.GroupSID != "" && !anew {
			return e.GroupSID == string(q.Group.SID)
		}
		return sameFold(e.Group, q.Group.CN)
	}
	return true
}

// keptMembership is a leave that an account was spared when it was taken over:
// unlike other rejections of this program it has no end, and unlike those of the
// older tool a SID.
func keptMembership(e schema.Resolution) bool {
	return e.Type == string(Leave) && !e.Accept && e.Until == nil && e.GroupSID != ""
}

// rejection returns the kept rejection in force. An entry without anchor is
// given the anchor of the person it stands for.
func (k *keptAnswers) rejection(q Question, a *account) *schema.Resolution {
	i := k.latest(q, a)
	if i < 0 || k.entries[i].Accept || k.ended(i) {
		return nil
	}
	k.use(i, *q.Person)
	return &k.entries[i]
}

// all lists the entries that are about a question, in force or not; none that may
// be a namesake's.
func (k *keptAnswers) all(q Question, a *account) (list []int) {
	for _, i := range k.about(q.Kind, *q.Person, a) {
		e := k.entries[i]
		if k.isAbout(e, q) && (e.Anchor != "" || a == nil || k.sameCN[strings.ToLower(a.CN)] <= 1) {
			list = append(list, i)
		}
	}
	return list
}

// byQuestion returns them by the ID of the question.
func (k *keptAnswers) byQuestion() map[string][]schema.Resolution {
	about := map[string][]schema.Resolution{}
	for id, numbers := range k.asked {
		for _, i := range numbers {
			about[id] = append(about[id], k.entries[i])
		}
		slices.SortFunc(about[id], compareEntries)
	}
	return about
}

// latestOf returns the latest answer to a question that has one, and its number.
func (k *keptAnswers) latestOf(q Question, a *account) (schema.Resolution, int) {
	i := k.latest(q, a)
	return k.entries[i], i + 1
}

func (k *keptAnswers) ended(i int) bool {
	until := k.entries[i].Until
	return until != nil && !k.now.Before(*until)
}

func (k *keptAnswers) acceptance(q Question, a *account) (*schema.Resolution, int) {
	i := k.latest(q, a)
	if i < 0 || !k.entries[i].Accept {
		return nil, 0
	}
	k.use(i, *q.Person)
	return &k.entries[i], i + 1
}

// settle marks an entry as still in force although its question was answered
// otherwise now; the answer, once carried out, makes it lapse.
func (k *keptAnswers) settle(q Question, a *account) {
	if i := k.latest(q, a); i >= 0 {
		k.use(i, *q.Person)
	}
}

func (k *keptAnswers) use(i int, who Person) {
	k.used[i] = true
	if k.entries[i].Anchor == "" {
		k.entries[i].Anchor = who.Keep()
	}
}

// byEntry stands for a person who is not named.
const byEntry = "an entry of the resolutions file"

// newName is row 17: a name that a person gave, kept while the file says the
// old one, and who gave it.
func (k *keptAnswers) newName(p Person, a *account, wanted string) (name, by string) {
	q := Question{Kind: Name, Person: &p, Wanted: wanted}
	if i := k.latest(q, a); i >= 0 && k.entries[i].Accept && k.entries[i].NewName != "" {
		k.use(i, p)
		return k.entries[i].NewName, cmp.Or(k.entries[i].By, byEntry)
	}
	return "", ""
}
