package simulation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"ad-user-sync/internal/ad"
)

var targetKinds = []kind{
	{"disabled here", 300, (*world).disableHere},
	{"enabled here", 200, (*world).enableHere},
	{"ends here", 200, (*world).endHere},
	{"changed here", 200, (*world).changeHere},
	{"renamed here", 200, (*world).renameHere},
	{"regrouped here", 400, (*world).regroupHere},
	{"moved here", 200, (*world).moveHere},
	{"moved back here", 200, (*world).moveBackHere},
	{"deleted here", 100, (*world).deleteHere},
	{"made here", 150, (*world).makeHere},
	{"has an account here", 300, (*world).hasAccount},
	{"becomes protected", 250, (*world).protect},
	{"stops being protected", 200, (*world).unprotect},
	{"anchor copied", 60, (*world).copyAnchor},
	{"hidden", 100, (*world).hide},
	{"seen again", 400, (*world).show},
	{"anchor cleared", 60, (*world).clearAnchor},
	{"target backup", 300, (*world).backUpTarget},
	{"target restored", 30, (*world).restoreTarget},
}

var configurationKinds = []kind{
	{"nests a group", 60, (*world).nest},
	{"renames a group", 40, (*world).renameGroup},
	{"deletes a group", 15, (*world).deleteGroup},
	{"puts a group back", 400, (*world).putGroupBack},
	{"guards a group", 100, (*world).guard},
	{"maps a group", 60, (*world).remap},
	{"asks more", 60, (*world).askMore},
	{"changes the lease", 60, (*world).changeLease},
	{"matches anew", 40, (*world).matchAnew},
}

// accountHere is one of the managed container.
func (w *world) accountHere(r *rand.Rand) (ad.Entry, bool) {
	return anyOf(r, users(w.target, w.managed))
}

func (w *world) disableHere(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	if !ok || !setEnabled(w.target, e, false) {
		return ""
	}
	return name(e)
}

func (w *world) enableHere(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	if !ok || !set(w.target, e, "unicodePwd", string(ad.PasswordValue(fmt.Sprint("By-Hand-", w.day, "!x")))) || !setEnabled(w.target, e, true) {
		return ""
	}
	return name(e)
}

func (w *world) endHere(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	end := fileTime(w.now.Add(time.Duration(r.IntN(40*24)-48) * time.Hour))
	if !ok || !set(w.target, e, "accountExpires", end) {
		return ""
	}
	for _, side := range w.sides {
		side.judge.endedHere[guidOf(e)] = end
	}
	return name(e)
}

func (w *world) changeHere(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	if !ok {
		return ""
	}
	set(w.target, e, "department", "changed here")
	return name(e)
}

func (w *world) renameHere(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	given, surname := someName(r)
	if !ok || !rename(w.target, e, given+" "+surname) {
		return ""
	}
	if chance(r, 30) {
		set(w.target, e, "sAMAccountName", loginName(r, given, surname))
	}
	return name(e) + " is " + given + " " + surname
}

func (w *world) regroupHere(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	if !ok {
		return ""
	}
	group, in := oneOf(r, targetGroups...), chance(r, 60)
	if !setMember(w.target, targetGroup(group), e.DN, in) {
		return ""
	}
	for _, side := range w.sides {
		side.judge.byHand(e, group)
	}
	return fmt.Sprintf("%s in %s: %v", name(e), group, in)
}

func (w *world) moveHere(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	to := oneOf(r, w.night, w.managed, elsewhere)
	if !ok || !move(w.target, e, to) {
		return ""
	}
	return name(e) + " to " + to.String()
}

func (w *world) moveBackHere(r *rand.Rand) string {
	e, ok := anyOf(r, slices.DeleteFunc(users(w.target, elsewhere), func(e ad.Entry) bool { return !e.Has("adminDescription") }))
	if !ok || !move(w.target, e, w.managed) {
		return ""
	}
	return name(e)
}

func (w *world) deleteHere(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	if !ok {
		return ""
	}
	must(w.target.Delete(e.DN))
	return name(e)
}

// makeHere adds someone of the domain's own, who may be a namesake.
func (w *world) makeHere(r *rand.Rand) string {
	given, surname := someName(r)
	at := oneOf(r, w.managed, elsewhere).Child("CN", w.settings.Prefix+given+" "+surname)
	account := loginName(r, given, surname)
	err := w.target.Add(ctx, at, []ad.Attribute{{Name: "objectClass", Values: ad.Values("user")}, {Name: "sAMAccountName", Values: ad.Values(account)},
		{Name: "userAccountControl", Values: ad.Values("512")}, {Name: "unicodePwd", Values: [][]byte{ad.PasswordValue("By-Hand-4711!")}}})
	if err != nil {
		return ""
	}
	group := oneOf(r, targetGroups...)
	setMember(w.target, targetGroup(group), at, true)
	return fmt.Sprintf("%s (%s), in %s", at, account, group)
}

func (w *world) clearAnchor(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	if !ok || !e.Has("adminDescription") {
		return ""
	}
	set(w.target, e, "adminDescription", "")
	return name(e)
}

// protect makes an administrator or a service of someone.
func (w *world) protect(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	if !ok {
		return ""
	}
	switch r.IntN(3) {
	case 0:
		w.target.Overwrite(e.DN, map[string]string{"adminCount": "1"})
	case 1:
		set(w.target, e, "servicePrincipalName", "http/"+plain.Replace(e.Text("cn")))
	case 2:
		setMember(w.target, domainAdmins, e.DN, true)
	}
	return name(e)
}

var domainAdmins = dn("CN=Domain Admins,CN=Users,DC=plant,DC=example")

func (w *world) unprotect(r *rand.Rand) string {
	e, ok := anyOf(r, slices.DeleteFunc(users(w.target, w.managed), func(e ad.Entry) bool { return !w.look().accounts[guidOf(e)].protected }))
	if !ok {
		return ""
	}
	set(w.target, e, "servicePrincipalName", "")
	setMember(w.target, domainAdmins, e.DN, false)
	w.target.Overwrite(e.DN, map[string]string{"adminCount": "0"})
	return name(e)
}

// copyAnchor writes the anchor of one account onto another one.
func (w *world) copyAnchor(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	all := users(w.target, dn("DC=plant,DC=example"))
	onto, _ := anyOf(r, slices.DeleteFunc(all, func(o ad.Entry) bool { return o.Has("adminDescription") || o.Text("cn") == "Administrator" }))
	if !ok || !e.Has("adminDescription") || !set(w.target, onto, "adminDescription", e.Text("adminDescription")) {
		return ""
	}
	return name(e) + " onto " + onto.DN.String()
}

func (w *world) backUpTarget(*rand.Rand) string { w.targetBackup = w.backUp(w.target); return "kept" }

func (w *world) restoreTarget(*rand.Rand) (told string) {
	w.target, told = restored(w.targetBackup, w.target)
	w.second = nil
	for _, side := range w.sides {
		side.wrote = 0
		side.judge.cameHome()
		for guid, a := range w.look().accounts { // who is in a group by that, is by an administrator's hand
			for group := range a.groups {
				side.judge.hand[guid+" "+group] = true
			}
		}
	}
	return told
}

// nest puts a mapped group into another one, or takes it out again.
func (w *world) nest(r *rand.Rand) string {
	group, into := oneOf(r, "p-Viewers", "p-Shift", "p-Editors"), oneOf(r, "p-Admins", "l-Local", "l-Local", "Domain Admins")
	to := targetGroup(into)
	if into == "Domain Admins" {
		to = domainAdmins
	}
	in := !slices.Contains(w.look().within[group], into)
	if !setMember(w.target, to, targetGroup(group), in) {
		return ""
	}
	return fmt.Sprintf("%s in %s: %v", group, into, in)
}

func (w *world) guard(r *rand.Rand) string {
	group := oneOf(r, "CN=p-Editors", "CN=p-Shift", "CN=p-Viewers", "CN=l-Local")
	if i := slices.Index(w.settings.Restricted, group); i >= 0 {
		w.settings.Restricted = slices.Delete(slices.Clone(w.settings.Restricted), i, i+1)
	} else {
		w.settings.Restricted = append(slices.Clip(w.settings.Restricted), group)
	}
	w.configure()
	return fmt.Sprint(w.settings.Restricted)
}

func (w *world) remap(r *rand.Rand) string {
	if w.settings.Unmapped != nil {
		w.settings.Unmapped = nil
	} else {
		w.settings.Unmapped = []string{oneOf(r, "t-Viewers", "t-Editors")}
	}
	w.configure()
	return fmt.Sprintf("not mapped: %v", w.settings.Unmapped)
}

func (w *world) askMore(r *rand.Rand) string {
	w.settings.Disable, w.settings.Leave = chance(r, 30), chance(r, 30)
	w.configure()
	return fmt.Sprintf("disable %v, leave %v", w.settings.Disable, w.settings.Leave)
}

func (w *world) changeLease(r *rand.Rand) string {
	w.settings.Lease = oneOf(r, "P1M1D", "P10D", "P3M")
	w.configure()
	return w.settings.Lease
}
