package simulation

import (
	"maps"
	"slices"
	"time"

	"ad-user-sync/schema"
)

// whileOthers takes out of what is compared what others did during a run.
func (j *judge) whileOthers(x *run, from, to view) {
	x.before.accounts, x.before.others = maps.Clone(x.before.accounts), maps.Clone(x.before.others)
	for name, usn := range to.others {
		if from.others[name] != usn {
			x.before.others[name] = usn
		}
	}
	for guid, b := range from.accounts {
		if a := to.accounts[guid]; a == nil || a.usn != b.usn || !maps.Equal(a.groups, b.groups) {
			x.touched = append(x.touched, guid)
		}
	}
	for guid := range to.accounts {
		if from.accounts[guid] == nil {
			x.touched = append(x.touched, guid)
		}
	}
	slices.Sort(x.touched)
	x.usn += to.usn - from.usn
}

// apart sets those accounts apart, once the run is over.
func (j *judge) apart(x *run) {
	for _, guid := range x.touched {
		b, a := x.before.accounts[guid], x.after.accounts[guid]
		if a != nil && j.anchorOf(a.stamp) != "" && (b == nil || b.stamp != a.stamp) {
			j.own[guid], j.adopted[guid] = j.anchorOf(a.stamp), b != nil
		}
		x.before.order = slices.DeleteFunc(slices.Clone(x.before.order), func(g string) bool { return g == guid })
		if x.before.accounts[guid] = a; a == nil {
			delete(x.before.accounts, guid)
		} else {
			x.before.order = append(x.before.order, guid)
		}
	}
}

// safe looks at every difference that a run made, however it ended: what is
// there that no one asked for?
func (j *judge) safe(x *run) {
	j.beginsFirst(x)
	for _, guid := range x.before.order {
		b, a := x.before.accounts[guid], x.after.accounts[guid]
		if a == nil {
			j.breach("deleted", "%s", b.dn)
		}
		j.changed(x, b, a)
	}
	for _, guid := range x.after.order {
		if x.before.accounts[guid] == nil {
			j.created(x, x.after.accounts[guid])
		}
	}
	for name, usn := range x.after.others {
		if x.before.others[name] != usn && !x.settings.leads(groupName(dn(name))) {
			j.breach("outside", "%s was written", name)
		}
	}
}

// limits holds a run that no one confirmed to the limit for disabling: count and
// percent of the enabled accounts must not both be exceeded.
func (j *judge) limits(x *run) {
	enabled, disabled := 0, 0
	for guid := range j.own {
		b, a := x.before.accounts[guid], x.after.accounts[guid]
		switch {
		case b == nil || a == nil || !b.inside || !b.enabled():
		case a.enabled():
			enabled++
		default:
			enabled++
			disabled++
		}
	}
	if !x.confirmed && disabled > x.settings.Count && disabled*100 > x.settings.Percent*enabled {
		j.breach("limit", "%d of %d accounts were disabled, and nobody was asked; allowed are %d, or %d percent", disabled, enabled, x.settings.Count, x.settings.Percent)
	}
}

// said reports whether a person agreed to this in this very session.
func (x *run) said(kind, anchor, guid, group string) bool {
	return slices.ContainsFunc(x.agreed, func(c consent) bool {
		return c.kind == kind && (c.anchor == anchor || guid != "" && c.guid == guid) && c.group == group
	})
}

// taken reports whether a person gave this account to this program.
func (x *run) taken(guid string) bool {
	return x.begun[guid] || slices.ContainsFunc(x.agreed, func(c consent) bool { return (c.kind == "adopt" || c.kind == "name") && c.guid == guid })
}

func (j *judge) created(x *run, a *account) {
	anchor := j.anchorOf(a.stamp)
	u := find(x.file(), anchor)
	switch {
	case x.behind && !x.confirmed:
		j.breach("behind", "%s was created through a controller that has not heard of what was written", a.dn)
	case !a.inside:
		j.breach("outside", "%s was created", a.dn)
	case !x.active(u):
		j.breach("created", "%s, stamped %q, for nobody who is active in the file", a.dn, a.stamp)
	case a.enabled() && !x.said("enable", anchor, a.guid, ""):
		j.breach("rights", "%s was created and works, and nobody agreed", a.dn)
	case x.asksFor(anchor):
		j.breach("one account", "%s was created, while it is asked whether its person has one from before", a.dn)
	}
	for _, guid := range x.before.order {
		if o := x.before.accounts[guid]; j.own[guid] == anchor && j.anchorOf(o.stamp) == anchor && !x.said("create", anchor, "", "") && !(j.lost && j.denied[anchor]) {
			j.breach("one account", "%s was created, while %s has %s", a.dn, anchor, o.dn)
		}
	}
	for _, guid := range slices.Sorted(maps.Keys(j.own)) {
		switch unseen := x.before.accounts[guid] == nil || j.hidden[guid] == "unseen"; {
		case !unseen || j.own[guid] != anchor && !x.were(j.own[guid], anchor) || j.replaced[guid] || !j.met[guid]:
		case x.said("create", anchor, "", ""):
			j.replaced[guid] = true
		default:
			j.breach("one account", "%s was created for %s, who had one that is seen nowhere, and nobody agreed", a.dn, anchor)
		}
	}
	j.unmatched(x, a, anchor)
	j.undoubled(x, a, anchor)
	j.oneOfFormer(x, a, anchor)
	j.unalike(x, a, anchor)
	for group := range a.groups {
		j.joined(x, a, anchor, group)
	}
}

func (j *judge) changed(x *run, b, a *account) {
	anchor, ours := j.own[b.guid]
	if !ours || a.stamp != b.stamp || x.taken(b.guid) {
		anchor = j.anchorOf(a.stamp)
	}
	if x.given != nil {
		if a.usn != b.usn {
			j.prolonged(x, b, a, anchor)
		}
		return
	}
	for group := range a.groups {
		if !b.groups[group] {
			j.joined(x, a, anchor, group)
		}
	}
	for group := range b.groups {
		if !a.groups[group] {
			j.left(x, b, anchor, group)
		}
	}
	if a.usn == b.usn {
		return
	}
	if more := b.cn != a.cn || b.sam != a.sam || a.enabled() && !b.enabled() || len(a.groups) > len(b.groups); x.behind && !x.confirmed && more {
		j.breach("behind", "%s was changed through a controller that has not heard of what was written", a.dn)
	}
	byNames := !j.finished && b.stamp == "" && b.inside // row 7, in a first run
	if (!ours || !b.inside) && !x.taken(b.guid) && !byNames && !x.stale {
		j.breach("outside", "%s was changed, and is not this program's", b.dn)
	}
	hidden := x.to.unread == "memberof" && x.to.unreadOf == b.dn.String() // by which it is protected
	if b.protected && !x.stale && !hidden && (!ours || b.cn != a.cn || b.sam != a.sam) {
		j.breach("protected", "%s was changed", b.dn)
	}
	j.changedState(x, b, a, anchor)
	if b.expires != a.expires {
		j.ends(x, b, a, anchor)
	}
}

func (j *judge) changedState(x *run, b, a *account, anchor string) {
	u := find(x.file(), anchor)
	switch {
	case a.enabled() == b.enabled():
	case a.enabled():
		if !x.said("enable", anchor, b.guid, "") {
			j.breach("rights", "%s was enabled, and nobody agreed", b.dn)
		}
	case x.taken(b.guid): // without its password
	case j.anchorOf(b.stamp) != "" && j.anchorOf(b.stamp) != anchor: // restored from before it was given to another person
	case x.active(u):
		j.breach("lost an account", "%s was disabled, and its person is active in the file", b.dn)
	case j.refused("disable", anchor, ""):
		j.breach("rejection", "%s was disabled, which a person has rejected", b.dn)
	}
}

// ends holds a new end against the lease: the file's time, or now, and what is
// configured, but not after the end in the source.
func (j *judge) ends(x *run, b, a *account, anchor string) {
	if j.keepsGift(x, b, a, anchor) {
		return
	}
	u := find(x.file(), anchor)
	if !x.active(u) {
		if x.taken(b.guid) {
			return
		}
		j.breach("end", "%s ends %s, and not %s any more, though its person is not active", b.dn, a.ends(), b.ends())
	}
	if j.isFirst(x, b, a, anchor) {
		return
	}
	latest, _ := x.lease(u)
	if !x.fits(u, a.ends()) {
		j.breach("end", "%s ends %s, and its lease %s", b.dn, a.ends(), latest)
	}
	if was := b.ends(); !was.IsZero() && !was.After(latest) && a.ends().Before(was) {
		j.breach("end", "%s ends %s, and not %s any more, which its lease allows", b.dn, a.ends(), was)
	}
}

// lease is when the account of someone who is active has to end at the latest, and
// whether that is so in the source.
func (x *run) lease(u *schema.User) (end time.Time, own bool) {
	end = x.Config.ExpirationTime.After(x.written())
	if x.settings.Expiry == "cap" && u.AccountExpires != nil && u.AccountExpires.Before(end) {
		return *u.AccountExpires, true
	}
	return end, false
}

func (x *run) written() time.Time {
	if at := x.file().Timestamp; !at.After(x.after.now) {
		return at
	}
	return x.after.now
}

// fits reports whether an end is that of the lease, or was moved earlier to the working
// hours of a working day.
func (x *run) fits(u *schema.User, end time.Time) bool {
	latest, own := x.lease(u)
	early := latest.Sub(end)
	switch {
	case early == 0:
		return true
	case own || early < 0 || early > 4*24*time.Hour || early > latest.Sub(x.written())/10:
		return false
	}
	return end.UTC().Hour() >= 9 && end.UTC().Hour() < 15 && end.UTC().Weekday()%6 != 0
}

func (j *judge) joined(x *run, a *account, anchor, group string) {
	u := find(x.file(), anchor)
	j.put[a.guid+" "+group] = true
	switch {
	case !x.settings.leads(group) || !x.active(u) || !x.settings.gives(u, group):
		j.breach("rights", "%s was put into %s, which the file does not give", a.dn, group)
	case x.before.accounts[a.guid] != nil && x.before.accounts[a.guid].protected && j.own[a.guid] == "":
		j.breach("protected", "%s was put into %s", a.dn, group)
	case x.said("join", anchor, a.guid, group):
	case j.refused("join", anchor, group):
		j.breach("rejection", "%s was put into %s, which a person has rejected", a.dn, group)
	case x.guarded(group):
		j.breach("rights", "%s was put into %s, which is guarded, and nobody agreed", a.dn, group)
	}
}

func (j *judge) left(x *run, b *account, anchor, group string) {
	u := find(x.file(), anchor)
	_, ours := j.own[b.guid]
	switch {
	case x.settings.leads(group) && j.mayLeave(b, group):
	case !x.settings.leads(group) || !ours && !x.taken(b.guid):
		j.breach("outside", "%s was taken out of %s", b.dn, group)
	case x.guarded(group) && (j.refused("join", anchor, group) || j.perhaps[anchor+" "+group]): // who was in it unasked does not stay
	case j.anchorOf(b.stamp) != "" && j.anchorOf(b.stamp) != anchor: // restored from before it was given to another person
	case x.waits(b.guid) && !x.active(u) && !x.guarded(group) && !x.said("leave", anchor, b.guid, group):
		j.breach("lost a group", "%s was taken out of %s, while it is asked whose it is", b.dn, group)
	case x.active(u) && x.settings.gives(u, group):
		j.breach("lost a group", "%s was taken out of %s, which the file gives", b.dn, group)
	case x.said("leave", anchor, b.guid, group):
	case x.taken(b.guid): // without its memberships, whatever was rejected before
	case !x.active(u) && (!x.settings.Leave || x.guarded(group)): // at once, whatever was said before
	case j.refused("leave", anchor, group):
		j.breach("rejection", "%s was taken out of %s, which a person has rejected", b.dn, group)
	}
}

// guarded reports whether a group needed consent when the run began.
func (x *run) guarded(group string) bool {
	listed := func(group string) bool { return slices.Contains(x.settings.Restricted, "CN="+group) }
	return x.before.privileged[group] || listed(group) || slices.ContainsFunc(x.before.within[group], listed)
}
