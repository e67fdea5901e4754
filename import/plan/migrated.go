package plan

import (
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/schema"
)

// Migrating is a change of the source domain: the accounts of its former users carry
// anchors of the former domain, and the file says who is who (rows 72 and 73).
type Migrating struct {
	From  string // DNS name of the former domain; "" where nothing changes
	Waits bool   // no one has agreed to any of it yet: nothing else is done or asked before that
}

// matchMigrated is row 72: those of whom the file says who they were, and then, by their
// names, those of whom it says nothing.
func (m *adoption) matchMigrated() {
	if m.in.Migrating.From == "" {
		return
	}
	for _, p := range m.roster.people {
		if p.account != nil || p.settled {
			continue
		}
		if p.migrated != nil {
			m.matchFormer(p, m.index.byAnchor[p.migrated.Former])
		} else {
			m.matchFormer(p, m.index.byAnchor[p.user.ObjectGUID])
		}
	}
	for _, p := range m.roster.people {
		if p.account == nil && !p.settled && p.migrated == nil && p.active {
			if all := m.formerByNames(p); len(all) == 1 {
				m.askMigrated(p, all[0])
			}
		}
	}
}

func (m *adoption) matchFormer(p *person, all []*account) {
	all = slices.DeleteFunc(slices.Clone(all), func(a *account) bool { return !m.ledger.former(a) })
	switch {
	case len(all) == 0:
	case len(all) > 1:
		m.owners.failAnchor(p, all)
	case !all[0].InContainer && !p.active:
		all[0].resting = true
	default:
		m.askMigrated(p, all[0])
	}
}

// formerByNames are accounts of the container of which the file says nothing, with both
// names of the person, or one of them and a number.
func (m *adoption) formerByNames(p *person) (list []*account) {
	for _, a := range slices.Concat(m.index.called(m.names.wantedName(p)), m.index.withCN(m.names.wantedCN(p))) {
		one := sameExact(a.AccountName, m.names.wantedName(p)) || sameExact(a.CN, m.names.wantedCN(p))
		if !one || !m.ledger.former(a) || m.roster.migrated[a.Anchor.ObjectGUID] != nil || a.resting || a.person != nil || slices.Contains(list, a) {
			continue
		}
		if m.names.sameBoth(p, a) || m.sameNumber(p, a) {
			list = append(list, a)
		}
	}
	return list
}

func (m *adoption) sameNumber(p *person, a *account) bool {
	return slices.ContainsFunc(numberAttributes, func(key string) bool {
		value := m.attrs.keyOf(p, key)
		return !m.names.placeholder(key, value) && KeyForm(value) == KeyForm(first(a.value(key)))
	})
}

// askMigrated is together with others only where the file's word, the anchor and the
// ledger agree and nothing contradicts: the file is the source's to write.
func (m *adoption) askMigrated(p *person, a *account) {
	p.formerAnchor = a.Anchor.ObjectGUID
	q := m.question(p, a, Migrated)
	doubts := m.migratedDoubts(p, a)
	q.Former = p.formerAnchor
	q.Single = p.migrated == nil || !p.active || len(doubts) > 0 || !a.InContainer || a.Protected != "" || m.groups.guards(a) || q.Barred != ""
	q.Decision = append(q.Decision, Field{Code: FieldFormerAnchor, After: []string{q.Former + "@" + m.in.Migrating.From}},
		Field{Code: FieldEvidence, After: append(m.migratedEvidence(p), doubts...)})
	v, answer := m.put(p, a, q)
	if v == agreed {
		m.owners.anchored(p, a, answer)
	} else {
		p.formerAnchor = ""
	}
}

func (m *adoption) migratedEvidence(p *person) []string {
	switch {
	case p.formerAnchor == p.user.ObjectGUID:
		return []string{"the user file has this person under the objectGUID that a user of " + m.in.Migrating.From + " had, which no two domains give"}
	case p.migrated == nil:
		return []string{"the names agree, and the user file does not say who this person was"}
	case p.migrated.By == schema.BySIDHistory:
		return []string{"sIDHistory holds the SID that the user of " + m.in.Migrating.From + " had, says the user file"}
	}
	return []string{"employeeID is that of the user of " + m.in.Migrating.From + ", and no one else's, says the user file"}
}

// migratedDoubts are what speaks against it.
func (m *adoption) migratedDoubts(p *person, a *account) (list []string) {
	if m.ledger.unknownSince(a) {
		list = append(list, onlyItsAnchor)
	}
	if m.ledger.reworded(a) {
		list = append(list, fmt.Sprintf("its anchor has the objectGUID that a user of %s had, and names %s: someone changed it", m.in.Migrating.From, a.Anchor.Domain))
	}
	if !sameExact(a.CN, m.names.wantedCN(p)) && !sameExact(a.AccountName, m.names.wantedName(p)) {
		list = append(list, fmt.Sprintf("neither name agrees: %s (%s) in the file, %s (%s) here", m.names.wantedCN(p), m.names.wantedName(p), a.CN, a.AccountName))
	}
	for _, other := range m.roster.called(a.AccountName) {
		if other != p {
			list = append(list, fmt.Sprintf("%s of the file has the account name %s", other.user.CN, a.AccountName))
		}
	}
	for _, key := range numberAttributes {
		if text := m.numberDiffers(p, a, key); text != "" {
			list = append(list, text)
		} else if has := first(a.value(key)); has != "" && m.names.placeholder(key, m.attrs.keyOf(p, key)) {
			list = append(list, fmt.Sprintf("%s is %s here, and the file has none", key, has))
		}
	}
	same, of, has := m.sameNames(p, a)
	file, here := strings.TrimSpace(strings.Join(of, " ")), strings.TrimSpace(strings.Join(has, " "))
	switch {
	case same:
	case file != "" || here != "":
		list = append(list, fmt.Sprintf("the names differ: %s in the file, %s here", file, here))
	case !sameExact(a.CN, m.names.wantedCN(p)):
		list = append(list, fmt.Sprintf("the full name differs: %s in the file, %s here", m.names.wantedCN(p), a.CN))
	}
	return list
}

// called are the people who are to have an account name, by the file.
func (r *roster) called(name string) []*person {
	if r.callers == nil {
		r.callers = map[string][]*person{}
		for _, p := range r.people {
			key := exact(r.names.wantedName(p))
			r.callers[key] = append(r.callers[key], p)
		}
	}
	return r.callers[exact(name)]
}

// bearing are the people for whom a common name is wanted that may be taken for this one.
func (r *roster) bearing(cn string) []*person {
	if r.bearers == nil {
		r.bearers = map[string][]*person{}
		for _, p := range r.people {
			key := r.keys.of(r.names.wantedCN(p))
			r.bearers[key] = append(r.bearers[key], p)
		}
	}
	return r.bearers[r.keys.of(cn)]
}

// askNotMigrated is row 73: accounts of the former domain of whose person the file says
// nothing, and how many of these are not decided about.
func (m *deciding) askNotMigrated() (undecided int) {
	for _, a := range m.leaving.missing {
		if m.ledger.former(a) && m.askWhetherLeft(a) == open {
			undecided++
		}
	}
	return undecided
}

// isNew reports whether a person would get an account.
func (p *person) isNew() bool { return p.account == nil && p.active && !p.settled }

// mayBeFormer reports whether someone new may be one of those who are not decided about: the
// file does not say who they were, or someone whom no account was for.
func (m *deciding) mayBeFormer(p *person) bool {
	return p.isNew() && (p.migrated == nil || len(m.index.byAnchor[p.migrated.Former]) == 0 && m.roster.goneOf[p] == nil)
}

// waitForOthers makes no account for a person who may be one of those that are not decided
// about: it would be their second.
func (m *deciding) waitForOthers(p *person, undecided int) {
	m.wait(p, NotMigrated, fmt.Sprintf("the account is not created as long as accounts of %s, of which the user file says nothing, are not decided about (%d): one may be theirs",
		m.in.Migrating.From, undecided))
}

// askWhetherLeft disables no one unasked; who was disabled by it is treated as every
// leaver.
func (m *deciding) askWhetherLeft(a *account) verdict {
	known, _ := m.ledger.remembered(a)
	who := m.show.account(a)
	switch {
	case !m.ledger.reaches(a):
		m.owners.leaveProtected(nil, a)
	case a.Enabled():
		q := Question{Kind: Disable, Reason: NotMigrated, Person: &who, Single: m.groups.guards(a) || m.ledger.reworded(a), Decision: []Field{
			{Code: FieldCommonName, After: []string{who.CN}},
			{Code: FieldReason, After: []string{string(NotMigrated)}},
		}, Context: slices.Concat(m.show.placing(nil, a), m.show.present(a), m.show.use(a))}
		v, answer := m.draft.ask(q)
		switch v {
		case refused:
			m.holdOff(who, a)
		case agreed:
			m.draft.add(Action{Kind: Disable, Reason: MissingInFile, Person: &who, Changes: []Change{disabling(a)}}).Answer = answer
		}
		return v
	case known.DisabledFor != "":
		m.retireMissing(a)
	default:
		m.failStays(a, NotMigrated)
	}
	return agreed
}

// failStays names whom someone else disabled here and whose person the file does not have:
// nothing says that they left, so that the groups are not left unasked.
func (m *deciding) failStays(a *account, why Reason) {
	if groups := m.groups.around(a); len(groups) > 0 {
		a.strayed = true
		m.draft.plan.Failed = append(m.draft.plan.Failed, Note{m.show.account(a), why, fmt.Sprintf("%s was disabled, not by this program, and is in %s still. If its person has left, take it out of these groups", a.DN, strings.Join(groups, ", "))})
	}
}

func disabling(a *account) Change {
	return Change{Attribute: "userAccountControl", Before: []string{controlText(a.Control)}, After: []string{controlText(a.Control.Disable())}}
}

// waitForMigration leaves nothing but the questions of row 72, and what was agreed to of
// them, as long as no one has agreed to the new domain; where there are none, those of
// rows 6 and 70 to 73, so that someone can.
func (m *closing) waitForMigration() {
	plan := &m.draft.plan
	if m.in.Migrating.From == "" {
		return
	}
	if !m.in.Migrating.Waits {
		m.noticeMigrated()
		return
	}
	shown := []Reason{Migrated}
	if !slices.ContainsFunc(slices.Concat(plan.Questions, plan.Agreed), func(q Question) bool { return q.Reason == Migrated }) {
		shown = []Reason{NotMigrated, Unconfirmed}
	}
	agreed := map[string]bool{}
	for _, q := range plan.Agreed {
		agreed[q.ID] = slices.Contains(shown, q.Reason)
	}
	plan.Actions = slices.DeleteFunc(plan.Actions, func(a Action) bool { return a.Answer == nil || !agreed[a.Answer.ID] })
	plan.Questions = slices.DeleteFunc(plan.Questions, func(q Question) bool { return !slices.Contains(shown, q.Reason) })
	plan.Failed, plan.Forget, plan.Unkept = nil, nil, nil
	left := 0
	for _, a := range m.leaving.missing {
		if m.ledger.former(a) && a.Enabled() {
			left++
		}
	}
	for _, a := range m.index.inside {
		if m.roster.lostLeaver(a) && m.ledger.former(a) && a.Enabled() && a.Protected == "" {
			left++
		}
	}
	m.draft.notice(fmt.Sprintf("the source domain changes from %s to %s: accounts that are asked about, %d; nothing else is done or asked before someone agrees to one of these questions. "+
		"With that the new domain holds, and files of %s are refused. Enabled accounts of which the user file says nothing, and which are asked about then: %d",
		m.in.Migrating.From, strings.ToLower(m.in.File.Source.Domain), len(plan.Questions), m.in.Migrating.From, left))
}

// noticeMigrated tells when the change is over: without it nothing would show that a person
// had an account of the former domain, which is seen nowhere (row 39).
func (m *closing) noticeMigrated() {
	for p := range m.roster.goneOf {
		if p.active && p.account == nil && p.migrated != nil {
			return
		}
	}
	for _, a := range m.index.all() {
		known, _ := m.ledger.remembered(a)
		stays := known.DisabledFor == "" && len(m.groups.around(a)) > 0
		lost := (a.strayed || a.resting) && known.Anchor != "" && m.roster.byAnchor[known.Anchor] == nil // whose anchor was changed
		if m.ledger.former(a) && (a.Enabled() || stays || a.resting || a.awaited) || lost {
			return
		}
	}
	m.draft.notice(fmt.Sprintf("everyone of %s is decided about: take expect.migrated_from out of the configuration, and --migrated-from out of the export", m.in.Migrating.From))
}
