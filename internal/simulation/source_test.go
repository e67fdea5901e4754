package simulation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
)

// kind of event; often is how many days of 10,000 have one.
type kind struct {
	name  string
	often int
	do    func(w *world, r *rand.Rand) string // what happened; "": nothing
}

// kinds in the order of a day: people and administrators, then files and runs.
var kinds []kind

func init() {
	kinds = slices.Concat(sourceKinds, targetKinds, configurationKinds, migrationKinds, lookingKinds, tableKinds, ledgerKinds, ofSecond(sourceKinds), crossingKinds, ofSecond(migrationKinds), ofSecond(lookingKinds), ofSecond(tableKinds), ofSecond(ledgerKinds), ofSecond(nearSecond()),
		runKinds, silenceKinds, ofSecond(runKinds), ofSecond(silenceKinds))
}

var sourceKinds = []kind{
	{"joins", 900, (*world).hire},
	{"leaves", 700, (*world).leave},
	{"returns", 500, (*world).comeBack},
	{"marries", 500, (*world).marry},
	{"swaps names", 200, (*world).swap},
	{"is made anew", 200, (*world).makeAnew},
	{"is made anew and called otherwise", 200, (*world).makeAnewOtherwise},
	{"changes unit", 300, (*world).changeUnit},
	{"changes groups", 700, (*world).changeGroups},
	{"changes department", 500, (*world).changeDepartment},
	{"gets an end", 300, (*world).getEnd},
	{"many leave", 60, (*world).manyLeave},
	{"many join", 60, (*world).manyJoin},
	{"source backup", 300, (*world).backUpSource},
	{"source restored", 40, (*world).restoreSource},
}

func (w *world) leave(r *rand.Rand) string {
	e, ok := anyOf(r, w.staff())
	if !ok {
		return ""
	}
	return w.depart(r, e)
}

// depart is how someone leaves.
func (w *world) depart(r *rand.Rand, e ad.Entry) string {
	switch r.IntN(4) {
	case 0:
		must(w.source.Delete(e.DN))
		return name(e) + " is deleted"
	case 1:
		if setEnabled(w.source, e, false) {
			return name(e) + " is disabled"
		}
	case 2:
		if move(w.source, e, w.former()) {
			return name(e) + " is moved out of reach"
		}
	case 3:
		for _, g := range sourceGroups {
			setMember(w.source, w.sourceGroup(g), e.DN, false)
		}
		return name(e) + " is in no group any more"
	}
	return ""
}

func (w *world) comeBack(r *rand.Rand) string {
	former := users(w.source, w.former())
	for _, e := range w.staff() {
		if c, _ := e.Int("userAccountControl"); c&2 != 0 || !e.Has("memberOf") {
			former = append(former, e)
		}
	}
	e, ok := anyOf(r, former)
	if !ok {
		return ""
	}
	setEnabled(w.source, e, true)
	set(w.source, e, "accountExpires", "0")
	move(w.source, e, w.works())
	for _, g := range someGroups(r) {
		setMember(w.source, w.sourceGroup(g), ad.ByGUID(e.GUID()), true)
	}
	return name(e)
}

func (w *world) marry(r *rand.Rand) string {
	e, ok := anyOf(r, w.staff())
	given, surname := someName(r)
	if !ok || !rename(w.source, e, given+" "+surname) {
		return ""
	}
	set(w.source, e, "displayName", given+" "+surname)
	if chance(r, 60) {
		set(w.source, e, "sAMAccountName", loginName(r, given, surname))
	}
	return name(e) + " is " + given + " " + surname
}

// swap exchanges the names of two people.
func (w *world) swap(r *rand.Rand) string {
	staff := w.staff()
	a, ok := anyOf(r, staff)
	b, _ := anyOf(r, staff)
	if !ok || guidOf(a) == guidOf(b) {
		return ""
	}
	set(w.source, a, "sAMAccountName", "between")
	set(w.source, b, "sAMAccountName", a.Text("sAMAccountName"))
	set(w.source, a, "sAMAccountName", b.Text("sAMAccountName"))
	if a.DN.Parent().Equal(b.DN.Parent()) && chance(r, 70) {
		rename(w.source, a, "Between")
		rename(w.source, b, a.Text("cn"))
		must(w.source.Rename(ctx, a.DN.Parent().Child("CN", "Between"), b.DN))
	}
	return name(a) + " and " + name(b)
}

func (w *world) makeAnew(r *rand.Rand) string {
	e, ok := anyOf(r, w.staff())
	if !ok {
		return ""
	}
	must(w.source.Delete(e.DN))
	w.numbered(e.DN.Parent(), e.Text("cn"), e.Text("sAMAccountName"), oneOf(r, e.Text("employeeID"), ""), someGroups(r))
	return name(e)
}

// makeAnewOtherwise is someone who is deleted, and one or two others with the same number
// and other names; often the one who was deleted is there again later, by a backup.
func (w *world) makeAnewOtherwise(r *rand.Rand) (told string) {
	e, ok := anyOf(r, w.staff())
	if !ok || e.Text("employeeID") == "" {
		return ""
	}
	if chance(r, 50) {
		w.backUpSource(r)
	}
	must(w.source.Delete(e.DN))
	told = name(e)
	for range 1 + r.IntN(5)/4 {
		given, surname := someName(r)
		if chance(r, 50) {
			given, surname = e.Text("givenName"), e.Text("sn")
		}
		if cn := given + " " + surname; w.numbered(e.DN.Parent(), cn, loginName(r, given, surname), e.Text("employeeID"), someGroups(r)) {
			told += " is " + cn
		}
	}
	return told
}

func (w *world) changeUnit(r *rand.Rand) string {
	e, ok := anyOf(r, w.staff())
	if !ok || !move(w.source, e, w.unit(r)) {
		return ""
	}
	return name(e)
}

func (w *world) changeGroups(r *rand.Rand) string {
	e, ok := anyOf(r, w.staff())
	if !ok {
		return ""
	}
	group, in := oneOf(r, sourceGroups...), chance(r, 60)
	if !setMember(w.source, w.sourceGroup(group), e.DN, in) {
		return ""
	}
	return fmt.Sprintf("%s in %s: %v", name(e), group, in)
}

func (w *world) changeDepartment(r *rand.Rand) string {
	staff := w.staff()
	e, ok := anyOf(r, staff)
	if !ok {
		return ""
	}
	set(w.source, e, "department", oneOf(r, "Sales", "Research", ""))
	set(w.source, e, "mail", oneOf(r, plain.Replace(e.Text("cn"))+"@"+w.domain, "shared@"+w.domain, ""))
	if boss, _ := anyOf(r, staff); chance(r, 50) {
		set(w.source, e, "manager", boss.DN.String())
	}
	return name(e)
}

func (w *world) getEnd(r *rand.Rand) string {
	e, ok := anyOf(r, w.staff())
	if !ok {
		return ""
	}
	end := "0"
	if chance(r, 75) {
		end = fileTime(w.now.Add(time.Duration(r.IntN(40*24)-48) * time.Hour))
	}
	set(w.source, e, "accountExpires", end)
	return name(e)
}

func (w *world) manyLeave(r *rand.Rand) string {
	told := ""
	for _, e := range w.staff() {
		if chance(r, 45) {
			told += w.depart(r, e) + "; "
		}
	}
	return told
}

func (w *world) manyJoin(r *rand.Rand) string {
	told := ""
	for range 3 + r.IntN(5) {
		told += w.hire(r) + "; "
	}
	return told
}

// backup of a domain.
type backup struct {
	day  int
	data *memad.Directory
}

func (w *world) backUp(d *memad.Directory) *backup { return &backup{w.day, d.Clone()} }

// restored is the last backup, which may be used again. What is made from now on
// is not what was made after the backup.
func restored(b *backup, now *memad.Directory) (*memad.Directory, string) {
	if b == nil {
		return now, ""
	}
	d := b.data.Clone()
	d.Diverge(now)
	return d, fmt.Sprintf("as it was on day %d", b.day)
}

func (w *world) backUpSource(*rand.Rand) string { w.backup = w.backUp(w.source); return "kept" }

func (w *world) restoreSource(*rand.Rand) (told string) {
	w.source, told = restored(w.backup, w.source)
	w.sourceSecond = nil
	return told
}
