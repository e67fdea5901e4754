package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
)

// byKeys matches people who are new by the keys of match (rows 43 and 44). What agrees
// is the source's to write, so that a person decides in any case.
type byKeys struct {
	*facts
	draft    *draft
	owners   *owners
	adoption *adoption
	byNames  *byNames

	holders map[Key][]*account // of all classes
	wanted  map[Key]int        // people of the file
	claims  map[adrules.GUID][]*keyed
	shared  []string // people, each with a value that an account has and others of the file, too
}

// keyed is a person, and who may be the same.
type keyed struct {
	p        *person
	key      string
	value    string
	accounts []*account // more than one: it cannot be told whose it is
	offered  *account   // of these
}

// matchByKeys finds everyone's candidate before it asks about the first: what is asked
// about is out of the others' reach.
func (m *byKeys) matchByKeys() {
	defer m.notices()
	if !m.matching {
		return
	}
	var fresh []*person
	for _, p := range m.roster.people {
		if p.account == nil && !p.settled && (m.matchable(p) || m.byNames.bothNames(p) != nil) {
			fresh = append(fresh, p)
		}
	}
	if len(fresh) == 0 {
		return
	}
	m.indexKeys()
	var found []*keyed
	for _, p := range fresh {
		if a := m.byNames.bothNames(p); a != nil {
			m.byNames.contrary[p] = m.contrary(p, a)
		}
		if !m.matchable(p) || m.byNames.takesUnasked(p) {
			continue
		}
		of := m.find(p)
		if found = append(found, of...); len(of) == 0 {
			m.noteShared(p)
		}
	}
	for _, k := range found {
		for _, a := range k.accounts {
			m.claims[a.GUID] = append(m.claims[a.GUID], k)
		}
	}
	for _, k := range found {
		m.ask(k)
	}
}

func (m *byKeys) indexKeys() {
	m.holders, m.wanted, m.claims = map[Key][]*account{}, map[Key]int{}, map[adrules.GUID][]*keyed{}
	for _, key := range m.cfg.Match.Keys {
		for _, p := range m.roster.people {
			m.wanted[Key{key, KeyForm(m.attrs.keyOf(p, key))}]++
		}
		for _, a := range m.index.all() {
			if slices.ContainsFunc(a.SelfWritten, func(own string) bool { return sameFold(own, key) }) {
				continue // says what its user wants it to say
			}
			for _, form := range m.names.keysOf(a, key) {
				m.holders[Key{key, form}] = append(m.holders[Key{key, form}], a)
			}
		}
	}
}

// find goes by the first key that finds an account which is no one's yet, and from
// one that was rejected on to the next key that finds another.
func (m *byKeys) find(p *person) (found []*keyed) {
	rejected := map[*account]bool{}
	for _, key := range m.cfg.Match.Keys {
		all := m.candidates(p, key)
		i := slices.IndexFunc(all, func(a *account) bool { return m.freeFor(p, a) && !rejected[a] })
		if i < 0 {
			continue
		}
		found = append(found, &keyed{p, key, m.attrs.keyOf(p, key), all, all[i]})
		if !m.rejected(p, all[i]) {
			break
		}
		rejected[all[i]] = true
	}
	return found
}

// noteShared notes for whom nothing is found since others of the file have the same value.
func (m *byKeys) noteShared(p *person) {
	for _, key := range m.cfg.Match.Keys {
		value := m.attrs.keyOf(p, key)
		of := Key{key, KeyForm(value)}
		if m.wanted[of] > 1 && !m.names.placeholder(key, value) && slices.ContainsFunc(m.holders[of], m.free) {
			m.shared = append(m.shared, fmt.Sprintf("%s (%s %s)", p.user.CN, key, value))
			return
		}
	}
}

func (m *byKeys) rejected(p *person, a *account) bool {
	q := Question{Kind: Adopt, Person: m.show.shared(p), Holder: a.Account, Wanted: m.names.wantedName(p)}
	return m.draft.kept.rejection(q, nil) != nil
}

// candidates are all that have what the file has for a key, where one of them may be
// the person's.
func (m *byKeys) candidates(p *person, key string) []*account {
	all := m.having(key, m.attrs.keyOf(p, key))
	if !slices.ContainsFunc(all, func(a *account) bool { return m.freeFor(p, a) }) || len(all) == 1 && m.askedByName(key, all[0]) {
		return nil
	}
	return all
}

// having is who has a value that only one person of the file has.
func (m *byKeys) having(key, value string) []*account {
	of := Key{key, KeyForm(value)}
	if m.names.placeholder(key, value) || m.wanted[of] != 1 {
		return nil
	}
	return m.holders[of]
}

// free reports whether an account is a user's that the ledger does not know, and that is
// no one's so far. What its anchor attribute holds may bar it, but makes it no one else's;
// of another source row 50 asks, of the former domain row 72.
func (m *byKeys) free(a *account) bool {
	_, known := m.ledger.remembered(a)
	return a.Class == "user" && !m.ledger.foreign(a) && !m.ledger.former(a) && !known && a.person == nil && !a.resting
}

// freeFor leaves to row 41 an account that someone who left had until the ledger was lost, where
// it asks about it.
func (m *byKeys) freeFor(p *person, a *account) bool {
	return m.free(a) && !(m.roster.lostLeaver(a) && m.adoption.agrees(&madeAnew{p: p, a: a}))
}

// askedByName reports whether rows 13 and 14 ask about an account anyway, which has
// the account name and could not be taken over for it: another name may be given there.
func (m *byKeys) askedByName(key string, a *account) bool {
	return sameFold(key, accountNameAttribute) && !a.InContainer && (a.Protected != "" || a.Unmatched != "")
}

// ask is row 43, and row 44 where there is nothing that a person could agree to.
// Rejected, the person gets an account as if there was no match.
func (m *byKeys) ask(k *keyed) {
	a := k.offered
	why, doubts := MatchLikely, m.doubts(k, a)
	barred := m.barred(k, a)
	switch {
	case len(k.accounts) > 1:
		why = MatchSeveral
	case barred != "":
		why = MatchBarred
	case m.sure(k, a) && len(doubts) == 0:
		why = MatchSure
	}
	q := m.adoption.question(k.p, a, why)
	q.Barred, q.Single = cmp.Or(barred, q.Barred), why != MatchSure
	moving := m.moving(a)
	q.Context, q.Told = append(q.Context, moving...), append(q.Told, moving...)
	q.Decision = append(q.Decision, Field{Code: FieldEvidence, After: append(m.evidence(k, a), doubts...)})
	if first := m.calendar.firstEnd(k.p); first != 0 {
		q.Expires.After = m.calendar.day(first)
	}
	if v, answer := m.adoption.put(k.p, a, q); v == agreed {
		m.agreed(k.p, a, q, answer)
	}
}

// agreed is row 18 for what was matched. Nothing that the person did not take away is lost.
func (m *byKeys) agreed(p *person, a *account, q Question, answer *Answer) {
	if q.Barred != "" {
		p.settled, p.touched = true, true
		a.resting = true
		m.draft.fail(p, Answered, "the account cannot be taken over: "+q.Barred)
		return
	}
	full := *answer
	full.Keeps, p.matched = q.Keeping(answer.Keeps), true
	m.owners.adopted(p, a, &full)
}

// Keeping is what an account keeps that is taken over: all of it, where match offered
// the account and no one said otherwise; of someone who was made anew its password at
// most, where that may stay and someone said so.
func (q Question) Keeping(said *Keeps) *Keeps {
	switch {
	case q.AsIs():
		return nil
	case q.Reason == MadeAnew, q.Reason == CameOver:
		return &Keeps{Password: q.MayKeep && said != nil && said.Password}
	}
	if said == nil && q.Matched() {
		return &Keeps{Password: true, Expiry: true, Memberships: true, Names: true, Values: true}
	}
	return said
}

// Matched reports whether match offers an account, which keeps its names and values,
// too, if that is what a person wants.
func (q Question) Matched() bool {
	return q.Reason == MatchSure || q.Reason == MatchLikely
}

// barred is why the account cannot be the person's by match, whatever anyone says.
func (m *byKeys) barred(k *keyed, a *account) string {
	if len(k.accounts) > 1 {
		var all []string
		for _, other := range k.accounts {
			all = append(all, other.DN)
		}
		slices.Sort(all)
		return fmt.Sprintf("several have %s %s: %s. Let one of them have it, or reject to have another account created", k.key, k.value, strings.Join(all, "; "))
	}
	if why := m.owners.barred(k.p, a); why != "" || a.InContainer {
		return why
	}
	return a.Unmatched
}

// sure reports whether a number and both names agree, of an account that could not do
// harm in the wrong hands.
func (m *byKeys) sure(k *keyed, a *account) bool {
	same, _, _ := m.sameNames(k.p, a)
	return isNumber(k.key) && same && !m.groups.guards(a) && len(m.claims[a.GUID]) == 1 && !a.SelfUnknown
}
