package ledger

import (
	"maps"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// Lesson is what a run saw, planned and did.
type Lesson struct {
	Observed        *plan.Observation
	Plan            *plan.Plan
	Result          *apply.Result
	AnchorAttribute string
	Through         string // controller that was written through
	Past            bool   // what was read is older than what the ledger knows
	Now             time.Time
}

// Learn keeps what was done.
func (r *Record) Learn(l Lesson) {
	if !l.Past {
		r.learnSeen(l)
	}
	r.learnGiven(l.Result, l.Now)
	works := l.works()
	for _, a := range l.Result.Done {
		if guid, known := l.Result.Target(*a.Person); known {
			who := l.Result.Present(*a.Person)
			if before := r.Accounts[guid]; who.DN != "" {
				r.renamed(before, &plan.Account{AccountName: who.AccountName, UPN: who.UPN}, l.Now)
			}
			r.Accounts[guid] = learned(r.Accounts[guid], a, works[guid], l.Now, l.Through).sighted(who, l.Observed.Domain.Name, l.Now).anchoredFor(a, l.AnchorAttribute)
			r.takeForDeleted(a.Former, l.Now)
		}
	}
	r.learnDenied(l.Result)
	r.learnMade(l.Result)
	r.learnJoins(l.Result, l.Now)
	r.learnAnswered(l.Result, l.Now)
	r.forgetIntents(l)
	r.forgetAnchoredBefore(l)
	r.count(l.Result, l.Now)
}

// Denied are the accounts of our own making whose users were forbidden here to
// change the password.
func (r *Record) Denied() map[adrules.GUID]bool {
	denied := map[adrules.GUID]bool{}
	for guid, known := range r.Accounts {
		if known.DeniesChange && known.How == plan.HowCreated {
			denied[guid] = true
		}
	}
	return denied
}

func (r *Record) learnDenied(x *apply.Result) {
	for guid, denies := range x.Denied {
		if known, ok := r.Accounts[guid]; ok {
			known.DeniesChange = denies
			r.Accounts[guid] = known
		}
	}
}

// learnMade counts the accounts of a CN.
func (r *Record) learnMade(x *apply.Result) {
	for _, a := range x.Own() {
		if a.Kind == plan.Create {
			r.Made[plan.CNDigest(a.Person.CN)]++
		}
	}
}

// learnSeen keeps what was read.
func (r *Record) learnSeen(l Lesson) {
	p := l.Plan
	for _, guid := range p.Forget {
		if since := r.Accounts[guid].Gone; !since.IsZero() {
			r.takeForDeleted(guid, since)
		}
		delete(r.Accounts, guid)
		if !r.AnchoredGone[guid].IsZero() {
			delete(r.AnchoredBefore, guid)
		}
	}
	for _, u := range p.Unkept {
		if known, ok := r.Accounts[u.GUID]; ok {
			known.Source = u.Left
			r.Accounts[u.GUID] = known
		}
	}
	r.learnManaged(p.Managed, l.Observed)
	r.meetElsewhere(l.Observed)
	anchorLost := func(n plan.Note) bool { return n.Reason == plan.AnchorLost }
	if name := l.AnchorAttribute; name != "" && !slices.ContainsFunc(p.Failed, anchorLost) {
		r.AnchorAttribute = name
	}
	for _, g := range l.Observed.Groups {
		if g.Missing == "" {
			r.Groups[plan.RelativeName(g.Name)] = string(g.SID)
		}
	}
	r.Asked = p.Asked
}

// learnManaged takes in the accounts that the plan knows to be ours.
func (r *Record) learnManaged(managed []*plan.Person, obs *plan.Observation) {
	accounts := map[adrules.GUID]*plan.Account{}
	for i := range obs.Accounts {
		accounts[obs.Accounts[i].GUID] = &obs.Accounts[i]
	}
	for _, who := range managed {
		if known := r.Accounts[who.GUID]; known.How == "" && known.MeantAnchor == "" && known.MeantKeeps == nil {
			r.Accounts[who.GUID] = r.firstSeen(*who, accounts[who.GUID], obs.Groups)
		}
	}
}

// meetElsewhere remembers accounts that a killed run made and that were moved out of
// the container since: back in it, they are this program's again.
func (r *Record) meetElsewhere(obs *plan.Observation) {
	for i := range obs.Elsewhere {
		a := &obs.Elsewhere[i]
		_, known := r.Accounts[a.GUID]
		since, meant := r.Intended[intendedKey(a.Anchor.ObjectGUID, a.CN)]
		if !known && meant && a.Anchor.ObjectGUID != "" && a.Class == "user" && a.Protected == "" && !a.Created.Before(since) {
			r.Accounts[a.GUID] = Account{Anchor: a.Anchor.ObjectGUID, How: plan.HowCreated, Expires: a.Expires, WasEnabled: a.Enabled(), Enabled: a.Enabled()}
		}
	}
}

// forgetIntents keeps only those whose outcome is unknown: the next run finds
// out. What was refused must not vouch for an account made by someone else. A
// controller that shows a past settles nothing but what was tried through it, and
// an account without the anchor that it was made with is not shown completely.
func (r *Record) forgetIntents(l Lesson) {
	x, questions := l.Result, l.Plan.Questions
	unsure, again := map[adrules.GUID]bool{}, map[adrules.GUID]bool{}
	tried, intended := map[adrules.GUID]bool{}, map[string]time.Time{}
	if l.Past {
		intended = maps.Clone(r.Intended)
	}
	for i := range questions {
		q := &questions[i]
		key := intendedKey(q.Person.Anchor, q.Person.CN)
		since, meant := r.Intended[key]
		if meant && q.Kind == plan.Adopt && q.Reason == plan.MatchedByName && !q.Holder.Created.Before(since) {
			intended[key] = since
		}
	}
	for _, a := range x.Actions {
		tried[a.Person.GUID] = true
		delete(intended, intendedKey(a.Person.Anchor, a.Person.CN))
	}
	for _, f := range slices.Concat(x.Failed, x.Open) {
		if f.Action.Kind == plan.Adopt && (f.Action.Answer == nil || r.halfway(x, f.Action)) {
			again[f.Action.Person.GUID] = true // no one is asked, and it is tried again
		}
		if !x.Unsure(f) {
			continue
		}
		unsure[f.Action.Person.GUID] = true
		if key := intendedKey(f.Action.Person.Anchor, f.Action.Person.CN); f.Action.Kind == plan.Create {
			intended[key] = r.Intended[key]
		}
	}
	for _, a := range x.Done { // made, and not met yet
		if _, known := x.Target(*a.Person); !known && a.Kind == plan.Create {
			key := intendedKey(a.Person.Anchor, a.Person.CN)
			if since, meant := r.Intended[key]; meant { // a lost controller's may have been met
				intended[key] = since
			}
		}
	}
	r.Intended = intended
	given := r.MeantTime
	r.MeantTime = nil
	for guid, a := range r.Accounts {
		if unsure[guid] || again[guid] || l.Past && !tried[guid] {
			if a.MeantGiven != nil {
				r.MeantTime = given
			}
			continue
		}
		a.MeantExpires, a.MeantGiven, a.MeantDisable, a.MeantAnchor, a.MeantKeeps = 0, nil, "", "", nil
		r.Accounts[guid] = a
		if a.How == "" { // an adoption that was refused
			delete(r.Accounts, guid)
		}
	}
}

// halfway reports whether an account of ours was moved back in, and no more: by its
// anchor it counts as managed again, though not as was decided.
func (r *Record) halfway(x *apply.Result, a plan.Action) bool {
	known := r.Accounts[a.Person.GUID]
	return a.MoveIn && known.Anchor != "" && known.Anchor == known.MeantAnchor && x.Inside(a.Person.GUID)
}

// firstSeen is an account that the plan knows to be ours and the ledger does
// not: made by a run that was killed, or marked by the prefix.
func (r *Record) firstSeen(who plan.Person, a *plan.Account, groups []plan.Group) Account {
	known := Account{Anchor: who.Anchor, How: plan.HowFound}
	if a == nil {
		return known
	}
	known.WasEnabled = a.Enabled()
	if _, meant := r.Intended[intendedKey(who.Anchor, a.CN)]; meant {
		known.How, known.Expires = plan.HowCreated, a.Expires
		for _, g := range groups { // so were its joins, and whether anyone agreed is unknown
			if a.MemberOf[g.SID] {
				known = known.join(g.SID, plan.Joined{})
			}
		}
	}
	return known
}

// adopted is an account that was taken over. Where no one was asked, what was
// decided before stays.
func (known Account) adopted(anchor string, keeps *plan.Keeps, at time.Time) Account {
	known.Anchor, known.Domain, known.MeantAnchor, known.MeantKeeps = anchor, "", "", nil
	if known.How != plan.HowCreated {
		known.How, known.Adopted = plan.HowAdopted, at.Truncate(time.Second)
	}
	if keeps != nil {
		known.KeepsExpiry, known.Source, known.FirstEnd = keeps.Expiry, keeps.Source, keeps.First
	}
	return known
}

// anchoredFor keeps which source domain the anchor names that was written: whoever changes it
// before the next run changes nothing.
func (known Account) anchoredFor(a *plan.Action, attribute string) Account {
	for _, c := range a.Changes {
		if attribute == "" || !strings.EqualFold(c.Attribute, attribute) || len(c.After) != 1 {
			continue
		}
		if written := plan.ParseAnchor([]byte(c.After[0])); written.Domain != "" && written.ObjectGUID == known.Anchor {
			known.Domain = written.Domain
		}
	}
	return known
}

// lost is why an account waits for a new password that did not keep its own when
// it was taken over.
func (known Account) lost(keeps *plan.Keeps) plan.Reason {
	byOther := known.How != "" && known.WasEnabled && !known.Enabled && known.DisabledFor == ""
	switch {
	case keeps == nil || keeps.Password:
		return ""
	case byOther || known.DisabledFor == plan.TakenOverDisabled:
		return plan.TakenOverDisabled
	}
	return plan.TakenOver
}

// learned is an account after an action; enabled is what it was before.
func learned(known Account, a *plan.Action, enabled bool, now time.Time, through string) Account {
	if a.Person.Anchor != "" { // a file without anchors takes none away
		known.Anchor = a.Person.Anchor
	}
	switch a.Kind {
	case plan.Create:
		known.How, known.Expires, known.Made, known.Through = plan.HowCreated, expiry(a), now.Truncate(time.Second), through
	case plan.Adopt:
		why := known.lost(a.Keeps)
		known = known.adopted(known.Anchor, a.Keeps, now)
		if e := expiry(a); e != 0 {
			known = known.ending(e)
		}
		if why != "" {
			known.DisabledFor, known.DisabledAt, known.Enabled = why, now, false
		} else if enabled { // it stays so
			known.WasEnabled, known.Enabled = true, true
		}
	case plan.Extend:
		known = known.ending(expiry(a))
	case plan.Prolong:
		known = known.ending(expiry(a))
		known.Given = a.Given
	case plan.Enable:
		known.WasEnabled, known.Enabled, known.DisabledFor = true, true, ""
		if e := expiry(a); e != 0 {
			known = known.ending(e)
			known.KeepsExpiry = false
		}
	case plan.NewPassword:
		known.PasswordAt, known.PasswordBy = now.UTC().Truncate(time.Second), a.Answer.By
	case plan.Disable:
		known.DisabledFor, known.DisabledAt, known.Enabled = a.Reason, now, false
	}
	return known
}

// formerEnds is how many ends are remembered that were written before the last.
const formerEnds = 4

// ending is an account that was given another end.
func (known Account) ending(expires int64) Account {
	if known.Expires != 0 && known.Expires != expires {
		known.FormerExpires = append(slices.Clone(known.FormerExpires), known.Expires)
		known.FormerExpires = known.FormerExpires[max(0, len(known.FormerExpires)-formerEnds):]
	}
	known.Expires = expires
	return known
}

// expiry is the accountExpires that an action writes, 0 where it writes none.
func expiry(a *plan.Action) int64 {
	v, _ := a.Ends()
	return v
}
