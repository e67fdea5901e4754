package simulation

import (
	"fmt"
	"math/rand/v2"
	"time"

	importer "ad-user-sync/import"
	"ad-user-sync/import/plan"
)

// gift is the end that a person gave to an account while no file came.
type gift struct {
	end   time.Time
	file  string // the newest then
	times int    // since that one
}

var silenceKinds = []kind{
	{"the courier falls ill", 250, (*world).silence},
	{"gives time", 3000, (*world).giveTime},
}

// silence lets no file arrive for days.
func (w *world) silence(r *rand.Rand) string {
	days := 4 + r.IntN(20)
	w.quiet = w.day + days
	return fmt.Sprint(days, " days")
}

// giveTime has someone look at the page on such a day, and give more time to all or one:
// at once, or a second time by what was shown the first time.
func (w *world) giveTime(r *rand.Rand) string {
	x, _ := w.start(fault{}, importer.Options{})
	if x == nil || w.looks.waits {
		return ""
	}
	p := &page{run: x, who: "Ann", opened: w.day}
	if p.desk = x.NewDesk(x.to, p.who); chance(r, 50) {
		p.desk = x.NewProlongingDesk(x.to, p.who)
	}
	if !w.lookAgain(p) || len(p.view.Offer.People) == 0 {
		return ""
	}
	g := plan.Grant{IDs: map[string]bool{}, Days: 1 + r.IntN(plan.MostDays), Reason: "no courier"}
	given, one := map[string]int{}, chance(r, 40)
	for _, o := range p.view.Offer.People {
		if o.Least <= g.Days && (!one || len(given) == 0) {
			g.IDs[o.ID], given[o.Person.GUID.String()] = true, g.Days
		}
	}
	if len(given) == 0 {
		return ""
	}
	told := fmt.Sprintf("%d days to %d of %d;", g.Days, len(given), len(p.view.Offer.People))
	for range 1 + r.IntN(2) {
		told += w.act(r, p, nil, func(x *run) error { x.given = given; return p.desk.Prolong(ctx, g, nil) })
		if p.killed {
			break
		}
	}
	return told
}

// prolonged judges what changed about an account where a person gave time: the days, and
// not beyond the end in the source, to who is active and works, and twice at most until another file
// comes.
func (j *judge) prolonged(x *run, b, a *account, anchor string) {
	days, meant := x.given[b.guid]
	u := find(x.file(), anchor)
	switch {
	case !meant:
		j.breach("given time", "%s was changed, and nobody gave it time", b.dn)
	case b.cn != a.cn || b.sam != a.sam || b.control != a.control || b.stamp != a.stamp || len(b.groups) != len(a.groups):
		j.breach("given time", "more than the end of %s was changed", b.dn)
	case !x.active(u) || !b.enabled() || !b.inside:
		j.breach("given time", "%s was given time, and is not active and at work", b.dn)
	case j.endedHere[b.guid] == fmt.Sprint(b.expires):
		j.breach("given time", "%s was given time, though someone here ended it", b.dn)
	}
	end := b.ends().Add(time.Duration(days) * 24 * time.Hour)
	if x.settings.Expiry == "cap" && u.AccountExpires != nil && u.AccountExpires.Before(end) {
		end = *u.AccountExpires
	}
	if !a.ends().Equal(end) {
		j.breach("given time", "%s ends %s, and was to end %s", b.dn, a.ends(), end)
	}
	g := j.gifts[b.guid]
	if g.file != x.Input.SHA256 {
		g = gift{file: x.Input.SHA256}
	}
	if g.times++; g.times > plan.MostTimes {
		j.breach("given time", "%s was given time %d times since one file", b.dn, g.times)
	}
	g.end = a.ends()
	j.gifts[b.guid] = g
}

// keepsGift holds a new end against one that was given: it is not brought forward, but to
// that of the source. It reports whether that is all there is to say.
func (j *judge) keepsGift(x *run, b, a *account, anchor string) bool {
	u := find(x.file(), anchor)
	if !b.enabled() || j.gifts[b.guid].end != b.ends() || !x.active(u) || x.taken(b.guid) {
		return false
	}
	if x.settings.Expiry == "cap" && u.AccountExpires != nil && u.AccountExpires.Equal(a.ends()) {
		return true
	}
	if a.ends().Before(b.ends()) && a.enabled() {
		j.breach("given time", "%s ends %s, and not %s any more, which a person gave", b.dn, a.ends(), b.ends())
	}
	return false
}
