package plan

import (
	"slices"
	"strconv"
	"time"

	"ad-user-sync/internal/adrules"
)

// create is row 11: a disabled account with everything that is known, and the
// question whether to enable it.
func (m *deciding) create(p *person) {
	values := m.slabs.texts.list(p.cn, p.name, p.upn, controlText(adrules.NormalAccount|adrules.AccountDisable), "")
	changes := m.creating[:0]
	for i, name := range [...]string{"cn", "sAMAccountName", "userPrincipalName", "userAccountControl"} {
		changes = append(changes, Change{Attribute: name, After: values[i : i+1 : i+1]})
	}
	if expires, ok := m.calendar.lease(p); ok {
		values[4] = strconv.FormatInt(expires, 10)
		changes = append(changes, Change{Attribute: "accountExpires", After: values[4:5:5]})
	}
	if anchor, ok := m.attrs.anchorChange(p); ok {
		changes = append(changes, anchor)
	}
	m.creating = m.attributesAtCreate(changes, p)
	why := New
	switch {
	case m.roster.goneOf[p] != nil:
		why = SeenNowhere
	case p.answered:
		why = Answered
	case p.cn != m.names.wantedCN(p):
		why = Namesake
	}
	m.leaveOutCN(p)
	m.draft.act(p, Create, why, m.creating...)
	m.refer(p)
	m.following.follow(p)
	m.reviving.askEnable(p, New, false)
}

// maintain is rows 18 and 20 to 28, 34 and 35, for a person who is active.
func (m *deciding) maintain(p *person) {
	m.reviving.noticeLocked(p)
	if p.spared() {
		m.spare(p)
		return
	}
	m.rename(p)
	m.leaveOutCN(p)
	if p.takeOver != nil {
		m.dropGroups(p)
	}
	if p.takeOver != nil && !p.account.InContainer {
		return // should moving it in fail, it is not touched; the next run does the rest
	}
	if changes := m.differing(p); len(changes) > 0 {
		m.draft.act(p, Update, Differs, changes...)
	}
	m.refer(p)
	if p.takeOver == nil { // what was taken over keeps its expiry and state for now
		m.reviving.revive(p)
	}
	m.following.follow(p)
}

// rename is rows 18 and 21.
func (m *deciding) rename(p *person) {
	a := p.account
	var changes []Change
	for _, name := range []struct{ attribute, before, after string }{
		{"cn", a.CN, p.cn},
		{"sAMAccountName", a.AccountName, p.name},
		{"userPrincipalName", a.UPN, p.upn},
	} {
		if name.before != name.after && name.after != "" {
			changes = append(changes, Change{Attribute: name.attribute, Before: []string{name.before}, After: []string{name.after}})
		}
	}
	switch {
	case p.takeOver != nil:
		m.adopt(p, Answered, changes...)
	case len(changes) > 0:
		m.draft.act(p, Rename, m.renameReason(p), changes...)
	}
}

// renameReason tells apart who is called as the file says from who cannot be.
func (m *deciding) renameReason(p *person) Reason {
	switch {
	case p.answered && !m.names.has(p, p.name):
		return Answered
	case p.cn != p.account.CN && p.cn != m.names.wantedCN(p):
		return Namesake
	}
	return NameDiffers
}

// retire is rows 29, 31 and 32 for a person whom the file disables.
func (m *deciding) retire(p *person) {
	if m.disable(p, p.account, m.show.person(p), DisabledInSource) {
		m.following.follow(p)
	}
}

// retireMissing is rows 29, 30 and 32 for an account the file doesn't have.
func (m *deciding) retireMissing(a *account) {
	who := m.show.account(a)
	if !m.ledger.reaches(a) {
		m.owners.leaveProtected(nil, a)
		return
	}
	if !m.disable(nil, a, who, MissingInFile) {
		return
	}
	for _, g := range m.groups.all {
		switch {
		case !a.MemberOf[g.SID], a.awaited && g.Missing == "" && !g.Guarded(): // row 41: it may be someone's who is there
		case g.Missing != "":
			m.draft.plan.Failed = append(m.draft.plan.Failed, Note{who, GroupMissing, g.Name + ": " + g.Missing})
		default:
			m.following.leave(nil, a, g, MissingInFile, g.Guarded())
		}
	}
}

// disable reports whether the rest of leaving may go on: not while a person's
// rejection keeps the account working.
func (m *deciding) disable(p *person, a *account, who Person, why Reason) bool {
	if !a.Enabled() {
		return true
	}
	if p != nil {
		p.touched = true
	}
	v, answer := m.mayDisable(p, a, who, why)
	switch v {
	case refused:
		m.holdOff(who, a)
	case agreed:
		control := Change{Attribute: "userAccountControl", Before: []string{controlText(a.Control)}, After: []string{controlText(a.Control.Disable())}}
		m.draft.add(Action{Kind: Disable, Reason: why, Detail: expiredInSource(p), Person: &who, Changes: []Change{control}}).Answer = answer
	}
	return v != refused
}

// mayDisable asks with approve.disable. A rejection that was kept holds
// without it, too.
func (m *deciding) mayDisable(p *person, a *account, who Person, why Reason) (verdict, *Answer) {
	q := Question{Kind: Disable, Reason: why, Person: &who, Decision: []Field{
		{Code: FieldCommonName, After: []string{who.CN}},
		{Code: FieldReason, After: []string{string(why)}},
	}}
	if since := expiredInSource(p); since != "" {
		q.ExpiredSince = since
		q.Context = append(q.Context, Field{Code: FieldInTheSource, After: []string{since}})
	}
	q.Context = slices.Concat(q.Context, m.show.placing(p, a), m.show.present(a), m.show.use(a))
	if m.cfg.Approve.Disable {
		return m.draft.ask(q)
	}
	if m.draft.refusedBefore(q) {
		return refused, nil
	}
	return agreed, nil
}

// holdOff is row 32: the report says until when the account works.
func (m *deciding) holdOff(who Person, a *account) {
	detail := "disabling was rejected; the account does not expire by itself"
	if t, ends := adrules.TimeFromFileTime(a.Expires); ends {
		detail = "disabling was rejected; the account expires on " + t.Format(time.DateOnly)
	}
	m.draft.plan.Skipped = append(m.draft.plan.Skipped, Note{who, Rejected, detail})
}

func controlText(u adrules.UserAccountControl) string { return strconv.FormatUint(uint64(u), 10) }
