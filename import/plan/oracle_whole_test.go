package plan_test

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// What an oracle says of a plan as a whole.

// people: every user of the file is in exactly one of changed (waiting and
// failed ones included), skipped, and unchanged, and in the last two once.
func (o *oracle) people() {
	if !o.in.File.Anchored() {
		if len(o.p.Actions)+len(o.p.Questions)+len(o.p.Failed)+len(o.p.Skipped)+len(o.p.Unchanged) < len(o.in.File.Users) {
			o.breaches = append(o.breaches, "somebody is forgotten")
		}
		return
	}
	busy, skipped, idle := map[string]bool{}, map[string]int{}, map[string]int{}
	for _, a := range o.p.Actions {
		busy[a.Person.Anchor] = true
	}
	for _, q := range o.p.Questions {
		busy[q.Person.Anchor] = true
	}
	for _, n := range o.p.Failed {
		busy[n.Person.Anchor] = true
	}
	for _, n := range o.p.Held { // who is new, while it is not known whose an account is
		busy[n.Person.Anchor] = busy[n.Person.Anchor] || n.Reason == plan.Unconfirmed
	}
	for _, n := range o.p.Skipped {
		skipped[n.Person.Anchor]++
	}
	for _, who := range o.p.Unchanged {
		idle[who.Anchor]++
	}
	for anchor, u := range o.inFile {
		n := skipped[anchor] + idle[anchor]
		if busy[anchor] {
			n++
		}
		if n != 1 {
			o.breaches = append(o.breaches, fmt.Sprintf("%s: busy %v, skipped %d, unchanged %d times", u.CN, busy[anchor], skipped[anchor], idle[anchor]))
		}
	}
}

// answers: no kept entry is lost, none answers for someone else, and no one
// whose disabling was rejected is disabled.
func (o *oracle) answers() {
	if len(o.p.Kept)+len(o.p.Lapsed) != len(o.in.Kept) {
		o.breaches = append(o.breaches, fmt.Sprintf("of %d kept answers %d stay and %d lapse", len(o.in.Kept), len(o.p.Kept), len(o.p.Lapsed)))
	}
	for _, r := range o.p.Refusals {
		who := r.Question.Person
		right := slices.ContainsFunc(o.in.Kept, func(e schema.Resolution) bool {
			account := o.accounts[who.GUID]
			named := r.Question.Kind == plan.Name || r.Question.Kind == plan.Adopt
			after := account != nil && !e.Timestamp.Add(5*time.Minute).Before(account.Created)
			return !e.Accept && e.Type == string(r.Question.Kind) && e.Timestamp.Equal(r.Answer.Timestamp) &&
				(e.Anchor == who.Anchor && e.Anchor != "" || e.Anchor == "" && (named || after))
		})
		if !right {
			o.breaches = append(o.breaches, fmt.Sprintf("%s %s is answered by what was said of another", r.Question.Kind, who.CN))
		}
	}
	for _, a := range o.p.Actions {
		if a.Kind == plan.Disable && a.Answer == nil && a.Person.Anchor != "" && o.rejected(a.Person.Anchor) {
			o.breach(a, "that was rejected")
		}
		if a.Kind == plan.Join && a.Person.Anchor != "" && o.rejectedGroup(a) {
			o.breach(a, "that was rejected, whatever guards %s now", a.Group.Name)
		}
	}
}

// rejectedGroup reports whether all that was ever said of putting someone into a
// group is no.
func (o *oracle) rejectedGroup(a plan.Action) bool {
	said, no := 0, 0
	for _, e := range o.in.Kept {
		if e.Type == string(plan.Join) && (e.Anchor == a.Person.Anchor || e.Anchor == "") {
			said++
			if e.Anchor == a.Person.Anchor && !e.Accept && e.GroupSID == string(a.Group.SID) {
				no++
			}
		}
	}
	return said > 0 && said == no
}

// rejected reports whether all that was ever said of disabling someone is no.
func (o *oracle) rejected(anchor string) bool {
	said, no := 0, 0
	for _, e := range o.in.Kept {
		if e.Type == string(plan.Disable) && (e.Anchor == anchor || e.Anchor == "") {
			said++
			if e.Anchor == anchor && !e.Accept && e.Until == nil {
				no++
			}
		}
	}
	return said > 0 && said == no
}

// cutsShort reports whether an end that was written here comes forward by days.
func (o *oracle) cutsShort(a plan.Action) bool {
	wrote := o.in.Memory.Accounts[a.Person.GUID].Expires
	if a.Kind != plan.Extend || wrote == 0 || !o.in.Memory.Finished {
		return false
	}
	ends, _ := strconv.ParseInt(a.Changes[0].After[0], 10, 64)
	was, ended := o.accounts[a.Person.GUID].Ends()
	will, _ := adrules.TimeFromFileTime(ends)
	return !ended || was.After(o.in.Now) && was.Sub(will) > 48*time.Hour
}

// unforgotten: no one's account that this program made works on unsaid.
func (o *oracle) unforgotten() {
	for _, n := range o.p.Unmanaged {
		a := o.accounts[n.Person.GUID]
		if known, ok := o.in.Memory.Accounts[a.GUID]; ok && known.How != "" && a.Enabled() && !o.outOfReach(a) {
			o.breaches = append(o.breaches, a.DN+" is known, works, and is left alone without a word")
		}
	}
	done := map[adrules.GUID]bool{}
	for _, a := range o.p.Actions {
		done[a.Person.GUID] = true
	}
	for _, q := range o.p.Questions {
		done[q.Person.GUID] = true
	}
	for _, list := range [][]plan.Note{o.p.Failed, o.p.Skipped} {
		for _, n := range list {
			done[n.Person.GUID] = true
		}
	}
	for _, a := range o.accounts {
		u := o.inFile[a.Anchor.ObjectGUID]
		if o.anchors() && o.ours(a) && a.Protected != "" && a.Enabled() && (u == nil || u.Disabled) && !done[a.GUID] {
			o.breaches = append(o.breaches, a.DN+" is ours, protected, and works on unsaid")
		}
	}
}

// limits: what is beyond every reading of a limit trips.
func (o *oracle) limits() {
	tripped := map[string]bool{}
	for _, t := range o.p.Trips {
		tripped[t.Name] = true
	}
	everybody := len(o.in.Observed.Accounts) + len(o.in.Observed.Elsewhere)
	disabled := map[adrules.GUID]bool{}
	for _, kind := range []plan.Kind{plan.Disable, plan.Leave, plan.Rename, plan.Update, plan.Create, plan.Join} {
		who := map[string]bool{}
		for _, a := range o.p.Actions {
			if a.Answer == nil && (a.Kind == plan.Disable || o.cutsShort(a)) {
				disabled[a.Person.GUID] = true
			}
			if a.Kind == kind && a.Answer == nil && !(kind == plan.Leave && a.Reason != plan.GroupMap) && !(kind == plan.Update && a.Person.GUID.IsZero()) {
				who[a.Person.Trace()] = true
			}
		}
		if kind == plan.Leave {
			for id := range disabled {
				delete(who, plan.Person{GUID: id, Anchor: o.accounts[id].Anchor.ObjectGUID}.Trace())
			}
		}
		planned := len(who)
		recent := o.in.Memory.Recent.Acted[kind]
		for trace := range recent {
			if kind != plan.Disable || !o.in.Memory.Recent.Disabled[trace] { // else it may have been undone
				who[trace] = true
			}
		}
		l := o.in.Config.Limits[string(kind)]
		free := !o.in.Memory.Finished && (kind == plan.Create || kind == plan.Join)
		over := l.Max != nil && len(who) > *l.Max || l.Count != nil && l.Percent != nil && len(who) > *l.Count && len(who)*100 > *l.Percent*(everybody+len(recent))
		if planned > 0 && over && !free && kind != plan.Leave && !tripped[string(kind)] {
			o.breaches = append(o.breaches, fmt.Sprintf("%d times %s and no limit", len(who), kind))
		}
	}
	enabled := 0
	for _, a := range o.accounts {
		if o.ours(a) && a.Enabled() {
			enabled++
		}
	}
	if enabled >= 2 && len(disabled) >= enabled && !tripped["all accounts"] {
		o.breaches = append(o.breaches, "everybody is disabled, or ends at once, and no limit")
	}
}

// keeps: who is taken over loses only what no one ticked.
func (o *oracle) keeps(a plan.Action) {
	keeps := plan.Keeps{Password: true, Expiry: true, Memberships: true}
	if a.Keeps != nil {
		keeps = *a.Keeps
	}
	if a.Answer != nil && a.Answer.Keeps != nil {
		keeps = *a.Answer.Keeps
	}
	written := func(name string) bool {
		return slices.ContainsFunc(a.Changes, func(c plan.Change) bool { return c.Attribute == name })
	}
	switch {
	case a.Kind == plan.Adopt && keeps.Password && written("userAccountControl"):
		o.breach(a, "its password was to be kept")
	case a.Kind == plan.Adopt && keeps.Expiry && written("accountExpires"):
		o.breach(a, "its end was to be kept")
	case a.Then && keeps.Memberships:
		o.breach(a, "its memberships were to be kept")
	}
}
