package simulation

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	importer "ad-user-sync/import"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// A second source has people in the same target, in the container of the first or in one
// of its own. It has a courier, a configuration, a ledger and a judge for itself.

const worksDomain = "works.example"

var blankWorks = blankOf(worksDomain)

// addSecond draws whether this life has one.
func (w *world) addSecond() {
	r := w.dice(0, "second source")
	if !chance(r, 40) {
		return
	}
	b := w.side(worksDomain, oneOf(r, w.managed.String(), w.managed.String(), "OU=Partners,DC=plant,DC=example"), blankWorks)
	b.settings = draw(b.dice(0, "settings of the second"))
	b.settings.Prefix = oneOf(r, "", "W ")
	b.addLooks()
	for i := range 3 + r.IntN(5) {
		b.hire(b.dice(0, fmt.Sprint("first of the second ", i)))
	}
	w.configure()
	b.configure()
}

// ofSecond are the same events for the second source.
func ofSecond(kinds []kind) (list []kind) {
	for _, k := range kinds {
		list = append(list, kind{"works: " + k.name, k.often, func(w *world, r *rand.Rand) string { return k.do(w.sides[1], r) }})
	}
	return list
}

func (k kind) needsSecond() bool { return strings.HasPrefix(k.name, "works: ") }

// nearSecond are those that happen to one account, and those of a configuration.
func nearSecond() []kind {
	return slices.DeleteFunc(slices.Concat(targetKinds, configurationKinds), func(k kind) bool {
		return slices.Contains([]string{"target backup", "target restored", "seen again", "nests a group", "renames a group", "deletes a group", "puts a group back"}, k.name)
	})
}

var crossingKinds = []kind{
	{"works: changes the source", 600, (*world).changeSource},
	{"works: leaves one of both", 1000, (*world).leaveOne},
	{"works: imports at the same time", 800, (*world).importTogether},
}

func (w *world) bothWays(r *rand.Rand) (from, to *world) {
	if chance(r, 50) {
		return w.sides[0], w.sides[1]
	}
	return w.sides[1], w.sides[0]
}

// changeSource is someone of one source whom the other has from now on, too; mostly they
// leave the first at once.
func (w *world) changeSource(r *rand.Rand) string {
	from, to := w.bothWays(r)
	e, ok := anyOf(r, from.staff())
	if !ok {
		return ""
	}
	cn, account, number := e.Text("cn"), e.Text("sAMAccountName"), e.Text("employeeID")
	switch r.IntN(6) {
	case 0:
		account = loginName(r, e.Text("givenName")+"x", e.Text("sn")+"x")
	case 1:
		_, surname := someName(r)
		cn = e.Text("givenName") + " " + surname
	case 2:
		number = ""
	}
	if !to.numbered(to.unit(r), cn, account, number, someGroups(r)) {
		return ""
	}
	told := fmt.Sprintf("%s of %s comes with %s as %s (%s)", name(e), from.domain, to.domain, cn, account)
	if chance(r, 65) {
		told += "; " + from.depart(r, e)
	}
	return told
}

// leaveOne is someone of both who leaves one.
func (w *world) leaveOne(r *rand.Rand) string {
	from, to := w.bothWays(r)
	there := to.staff()
	e, ok := anyOf(r, slices.DeleteFunc(from.staff(), func(e ad.Entry) bool {
		return !slices.ContainsFunc(there, func(o ad.Entry) bool { return samePerson(e, o) })
	}))
	if !ok {
		return ""
	}
	return from.domain + ": " + from.depart(r, e)
}

func samePerson(a, b ad.Entry) bool {
	return a.Has("employeeID") && a.Text("employeeID") == b.Text("employeeID") || strings.EqualFold(a.Text("sAMAccountName"), b.Text("sAMAccountName"))
}

// importTogether is an import during which the other source's runs, from its first read to
// its last write.
func (w *world) importTogether(r *rand.Rand) string {
	one, other := w.bothWays(r)
	x, why := one.start(fault{}, importer.Options{})
	if x == nil {
		return why
	}
	meanwhile := "nothing"
	x.partial, x.to.when = true, 1+r.IntN(40)
	x.to.meanwhile = func() {
		from := one.look()
		if meanwhile = other.imports(r); meanwhile != "" {
			other.counts["(two imports at once)"]++
		}
		one.judge.whileOthers(x, from, one.look())
	}
	told := one.finish(x)
	return fmt.Sprintf("%s meanwhile: %s; %s: %s", other.domain, meanwhile, one.domain, told)
}

// wentOver: this run took an account of another source over for its own.
func (j *judge) wentOver(guid string) {
	for _, side := range j.sides {
		if anchor := side.judge.own[guid]; anchor != "" && side != j.world {
			delete(side.judge.own, guid)
			delete(side.judge.begun, guid)
			if side.judge.met[guid] { // else its import was killed before it could remember the account
				if !side.judge.lost {
					side.judge.went[guid] = anchor
				}
			}
			j.counts["(taken over from another source)"]++
		}
	}
}

// cameHome: a backup shows an account of before it was taken over.
func (j *judge) cameHome() {
	for _, guid := range slices.Sorted(maps.Keys(j.went)) {
		anchor := j.went[guid]
		if a := j.look().accounts[guid]; a != nil && j.anchorOf(a.stamp) == anchor {
			j.own[guid] = anchor
			delete(j.went, guid)
		}
	}
}

// undoubled: no account is made for whom an account of the other source may be, until a
// person has said that it is another one.
func (j *judge) undoubled(x *run, a *account, anchor string) {
	u := find(x.file(), anchor)
	if x.stale || u == nil || x.said("create", anchor, "", "") || j.denied[anchor] || numberOf(u) == "" {
		return
	}
	if x.numberShared(u) {
		return
	}
	for _, guid := range x.before.order {
		o := x.before.accounts[guid]
		found := o.inside || strings.EqualFold(o.sam, u.SAMAccountName)
		if j.ofAnother(o) && found && o.number == numberOf(u) && j.own[guid] == "" && j.went[guid] == "" && j.hidden[guid] == "" {
			j.breach("one account", "%s was created for %s, and %s of another source carries their number", a.dn, anchor, o.dn)
		}
	}
}

// ofAnother reports whether an account carries an anchor of another source of this life.
func (j *judge) ofAnother(a *account) bool {
	_, domain := namedBy(a.stamp)
	return slices.ContainsFunc(j.sides, func(side *world) bool { return side != j.world && side.domain == domain })
}

// mayLeave reports whether an import may take an account that went over out of a group:
// it has put it there, and saw it there since. Should the other one have put it there again
// meanwhile, its next run does so once more.
func (j *judge) mayLeave(a *account, group string) bool {
	return j.went[a.guid] != "" && j.put[a.guid+" "+group]
}

// reconcile forgets who was seen in a group no more.
func (j *judge) reconcile(x *run) {
	for key := range j.put {
		guid, group, _ := strings.Cut(key, " ")
		b, a := x.before.accounts[guid], x.after.accounts[guid]
		if b != nil && a != nil && !b.groups[group] && !a.groups[group] && j.hidden[guid] == "" && x.before.groups[group] != "" {
			delete(j.put, key)
		}
	}
}

// handsOver: what another import took over, and works, is named in every run, until it was
// told that it is let go.
func (j *judge) handsOver(x *run, t told) {
	for _, guid := range slices.Sorted(maps.Keys(j.went)) {
		anchor := j.went[guid]
		b, a := x.before.accounts[guid], x.after.accounts[guid]
		names := x.names(find(x.file(), anchor), a, b)
		switch {
		case a == nil || b != nil && len(b.groups) > len(a.groups) || j.hidden[guid] != "":
		case slices.ContainsFunc(targetGroups, func(group string) bool { return t.asks(names, group, "leave") }) || t.is(names, t.barred):
		case a.enabled() && !t.is(names, t.failed) && !t.asks(names, "", "adopt"):
			j.breach("leaver", "%s of %s works for another source, and nobody is told", a.dn, anchor)
		}
	}
}

// toldOver: a report that names an account as forgotten has let it go.
func (j *judge) toldOver(x *run, r schema.Report) {
	if len(j.sides) < 2 {
		return
	}
	for _, guid := range slices.Sorted(maps.Keys(x.after.accounts)) {
		a := x.after.accounts[guid]
		over := j.went[guid] != "" || j.own[guid] != "" && j.ofAnother(a) // or restored from before it was taken over here
		if over && slices.ContainsFunc(r.Notices, func(notice string) bool {
			return strings.Contains(notice, "and forgotten") && strings.Contains(notice, a.dn.String())
		}) {
			delete(j.went, guid)
			delete(j.own, guid)
			j.counts["(told of what another source took over)"]++
		}
	}
}
