package plan_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// oracle judges a plan by what no one ought to be afraid of, without asking how
// it was made.
type oracle struct {
	in       plan.Input
	p        plan.Plan
	accounts map[adrules.GUID]*plan.Account
	inFile   map[string]*schema.User // by anchor
	breaches []string
}

// breaches of what must hold for any plan.
func breaches(in plan.Input, p plan.Plan) []string {
	o := oracle{in: in, p: p, accounts: map[adrules.GUID]*plan.Account{}, inFile: map[string]*schema.User{}}
	for _, list := range [][]plan.Account{in.Observed.Accounts, in.Observed.Elsewhere} {
		for i := range list {
			o.accounts[list[i].GUID] = &list[i]
		}
	}
	for i := range in.File.Users {
		if u := &in.File.Users[i]; u.ObjectGUID != "" {
			o.inFile[u.ObjectGUID] = u
		}
	}
	for _, a := range p.Actions {
		o.owned(a)
		o.consented(a)
		o.present(a)
		o.modest(a)
		o.keeps(a)
	}
	o.people()
	o.answers()
	o.limits()
	o.unforgotten()
	return o.breaches
}

func (o *oracle) breach(a plan.Action, format string, values ...any) {
	o.breaches = append(o.breaches, fmt.Sprintf("%s %s: %s", a.Kind, a.Person.CN, fmt.Sprintf(format, values...)))
}

// anchors reports whether anchors decide whose an account is.
func (o *oracle) anchors() bool { return o.in.Config.AnchorAttribute != "" && o.in.File.Anchored() }

// ours reports whether the ledger, a run that was killed, or, where nothing is
// anchored, the prefix says that this program keeps the account.
func (o *oracle) ours(a *plan.Account) bool {
	known, ok := o.in.Memory.Accounts[a.GUID]
	meantToMake := func(key string) bool {
		since, meant := o.in.Memory.Intended[key]
		return meant && !a.Created.Before(since.Truncate(time.Second))
	}
	switch {
	case a.Class != "user", o.outOfReach(a), !a.InContainer, o.foreign(a):
		return false
	case o.anchors() && a.Anchor.ObjectGUID != "" && ok:
		return a.Anchor.ObjectGUID == known.Anchor || a.Anchor.ObjectGUID == known.Meant
	case o.anchors() && a.Anchor.ObjectGUID != "":
		return meantToMake(a.Anchor.ObjectGUID) && !o.knownElsewhere(a.Anchor.ObjectGUID)
	case o.anchors():
		return ok && known.Anchor == ""
	case ok:
		return true
	}
	prefix := o.in.Config.PrefixCommonNames
	return a.Anchor.ObjectGUID == "" && prefix != "" && strings.HasPrefix(a.CN, prefix) || len(o.in.Memory.Intended) > 0
}

// outOfReach reports whether an account is protected, and not provably ours since before.
func (o *oracle) outOfReach(a *plan.Account) bool {
	how := o.in.Memory.Accounts[a.GUID].How
	for _, key := range []string{a.Anchor.ObjectGUID, a.CN} { // made by a run that was killed
		if since, meant := o.in.Memory.Intended[key]; how == "" && meant && key != "" && !a.Created.Before(since.Truncate(time.Second)) {
			how = plan.HowCreated
		}
	}
	return a.Protected != "" && !(a.GivesWay && (how == plan.HowCreated || how == plan.HowAdopted))
}

// less is what may be done to a protected account of ours.
func (o *oracle) less(a plan.Action) bool {
	return a.Kind == plan.Disable || a.Kind == plan.Leave || a.Kind == plan.Extend || a.Kind == plan.Enable && a.Answer != nil
}

func (o *oracle) foreign(a *plan.Account) bool {
	source := o.in.File.Source
	return a.Anchor.Domain != "" && source != nil && !strings.EqualFold(a.Anchor.Domain, source.Domain)
}

// knownElsewhere reports whether an account that the ledger knows carries the anchor.
func (o *oracle) knownElsewhere(anchor string) bool {
	for _, a := range o.accounts {
		if a.Class == "user" && !o.foreign(a) && a.Anchor.ObjectGUID == anchor && o.in.Memory.Accounts[a.GUID].Anchor == anchor {
			return true
		}
	}
	return false
}

// owned: only what is ours is touched unasked, and anchoring what has both names.
func (o *oracle) owned(a plan.Action) {
	account := o.accounts[a.Person.GUID]
	switch {
	case a.Kind == plan.Create:
		if !a.Person.GUID.IsZero() {
			o.breach(a, "there is an account")
		}
	case account == nil:
		if !a.Person.GUID.IsZero() {
			o.breach(a, "there is no such account")
		}
	case account.Protected != "" && !o.less(a), o.outOfReach(account), account.Class != "user", a.Answer == nil && !account.InContainer:
		o.breach(a, "of %s (%s, %s)", account.DN, account.Class, account.Protected)
	case a.Kind == plan.Adopt && a.Answer == nil:
		if len(a.Changes) > 1 && o.in.Memory.Accounts[account.GUID].MeantKeeps == nil || account.Anchor.ObjectGUID != "" || !strings.EqualFold(account.AccountName, a.Person.AccountName) {
			o.breach(a, "more than an anchor of the same person: %v", a.Changes)
		}
		if _, known := o.in.Memory.Accounts[account.GUID]; o.in.Memory.Finished && !known && o.anchors() {
			o.breach(a, "after the first run")
		}
	case !o.ours(account) && !o.taken(account.GUID):
		o.breach(a, "of %s, which is not ours", account.DN)
	}
}

// taken reports whether a person agreed to take over the account.
func (o *oracle) taken(id adrules.GUID) bool {
	return slices.ContainsFunc(o.p.Actions, func(a plan.Action) bool { return a.Kind == plan.Adopt && a.Person.GUID == id && a.Answer != nil })
}

// consented: what needs a person goes back to one.
func (o *oracle) consented(a plan.Action) {
	guarded := a.Kind == plan.Join && (a.Group.Listed || a.Group.Why != "")
	if a.Answer == nil {
		if a.Kind == plan.Enable || guarded || a.MoveIn {
			o.breach(a, "unasked")
		}
		return
	}
	said := slices.ContainsFunc(o.in.Answers, func(b plan.Answer) bool { return b.Accept && b.ID == a.Answer.ID })
	if a.Stays && (o.accounts[a.Person.GUID] == nil || !o.accounts[a.Person.GUID].MemberOf[a.Group.SID]) {
		o.breach(a, "who is not a member stays in nothing")
	}
	if !said && a.Answer.Entry == 0 {
		o.breach(a, "goes back to no answer")
	}
	for _, c := range a.Changes {
		if n, _ := strconv.Atoi(strings.Join(c.After, "")); c.Attribute == "userAccountControl" && a.Kind != plan.Enable && n&int(adrules.AccountDisable) == 0 {
			o.breach(a, "enables")
		}
	}
}

// present: no one whom the file has as active is disabled, and no one loses a
// group that the file gives.
func (o *oracle) present(a plan.Action) {
	account := o.accounts[a.Person.GUID]
	if account == nil {
		return
	}
	anchor := account.Anchor.ObjectGUID
	if !o.anchors() {
		anchor = o.in.Memory.Accounts[account.GUID].Anchor
	}
	u := o.inFile[anchor]
	ended := u != nil && u.AccountExpires != nil && !u.AccountExpires.After(o.in.Now)
	active := u != nil && !u.Disabled && !ended
	switch {
	case a.Kind == plan.Disable && active:
		o.breach(a, "the file has %s as active", u.CN)
	case a.Kind == plan.Leave && active && o.gives(u, a.Group) && o.saidNo(a):
	case a.Kind == plan.Leave && active && o.gives(u, a.Group):
		o.breach(a, "the file gives %s", a.Group.Name)
	case (a.Kind == plan.Leave || a.Kind == plan.Join) && a.Group.Missing != "":
		o.breach(a, "of a group that was not read")
	case a.Kind == plan.Leave && !account.MemberOf[a.Group.SID]:
		o.breach(a, "who is not a member")
	}
}

// saidNo reports whether someone whom this program put into a guarded group unasked
// leaves it because that was rejected.
func (o *oracle) saidNo(a plan.Action) bool {
	joined, ours := o.in.Memory.Accounts[a.Person.GUID].Joined.Of(a.Group.SID)
	no := slices.ContainsFunc(o.in.Kept, func(e schema.Resolution) bool { return e.Type == string(plan.Join) && !e.Accept })
	return ours && joined.By == "" && !joined.Before && a.Group.Guarded() && no
}

func (o *oracle) gives(u *schema.User, g *plan.Group) bool {
	for source, targets := range o.in.Config.GroupMap {
		in := source == "*" || slices.ContainsFunc(u.MemberOf, func(s string) bool { return plan.RelativeName(s) == plan.RelativeName(source) })
		if in && slices.ContainsFunc(targets, func(t string) bool { return plan.RelativeName(t) == plan.RelativeName(g.Name) }) {
			return true
		}
	}
	return false
}

// modest: what others decided here stays as they left it.
func (o *oracle) modest(a plan.Action) {
	account := o.accounts[a.Person.GUID]
	for _, c := range a.Changes {
		after := strings.Join(c.After, "|")
		switch strings.ToLower(c.Attribute) {
		case "mail":
			if strings.HasSuffix(strings.ToLower(after), "@"+domainName) {
				o.breach(a, "the address %s is one of the target's own", after)
			}
		case "userprincipalname":
			if account != nil && a.Kind == plan.Rename && !strings.EqualFold(account.UPN, account.AccountName+"@"+domainName) {
				o.breach(a, "the UPN %s did not follow the account name", account.UPN)
			}
		case "accountexpires":
			wrote := o.in.Memory.Accounts[a.Person.GUID].Expires
			was, ends := adrules.TimeFromFileTime(wrote)
			is, does := (&plan.Account{}).Ends()
			if account != nil {
				is, does = account.Ends()
			}
			if account != nil && a.Answer == nil && wrote != 0 && (ends != does || !was.Equal(is)) {
				o.breach(a, "the end was set here")
			}
		}
	}
}
