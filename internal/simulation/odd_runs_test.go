package simulation

import (
	"fmt"
	"math/rand/v2"

	importer "ad-user-sync/import"
	"ad-user-sync/internal/memad"
)

// importMeanwhile runs while an administrator works.
func (w *world) importMeanwhile(r *rand.Rand) string {
	x, why := w.start(fault{}, importer.Options{})
	if x == nil {
		return why
	}
	did := ""
	x.partial, x.to.when = true, 1+r.IntN(30)
	x.to.meanwhile = func() {
		from := w.look()
		did = oneOf(r, (*world).disableHere, (*world).enableHere, (*world).endHere, (*world).changeHere, (*world).renameHere, (*world).regroupHere,
			(*world).moveHere, (*world).deleteHere, (*world).clearAnchor, (*world).protect)(w, r)
		w.judge.whileOthers(x, from, w.look())
	}
	told := w.finish(x)
	return fmt.Sprintf("%s meanwhile: %s", did, told)
}

// importBlind may not read one attribute of one account.
func (w *world) importBlind(r *rand.Rand) string {
	x, why := w.start(fault{}, importer.Options{})
	e, ok := w.accountHere(r)
	if x == nil || !ok {
		return why
	}
	x.to.unread, x.to.unreadOf = oneOf(r, "memberof", "admindescription", "useraccountcontrol", "accountexpires", "samaccountname", "objectguid"), e.DN.String()
	x.partial = true
	return fmt.Sprintf("%s of %s: %s", x.to.unread, name(e), w.finish(x))
}

// importThere goes through the second controller, which may not have heard of
// everything: of what a run wrote, or of what was done by hand.
func (w *world) importThere(r *rand.Rand) string {
	x, why := w.start(fault{}, importer.Options{})
	if x == nil {
		return why
	}
	if w.second == nil || chance(r, 50) {
		w.second, w.heard = w.target.Twin("dc2"), w.target.HighestUSN()
	}
	x.stale, x.behind = w.heard != w.target.HighestUSN(), w.heard < w.wrote
	x.to.Directory, x.to.also, x.to.controller, x.to.known = w.second, w.target, "dc2.plant.example", &w.heardSecond
	worked := w.working(w.second)
	told := fmt.Sprintf("stale %v, behind %v: ", x.stale, x.behind) + w.finish(x)
	for guid := range worked { // what was deleted, and is not there yet
		if w.look().accounts[guid] == nil && !w.working(w.second)[guid] {
			w.judge.worked[guid] = false
		}
	}
	w.target.Knows(w.second)
	w.heardHere = answers{}
	if !x.stale {
		w.heard = w.target.HighestUSN()
	}
	return told
}

// working are the managed accounts that are enabled, as this controller knows them.
func (w *world) working(d *memad.Directory) map[string]bool {
	found := map[string]bool{}
	for _, e := range users(d, w.managed) {
		if control, _ := e.Int("userAccountControl"); control&2 == 0 {
			found[guidOf(e)] = true
		}
	}
	return found
}
