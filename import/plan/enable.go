package plan

import (
	"time"

	"ad-user-sync/internal/adrules"
)

// reviving decides about state and end of who is active.
type reviving struct {
	*facts
	draft *draft
}

// revive decides about state and expiry: rows 23 to 28.
func (m *reviving) revive(p *person) {
	a := p.account
	known, _ := m.ledger.remembered(a)
	switch {
	case a.Enabled() && known.KeepsExpiry && m.calendar.shortened(a, known):
		m.askEnable(p, KeptEnd, true)
	case a.Enabled() && m.calendar.shortened(a, known):
		m.askEnable(p, ExpiredElsewhere, true)
	case a.Enabled():
		m.extend(p, known)
	case known.DisabledFor == TakenOver:
		m.askEnable(p, TakenOver, false)
	case known.DisabledFor == TakenOverDisabled:
		m.askEnable(p, TakenOverDisabled, false)
	case known.DisabledFor != "":
		m.askEnable(p, Returned, true)
	case known.How == HowCreated && !known.WasEnabled && a.PasswordLastSet == 0:
		m.askEnable(p, New, false)
	case m.show.justMade(p, a):
		m.askEnable(p, New, false)
	default:
		m.askEnable(p, DisabledHere, true)
	}
}

// disabledHere reports whether someone else disabled an account that the ledger knows
// (row 27).
func (l *ledger) disabledHere(a *account) bool {
	known, ok := l.remembered(a)
	unused := known.How == HowCreated && !known.WasEnabled && a.PasswordLastSet == 0
	return ok && !a.Enabled() && known.DisabledFor == "" && !unused
}

// justMade reports whether a run that was killed made this account.
func (s *portraits) justMade(p *person, a *account) bool {
	_, known := s.ledger.remembered(a)
	return !known && a.PasswordLastSet == 0 && s.ledger.meant(s.person(p).Key(), a)
}

// askEnable puts the question of rows 11 and 24 to 27.
func (m *reviving) askEnable(p *person, cause Reason, mayKeep bool) {
	who := m.show.shared(p)
	q := Question{
		Kind: Enable, Reason: cause, Person: who, MayKeep: mayKeep, Expires: m.calendar.expiryOf(p),
		Single: cause == DisabledHere || cause == ExpiredElsewhere || cause == KeptEnd || cause == TakenOverDisabled,
		Decision: m.slabs.shown([]FieldCode{FieldCommonName, FieldAccountName, FieldUserPrincipalName, FieldMail, FieldDisplayName, FieldCause},
			[]string{who.CN, who.AccountName, who.UPN, who.Mail, who.DisplayName, string(cause)}),
	}
	if p.account != nil && p.account.Administers != "" { // whoever knows its password has the domain
		q.Single, q.MayKeep, q.Administers = true, false, p.account.Administers
		q.Decision = append(q.Decision, Field{Code: FieldAdministers, After: []string{p.account.Administers}})
	} else if p.spared() {
		q.Single, q.MayKeep = true, false
		q.Decision = append(q.Decision, Field{Code: FieldProtectedBy, After: []string{p.account.Protected}})
	}
	q.Context = append(append(m.show.context(p), m.show.use(p.account)...), m.show.flags(p.account)...)
	v, answer := m.draft.ask(q)
	p.touched = p.touched || v != refused
	if v != agreed {
		return
	}
	for _, flag := range m.show.flags(p.account) {
		if !answer.Keep || flag.After[0] == noHours {
			m.draft.noticeOf(p, flag.After[0]+"; enabled all the same")
		}
	}
	before := adrules.NormalAccount | adrules.AccountDisable // as created
	if p.account != nil {
		before = p.account.Control
	}
	changes := []Change{{Attribute: "userAccountControl", Before: []string{controlText(before)}, After: []string{controlText(before.Enable())}}}
	if expires, ok := m.calendar.ending(p); ok && p.account != nil && m.calendar.movesBy(p.account.Expires, expires, 0) {
		changes = append(changes, expiryChange(p.account, expires))
	}
	m.draft.act(p, Enable, cause, changes...).Answer = answer
}

const noHours = "the logon hours set here allow no hour: no one can log on"

// noticeLocked names who is enabled and cannot log on all the same: no hour at all
// is how some lock an account.
func (m *reviving) noticeLocked(p *person) {
	if p.account.Enabled() && p.account.NoHours {
		m.draft.noticeOf(p, noHours+", though the account is enabled")
	}
}

// flags tells what is set here that a new password does not get past. It is shown,
// and never changed.
func (s *portraits) flags(a *account) (flags []Field) {
	if a == nil {
		return nil
	}
	if a.NoHours {
		flags = append(flags, Field{Code: FieldFlag, After: []string{noHours}})
	}
	if a.Control&adrules.SmartcardRequired != 0 {
		flags = append(flags, Field{Code: FieldFlag, After: []string{"a smart card is required for logon: no password is accepted"}})
	}
	if a.Control&adrules.DontExpirePassword != 0 && s.cfg.UsersMustChangePassword {
		flags = append(flags, Field{Code: FieldFlag, After: []string{"the password never expires: its change will not be asked for at the next logon"}})
	}
	return flags
}

// context tells who a person of the file is and what they would get.
func (s *portraits) context(p *person) []Field {
	codes, values := make([]FieldCode, 0, 16), make([]string, 0, 16)
	add := func(code FieldCode, value string) {
		if value != "" {
			codes, values = append(codes, code), append(values, value)
		}
	}
	for _, shown := range s.besides {
		add(FieldCode(shown.name), shown.after(p))
	}
	given := s.groups.given(p)
	for _, g := range s.groups.all {
		if given[g] != nil && g.Missing == "" {
			add(FieldGivenGroup, g.CN)
		}
	}
	end, expires := -1, s.calendar.expiryOf(p)
	if expires.After != "" {
		end = len(codes)
		add(FieldWouldExpire, expires.After)
	}
	if p.account != nil {
		add(FieldCreated, s.calendar.date(p.account.Created))
	}
	context := s.slabs.shown(codes, values)
	if end >= 0 && expires.Before != "" {
		context[end].Before = &[]string{expires.Before}
	}
	return context
}

// expiryOf is the zero value where the import sets no end.
func (c *calendar) expiryOf(p *person) (e Expiry) {
	expires, ok := c.ending(p)
	if !ok {
		return e
	}
	e.After = c.day(expires)
	if a := p.account; a != nil && c.day(a.Expires) != e.After {
		e.Before = c.day(a.Expires)
	}
	return e
}

func (c *calendar) day(fileTime int64) string {
	if t, ends := adrules.TimeFromFileTime(fileTime); ends {
		return c.date(t)
	}
	return Never
}

// date shares its text with others of the same day: most accounts end on one.
func (c *calendar) date(t time.Time) string {
	if text := t.AppendFormat(c.memory[:0], time.DateOnly); len(c.dates) < manyDates {
		known, ok := c.dates[string(text)]
		if !ok {
			known = string(text)
			c.dates[known] = known
		}
		return known
	}
	return t.Format(time.DateOnly)
}

const manyDates = 10_000
