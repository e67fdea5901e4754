package simulation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// told is what a report says of whom.
type told struct {
	asked  map[string]bool // kind and name, and of groups the group
	failed map[string]bool // by name
	barred map[string]bool // by name: a rejection is in force
	other  map[string]bool // by name: skipped, or left alone
	held   map[string]bool // by name: what would be more is held back
	whose  []string        // reasons of questions whose an account is, or whether to make another one
	why    []string        // and of what failed
	notes  string          // of the whole run
	new    map[string]bool // by name: taken over in this run, the rest follows
}

func (j *judge) toldBy(r schema.Report) told {
	t := told{asked: map[string]bool{}, failed: map[string]bool{}, barred: map[string]bool{}, other: map[string]bool{}, held: map[string]bool{}, new: map[string]bool{}}
	for _, i := range r.RequiredInteractions {
		if i.Type == "adopt" || i.Type == "create" {
			t.whose = append(t.whose, i.Reason)
		}
		t.asked[strings.TrimSpace(i.Type+" "+i.User+" "+i.Group)] = true
	}
	for _, o := range r.Failed {
		t.failed[o.User], t.why = true, append(t.why, o.Reason)
		if o.ObjectGUID != "" { // by which it is told, whatever it is called by now
			t.failed[o.ObjectGUID] = true
		}
	}
	for _, o := range r.Skipped {
		if strings.Contains(o.Reason, "was rejected") {
			t.barred[o.User] = true
		} else {
			t.other[o.User] = true
		}
	}
	for _, o := range r.HeldBack {
		t.held[o.User] = true
	}
	t.notes = strings.Join(r.Notices, "\n")
	for _, name := range r.Adopted {
		t.new[name] = true
	}
	return t
}

// names a person or account may be told by.
func (x *run) names(u *schema.User, accounts ...*account) []string {
	var names []string
	for _, a := range accounts {
		if a != nil {
			names = append(names, a.cn, a.sam, a.guid)
		}
	}
	if u != nil {
		cn := x.settings.Prefix + u.CN
		names = append(names, cn, cn+" ("+u.SAMAccountName+")", u.CN)
		for _, sam := range x.logins[strings.ToLower(u.ObjectGUID)] {
			names = append(names, cn+" ("+sam+")")
		}
	}
	return names
}

func (t told) is(names []string, lists ...map[string]bool) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return slices.ContainsFunc(lists, func(list map[string]bool) bool { return list[name] })
	})
}

// asks reports whether one of these questions is open.
func (t told) asks(names []string, group string, kinds ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return slices.ContainsFunc(kinds, func(kind string) bool { return t.asked[strings.TrimSpace(kind+" "+name+" "+group)] })
	})
}

// leavers: none works on without a question, a rejection, or an exit code that
// names them.
func (j *judge) leavers(x *run, t told) {
	for _, guid := range slices.Sorted(maps.Keys(j.own)) {
		a, anchor := x.after.accounts[guid], j.own[guid]
		if a == nil {
			continue
		}
		hidden := j.hidden[guid] != ""
		u := find(x.file(), anchor)
		names := x.names(u, a, x.before.accounts[guid])
		waits := x.waits(guid)
		if j.fromNew(x) && j.ofFormer(a) && t.ofFormer(a, names) {
			continue
		}
		if x.active(u) || j.nothingTells(x, a, t) || t.is(names, t.failed, t.new) || !waits && t.asks(names, "", "adopt", "name") {
			continue
		}
		switch rejected := t.is(names, t.barred); {
		case hidden:
			if a.enabled() && !j.slept[guid] && !j.replaced[guid] && !t.asks(names, "", "disable") && !rejected { // what was enabled out of sight no one can know
				j.breach("leaver", "%s works on, out of sight (%s), and nobody is told", a.dn, j.hidden[guid])
			}
			continue
		case !a.inside || j.anchorOf(a.stamp) != anchor:
			asked := slices.ContainsFunc(t.whose, func(reason string) bool { return strings.Contains(reason, a.dn.String()) })
			if a.enabled() && !asked && !t.asks(names, "", "disable") && !rejected {
				j.breach("leaver", "%s works on, out of reach, and nobody is told", a.dn)
			}
			continue
		case a.enabled() && !t.asks(names, "", "disable") && !rejected:
			j.breach("leaver", "%s works on, and nobody is told", a.dn)
		case j.lost && t.asks(names, "", "disable"): // the groups follow
			continue
		}
		for _, group := range targetGroups {
			stays := !x.guarded(group) && (waits || u != nil && x.settings.gives(u, group)) // disabled, and perhaps made anew, or in the file
			if a.groups[group] && x.settings.leads(group) && !stays && !t.asks(names, group, "leave") && !t.is(names, t.barred) {
				j.breach("leaver", "%s is in %s still, and nobody is told", a.dn, group)
			}
		}
	}
}

// waits reports whether a run asks if an account is of someone who was made anew.
func (x *run) waits(guid string) bool {
	return x.result != nil && slices.ContainsFunc(x.result.Plan.Questions, func(q plan.Question) bool {
		return q.Reason == plan.MadeAnew && q.Holder.GUID.String() == guid
	})
}

// asksFor reports whether a run asks if someone has an account from before.
func (x *run) asksFor(anchor string) bool {
	return x.result != nil && slices.ContainsFunc(x.result.Plan.Questions, func(q plan.Question) bool {
		return (q.Reason == plan.MadeAnew || q.Reason == plan.CameOver) && strings.EqualFold(q.Person.Anchor, anchor)
	})
}

// everybody of the file has what the file gives, or is told of.
func (j *judge) everybody(x *run, t told) {
	for i := range x.file().Users {
		u := &x.file().Users[i]
		if !x.active(u) {
			continue
		}
		a := j.accountOf(x, t, strings.ToLower(u.ObjectGUID))
		names := x.names(u, a)
		if a != nil && x.before.accounts[a.guid] != nil && x.unmistaken(u, a) && !j.adopted[a.guid] && !j.replaced[a.guid] && j.single(x, a) && t.asks([]string{a.cn}, "", "adopt") {
			j.breach("forgotten", "%s was made by this program, and it asks whose it is", a.dn)
		}
		if t.is(names, t.failed, t.new, t.held) || t.asks(names, "", "adopt", "name", "create") {
			continue
		}
		barred := t.is(names, t.barred)
		switch {
		case a == nil:
			if !barred && !t.is(names, t.other) { // a protected account has both names
				j.breach("nobody told", "%s has no account, and nobody is told", u.CN)
			}
			continue
		case j.hidden[a.guid] == "unseen":
			if !barred {
				j.breach("nobody told", "%s is not seen, its person is active, and nobody is told", a.dn)
			}
			continue
		case !a.enabled() && !t.asks(names, "", "enable") && !barred:
			j.breach("nobody told", "%s is disabled, its person is active, and nobody is told", a.dn)
		case a.enabled() && !a.ends().IsZero() && !a.ends().After(x.after.now) && x.runsOn(u) && !x.fits(u, a.ends()) && !t.asks(names, "", "enable") && !barred:
			j.breach("nobody told", "%s has ended, its person is active, and nobody is told", a.dn)
		}
		j.groupsOf(x, t, u, a, names)
	}
}

// runsOn reports whether the lease of someone is not over.
func (x *run) runsOn(u *schema.User) bool {
	end, _ := x.lease(u)
	return end.After(x.after.now)
}

// unmistaken reports whether no one else can be meant by the name of this one.
func (x *run) unmistaken(u *schema.User, a *account) bool {
	called := func(o schema.User) bool {
		return strings.EqualFold(o.CN, u.CN) || strings.EqualFold(x.settings.Prefix+o.CN, a.cn)
	}
	return x.after.unique(a) && !slices.ContainsFunc(x.file().Users, func(o schema.User) bool { return o.ObjectGUID != u.ObjectGUID && called(o) })
}

// single reports whether no other account carries the anchor of this one.
func (j *judge) single(x *run, a *account) bool {
	for _, other := range x.after.accounts {
		if other != a && other.stamp == a.stamp {
			return false
		}
	}
	return true
}

func (j *judge) groupsOf(x *run, t told, u *schema.User, a *account, names []string) {
	anchor := strings.ToLower(u.ObjectGUID)
	for _, group := range targetGroups {
		gives, barred := x.settings.gives(u, group), t.is(names, t.barred)
		here := a.groups[group] && x.guarded(group) && !j.agreed[anchor+" "+group] && !j.hand[a.guid+" "+group]
		switch {
		case !x.settings.leads(group):
		case gives && x.before.groups[group] == "" && strings.Contains(t.notes, group): // it is missing
		case gives && here && !t.asks(names, group, "join") && !barred:
			j.breach("rights", "%s is in %s, which is guarded, nobody agreed, and nobody is asked", a.dn, group)
		case gives && !a.groups[group] && !t.asks(names, group, "join") && !barred:
			j.breach("nobody told", "%s is not in %s, which the file gives, and nobody is told", a.dn, group)
		case !gives && a.groups[group] && !t.asks(names, group, "leave") && !barred:
			j.breach("nobody told", "%s is in %s, which the file does not give, and nobody is told", a.dn, group)
		case gives && t.asks([]string{a.cn}, group, "join") && j.refused("join", anchor, group) && x.unmistaken(u, a):
			j.breach("rejection", "%s is asked about %s again, which a person has rejected", a.dn, group)
		}
	}
}

// accountOf is the one account of a person; nil where there is none.
func (j *judge) accountOf(x *run, t told, anchor string) (found *account) {
	for _, guid := range x.after.order {
		a := x.after.accounts[guid]
		if j.own[guid] != anchor || !a.inside || j.anchorOf(a.stamp) != anchor || j.replaced[guid] && (j.hidden[guid] != "" || a.idle(x.settings)) {
			continue
		}
		if found != nil && !t.is(x.names(find(x.file(), anchor), found, a), t.failed) {
			j.breach("one account", "%s has %s and %s", anchor, found.dn, a.dn)
		}
		found = a
	}
	return found
}

// addsUp holds what a report tells against what changed.
func (j *judge) addsUp(x *run, r schema.Report) {
	did := map[string][]string{}
	note := func(what string, names ...string) { did[what] = append(did[what], names...) }
	for _, guid := range x.after.order {
		b, a := x.before.accounts[guid], x.after.accounts[guid]
		switch {
		case b == nil:
			note("created", a.cn)
			b = &account{control: 2, expires: a.expires}
		case b.enabled() && !a.enabled():
			note("disabled", a.cn)
		}
		if a.enabled() && !b.enabled() {
			note("enabled", a.cn)
		}
		finished := a.usn != b.usn && j.adopted[guid] && slices.Contains(r.Adopted, a.cn) // it carried the anchor already
		if (b.stamp != a.stamp || finished) && b.guid != "" {
			note("adopted", a.cn)
		}
		for group := range a.groups {
			if !b.groups[group] {
				note("joined", a.cn+" "+group)
			}
		}
		for group := range b.groups {
			if !a.groups[group] {
				note("left", a.cn+" "+group)
			}
		}
	}
	says := map[string][]string{"created": r.Created, "disabled": r.Disabled, "enabled": r.Enabled, "adopted": r.Adopted}
	for _, m := range r.Joined {
		says["joined"] = append(says["joined"], m.User+" "+m.Group)
	}
	for _, m := range r.Left {
		says["left"] = append(says["left"], m.User+" "+m.Group)
	}
	for _, what := range []string{"created", "disabled", "enabled", "adopted", "joined", "left"} {
		a, b := slices.Sorted(slices.Values(did[what])), slices.Sorted(slices.Values(says[what]))
		if fmt.Sprint(a) != fmt.Sprint(b) && (len(r.Failed) == 0 || x.to.fault.name == "") {
			j.breach("report", "%s were %q, and the report says %q", what, a, b)
		}
	}
	j.everyWriteTold(x, r)
}

// everyWriteTold finds accounts that were written and are not in the report.
func (j *judge) everyWriteTold(x *run, r schema.Report) {
	named := map[string]bool{}
	for c := range r.Changes.All() {
		named[c.User] = true
	}
	for _, o := range r.Failed {
		named[o.User] = true
	}
	for _, guid := range x.after.order {
		b, a := x.before.accounts[guid], x.after.accounts[guid]
		if b != nil && b.usn != a.usn && !slices.ContainsFunc(x.names(find(x.file(), j.own[guid]), a, b), func(n string) bool { return named[n] }) {
			j.breach("report", "%s was written, and the report does not say so", a.dn)
		}
	}
}

// unheard reports whether it learned nothing of accounts that were new to it: a run was cut
// short through another controller lately, and whether this one has heard of all that shows
// only a day after.
func (x *run) unheard() bool {
	return x.result != nil && slices.ContainsFunc(x.result.Report.Notices, func(n string) bool { return strings.Contains(n, " has not heard yet of ") })
}
