package plan

import (
	"fmt"
	"strconv"
	"time"

	"ad-user-sync/internal/adrules"
)

// create is row 11: a disabled account with everything that is known, and the
// question whether to enable it.
func (m *maker) create(p *person) {
	changes := []Change{
		{Attribute: "cn", After: []string{p.cn}},
		{Attribute: "sAMAccountName", After: []string{p.name}},
		{Attribute: "userPrincipalName", After: []string{p.upn}},
		{Attribute: "userAccountControl", After: []string{controlText(adrules.NormalAccount | adrules.AccountDisable)}},
	}
	if expires, ok := m.lease(p); ok {
		changes = append(changes, Change{Attribute: "accountExpires", After: []string{strconv.FormatInt(expires, 10)}})
	}
	changes = append(changes, m.stampChange(p)...)
	changes = append(changes, m.attributesAtCreate(p)...)
	why := New
	if p.cn != m.wantedCN(p) {
		why = Namesake
	}
	m.act(p, Create, why, changes...)
	m.manager(p)
	m.follow(p)
	m.askEnable(p, New, false)
}

// maintain is rows 18 and 20 to 28, 34 and 35, for a person who is active.
func (m *maker) maintain(p *person) {
	m.rename(p)
	if changes := m.differing(p); len(changes) > 0 {
		m.act(p, Update, Differs, changes...)
	}
	m.manager(p)
	if p.takeOver == nil { // what was taken over keeps expiry, state and groups
		m.revive(p)
	}
	m.follow(p)
}

// rename is rows 18 and 21.
func (m *maker) rename(p *person) {
	a := p.account
	var changes []Change
	for _, c := range []Change{
		{Attribute: "cn", Before: []string{a.CN}, After: []string{p.cn}},
		{Attribute: "sAMAccountName", Before: []string{a.AccountName}, After: []string{p.name}},
		{Attribute: "userPrincipalName", Before: []string{a.UPN}, After: []string{p.upn}},
	} {
		if c.Before[0] != c.After[0] && c.After[0] != "" {
			changes = append(changes, c)
		}
	}
	switch {
	case p.takeOver != nil:
		act := m.act(p, Adopt, Answered, append(changes, m.stampChange(p)...)...)
		act.MoveIn, act.Answer = !a.InContainer, p.takeOver
	case len(changes) > 0:
		m.act(p, Rename, NameDiffers, changes...)
	}
	if stamp := m.stampChange(p); stamp != nil && p.takeOver == nil {
		m.act(p, Adopt, MatchedByName, stamp...)
	}
}

// revive decides about state and expiry: rows 23 to 28.
func (m *maker) revive(p *person) {
	a := p.account
	known := m.in.Memory.Accounts[a.GUID]
	shortened := m.shortened(a, known)
	switch {
	case a.Enabled() && shortened:
		m.askEnable(p, ExpiredElsewhere, true)
	case a.Enabled():
		m.extend(p, known)
	case known.DisabledFor != "":
		m.askEnable(p, Returned, true)
	case known.How == HowCreated && !known.WasEnabled && a.PasswordLastSet == 0:
		m.askEnable(p, New, false)
	case m.justMade(a):
		m.askEnable(p, New, false)
	default:
		m.askEnable(p, DisabledHere, true)
	}
}

// justMade tells whether a run that was killed made this account.
func (m *maker) justMade(a *Account) bool {
	_, known := m.in.Memory.Accounts[a.GUID]
	return !known && a.Stamp.Anchor != "" && a.PasswordLastSet == 0 && m.confirmed(a)
}

// askEnable puts the question of rows 11 and 24 to 27.
func (m *maker) askEnable(p *person, cause Reason, mayKeep bool) {
	who := m.display(p)
	q := Question{
		Kind: Enable, Reason: cause, Person: who, MayKeep: mayKeep,
		Single: cause == DisabledHere || cause == ExpiredElsewhere,
		Decision: []Field{
			{Name: "common name", After: []string{who.CN}},
			{Name: "account name", After: []string{who.AccountName}},
			{Name: "user principal name", After: []string{who.UPN}},
			{Name: "mail", After: []string{who.Mail}},
			{Name: "display name", After: []string{who.DisplayName}},
			{Name: "cause", After: []string{string(cause)}},
		},
	}
	q.Context = m.enableContext(p)
	p.touched = true
	v, answer := m.ask(q)
	if v != agreed {
		return
	}
	before := adrules.NormalAccount | adrules.AccountDisable // as created
	if p.account != nil {
		before = p.account.Control
	}
	changes := []Change{{Attribute: "userAccountControl", Before: []string{controlText(before)}, After: []string{controlText(before.Enable())}}}
	if expires, ok := m.lease(p); ok && p.account != nil && m.movesBy(p.account.Expires, expires, 0) {
		changes = append(changes, expiryChange(p.account, expires))
	}
	m.act(p, Enable, cause, changes...).Answer = answer
}

func (m *maker) enableContext(p *person) []Field {
	var context []Field
	add := func(name, value string) {
		if value != "" {
			context = append(context, Field{Name: name, After: []string{value}})
		}
	}
	for _, name := range []string{"department", "title", "company"} {
		add(name, m.after(p, name))
	}
	for _, g := range m.groups.all {
		if m.given(p)[g] {
			add("group", g.CN)
		}
	}
	if expires, ok := m.lease(p); ok {
		if t, ends := adrules.TimeFromFileTime(expires); ends {
			add("would expire", t.Format(time.DateOnly))
		}
	}
	if p.account != nil {
		add("created", p.account.Created.Format(time.DateOnly))
	}
	return context
}

// retire is rows 29, 31 and 32 for a person whom the file disables.
func (m *maker) retire(p *person) {
	if m.disable(p, p.account, m.display(p), DisabledInSource) {
		m.follow(p)
	}
}

// retireMissing is rows 29, 30 and 32 for an account the file doesn't have.
func (m *maker) retireMissing(a *Account) {
	who := m.displayAccount(a)
	if a.Protected != "" {
		m.plan.Skipped = append(m.plan.Skipped, Note{who, Protected, a.Protected})
		return
	}
	if !m.disable(nil, a, who, MissingInFile) {
		return
	}
	for _, g := range m.groups.all {
		if g.Missing == "" && a.MemberOf[g.SID] {
			m.leave(nil, a, g, MissingInFile, g.Guarded())
		}
	}
}

// disable tells whether the rest of leaving may go on: not while a person's
// rejection keeps the account working.
func (m *maker) disable(p *person, a *Account, who Person, why Reason) bool {
	if !a.Enabled() {
		return true
	}
	if p != nil {
		p.touched = true
	}
	q := Question{Kind: Disable, Reason: why, Person: who, Decision: []Field{
		{Name: "common name", After: []string{who.CN}},
		{Name: "reason", After: []string{string(why)}},
	}}
	q.ID = m.questionID(q)
	var answer *Answer
	if m.cfg.Approve.Disable {
		v, given := m.ask(q)
		if v == refused {
			m.holdOff(who, a)
		}
		if v != agreed {
			return v == open
		}
		answer = given
	} else if entry := m.kept.rejection(q); entry != nil {
		m.plan.Refusals = append(m.plan.Refusals, Refusal{q, *entry})
		m.holdOff(who, a)
		return false
	}
	control := Change{Attribute: "userAccountControl", Before: []string{controlText(a.Control)}, After: []string{controlText(a.Control.Disable())}}
	m.add(Action{Kind: Disable, Reason: why, Person: who, Changes: []Change{control}}).Answer = answer
	return true
}

// holdOff is row 32: the report says until when the account works.
func (m *maker) holdOff(who Person, a *Account) {
	detail := "disabling was rejected; the account does not expire by itself"
	if t, ends := adrules.TimeFromFileTime(a.Expires); ends {
		detail = "disabling was rejected; the account expires on " + t.Format(time.DateOnly)
	}
	m.plan.Skipped = append(m.plan.Skipped, Note{who, Rejected, detail})
}

// reportRest is rows 2 and 4.
func (m *maker) reportRest() {
	gone := map[adrules.GUID]bool{}
	for _, a := range m.missing {
		gone[a.GUID] = true
	}
	for i := range m.obs.Accounts {
		a := &m.obs.Accounts[i]
		if a.Class != "user" || m.byTarget[a.GUID] != nil || gone[a.GUID] {
			continue
		}
		why, detail := Unmanaged, "left alone"
		if m.foreign(a) {
			why, detail = Foreign, fmt.Sprintf("stamped for %s; left alone", a.Stamp.Domain)
		}
		m.plan.Unmanaged = append(m.plan.Unmanaged, Note{m.displayAccount(a), why, detail})
	}
}

func controlText(u adrules.UserAccountControl) string { return strconv.FormatUint(uint64(u), 10) }
