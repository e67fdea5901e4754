package plan

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/internal/adrules"
)

// Logon is what lets someone log on to an account, or keeps them from it, read just
// now of that one account.
type Logon struct {
	PasswordLastSet int64 // pwdLastSet as stored, FILETIME; 0: to be changed at the next logon
	LockedAt        int64 // lockoutTime as stored, FILETIME; 0: never, or unlocked since
	Locked          bool  // still, as the controller judges by the account's own policy
}

// LockedSince is when the account was locked; locked is false where it is not, or that
// cannot be told.
func (l Logon) LockedSince() (since time.Time, locked bool) {
	since, some := adrules.TimeFromFileTime(l.LockedAt)
	return since, some && l.Locked
}

// What may be written to pwdLastSet (MS-ADA3): that the password was set now, or that
// it is to be changed at the next logon.
const (
	SetNow      = "-1"
	ToBeChanged = "0"
)

// Found is a managed account that a person looked for, and what they may do about it
// unasked: [NewPassword] and [Unlock].
type Found struct {
	Person Person
	Logon  Logon
	Barred string         // why nothing is offered; "" where it may be
	Offers []Question     // may be none: what is not locked is not unlocked
	Policy PasswordPolicy // that a new password has to keep; the plan leaves it to who looks for the account
}

// offering is rule 39.
type offering struct {
	*facts
	draft   *draft
	owners  *owners
	missing map[*account]bool
}

// offer decides what may be done about the accounts that a person looked for.
func (m *deciding) offer() {
	if len(m.in.Sought) == 0 {
		return
	}
	o := &offering{m.facts, m.draft, m.owners, map[*account]bool{}}
	for _, a := range m.leaving.missing {
		o.missing[a] = true
	}
	for _, a := range m.index.inside {
		logon, sought := m.in.Sought[a.GUID]
		if !sought || a.Class != "user" {
			continue
		}
		f := Found{Person: m.show.account(a), Logon: logon, Barred: o.barred(a)}
		if f.Barred == "" {
			f.Offers = o.offers(a, logon)
		}
		m.draft.plan.Found = append(m.draft.plan.Found, f)
	}
}

// barred tells why neither is offered; "" where they may be.
func (o *offering) barred(a *account) string {
	p := a.person
	_, known := o.ledger.remembered(a)
	switch {
	case o.missing[a]:
		return "the user file does not have this person"
	case p == nil || !known || !o.ledger.managed(a) || p.account != a || p.takeOver != nil || p.anchorOnly:
		return "this import does not manage the account"
	case a.Protected != "":
		return a.Protected
	case a.Administers != "":
		return "it administers the domain, as a member of " + a.Administers
	case !p.active:
		return "the person is disabled in the source domain, or expired there"
	case !a.Enabled():
		return "the account is disabled"
	case o.calendar.over(a):
		return "the account has expired"
	case p.settled:
		return "the account is out of reach; the report says why"
	case o.in.Memory.Behind != "":
		return o.in.Memory.Behind
	}
	return ""
}

func (o *offering) offers(a *account, logon Logon) (open []Question) {
	list := []Question{o.question(NewPassword, Requested, a, logon)}
	if a.Control&adrules.SmartcardRequired != 0 { // a password that is known would get past the card elsewhere
		list = nil
	}
	if logon.Locked {
		list = append(list, o.question(Unlock, LockedOut, a, logon))
	}
	for _, q := range list {
		q.ID = o.ledger.questionID(&q)
		q.Since = o.draft.since(q, a)
		answer, given := o.draft.answer[q.ID]
		if !given || !answer.Accept || answer.Reason == "" {
			open = append(open, q)
			continue
		}
		o.draft.plan.Agreed = append(o.draft.plan.Agreed, q)
		o.draft.add(Action{Kind: q.Kind, Reason: q.Reason, Detail: answer.Reason, Person: q.Person, Changes: o.changes(q.Kind, logon), Answer: &answer})
	}
	return open
}

func (o *offering) question(kind Kind, why Reason, a *account, logon Logon) Question {
	who := o.show.account(a)
	q := Question{Kind: kind, Reason: why, Person: &who, Single: true, Bringing: o.groups.bringing(a), Expires: Expiry{After: o.calendar.day(a.Expires)},
		Decision: o.slabs.shown([]FieldCode{FieldCommonName, FieldAccountName, FieldUserPrincipalName}, []string{who.CN, who.AccountName, who.UPN})}
	shown := func(code FieldCode, values ...string) Field { return Field{Code: code, After: values} }
	for _, g := range q.Bringing {
		q.Decision = append(q.Decision, shown(FieldGuardedMember, g.called(), string(g.Guard())))
	}
	for _, name := range a.Guarded {
		q.Decision = append(q.Decision, shown(FieldGuardedMember, name))
	}
	set := Never
	if t, some := adrules.TimeFromFileTime(logon.PasswordLastSet); some {
		set = minute(t)
	}
	q.Decision = append(q.Decision, shown(FieldPasswordSet, set))
	if t, locked := logon.LockedSince(); locked {
		q.Decision = append(q.Decision, shown(FieldLockedSince, minute(t)))
	}
	q.Context = slices.Concat(o.show.placing(nil, a), o.show.present(a), o.show.use(a))
	if kind == NewPassword {
		q.Context = append(q.Context, o.show.flags(a)...)
	}
	if known, _ := o.ledger.remembered(a); !known.PasswordAt.IsZero() {
		q.Context = append(q.Context, shown(FieldPasswordBefore, minute(known.PasswordAt), known.PasswordBy))
	}
	return q
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }

// changes are what is written besides the password. Whoever gets a new one is locked
// out no longer.
func (o *offering) changes(kind Kind, logon Logon) (changes []Change) {
	if kind == NewPassword {
		set := SetNow
		if o.cfg.UsersMustChangePassword {
			set = ToBeChanged
		}
		changes = append(changes, Change{Attribute: "pwdLastSet", Before: []string{strconv.FormatInt(logon.PasswordLastSet, 10)}, After: []string{set}})
	}
	if logon.Locked {
		changes = append(changes, Change{Attribute: "lockoutTime", Before: []string{strconv.FormatInt(logon.LockedAt, 10)}, After: []string{"0"}})
	}
	return changes
}

// offered are what an offer is bound to beside what it shows: passwords that were set
// and lockouts that began meanwhile, and all groups of the account.
func (l *ledger) offered(fields []fieldValue, q *Question, a *account) []fieldValue {
	logon := l.in.Sought[a.GUID]
	known, _ := l.remembered(a)
	groups := slices.Clone(a.Groups)
	slices.SortFunc(groups, strings.Compare)
	fields = append(fields, fieldValue{Name: "password", After: []string{strconv.FormatInt(logon.PasswordLastSet, 10), strconv.FormatInt(known.PasswordAt.Unix(), 10)}},
		fieldValue{Name: "locked", After: []string{strconv.FormatInt(logon.LockedAt, 10), strconv.FormatBool(logon.Locked)}},
		fieldValue{Name: "member of", After: append(groups, string(a.Primary))})
	for _, g := range q.Bringing {
		fields = append(fields, groupFields(g)...)
	}
	return fields
}
