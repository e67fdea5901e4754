package simulation

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	importer "ad-user-sync/import"
	"ad-user-sync/import/ledger"
)

// The ledger is lost. What it confirmed nothing confirms from then on, but people who are
// asked.

var ledgerKinds = []kind{
	{"loses its ledger", 60, (*world).loseLedger},
	{"accepts that the ledger is lost", 4000, (*world).acceptLoss},
}

func (w *world) loseLedger(*rand.Rand) string {
	if w.migration.from != "" || !w.judge.finished {
		return ""
	}
	if os.Remove(ledger.Path(w.cfg.ResolutionsFile)) != nil {
		return ""
	}
	w.unread, w.wrote = true, 0 // nor does it know any more what a controller should have heard of
	w.judge.loses()
	return "it is gone"
}

// acceptLoss is a person who has read which accounts nothing confirms any more.
func (w *world) acceptLoss(*rand.Rand) string {
	if !w.unread {
		return ""
	}
	x, why := w.start(fault{}, importer.Options{})
	if x == nil {
		return why
	}
	x.Accept = x.Input.SHA256
	return w.finish(x)
}

// loses has the judge expect no memory of whom a person agreed to put into a group that needs
// it, who was given time, and what another source took over.
func (j *judge) loses() {
	j.lost, j.gifts, j.went = true, map[string]gift{}, map[string]string{}
	for guid := range j.own {
		if a := j.look().accounts[guid]; a != nil {
			j.adopted[guid] = true
			for group := range a.groups {
				j.hand[guid+" "+group] = true
			}
		}
	}
}

// beginsAnew: nor of accounts that do not show their anchor once a person has read that it is lost.
func (j *judge) beginsAnew(x *run) {
	if !j.unread || x.code == 3 || x.result == nil && !x.killed {
		return
	}
	if _, err := os.Stat(ledger.Path(x.Config.ResolutionsFile)); x.killed && err != nil {
		return // killed before it could be refused, or had begun anew: what is deleted until the next run no one can know
	}
	j.unread = false
	maps.DeleteFunc(j.own, func(guid, anchor string) bool {
		a := x.before.accounts[guid]
		return a == nil || j.hidden[guid] != "" || j.anchorOf(a.stamp) != anchor
	})
}

// nothingTells reports whether a lost ledger has left nothing by which an account of someone
// who left could be ours, or it is told with another one, or has come to its end.
func (j *judge) nothingTells(x *run, a *account, t told) bool {
	over := a.enabled() && !a.ends().IsZero() && a.ends().Before(x.after.now)
	return j.lost && (a.protected || !a.inside || j.anchorOf(a.stamp) != j.own[a.guid] || over || j.migration.from != "" && !j.held || slices.ContainsFunc(t.why, func(why string) bool { return strings.Contains(why, a.dn.String()) }))
}

// disowns: someone said that an account, which a lost ledger no longer confirms, is not this
// person's.
func (j *judge) disowns(c consent) {
	if j.lost && c.kind == "adopt" && j.own[c.guid] == c.anchor {
		delete(j.own, c.guid)
	}
}

// regains: someone said that the persons of accounts have left, whose they were, also where
// the write failed: the next import disables them.
func (j *judge) regains(x *run) {
	for _, c := range x.agreed {
		if a := x.after.accounts[c.guid]; j.lost && c.kind == "disable" && a != nil && j.anchorOf(a.stamp) != "" {
			j.own[c.guid], j.adopted[c.guid] = j.anchorOf(a.stamp), true
		}
	}
}

// unalike: no account is made for whom someone's account has the number who is not active in
// the file any more, also where only its anchor tells whose it was, until a person has said
// that it is another one's.
func (j *judge) unalike(x *run, a *account, anchor string) {
	u := find(x.file(), anchor)
	if !j.lost || x.stale || u == nil || numberOf(u) == "" || x.numberShared(u) || j.denied[anchor] || x.said("create", anchor, "", "") {
		return
	}
	for _, guid := range x.before.order {
		o := x.before.accounts[guid]
		left := j.own[guid] != "" && j.own[guid] != anchor && !x.active(find(x.file(), j.own[guid]))
		if left && o.inside && o.number == numberOf(u) && j.anchorOf(o.stamp) == j.own[guid] && j.hidden[guid] == "" {
			j.breach("one account", "%s was created for %s, and %s of someone who left carries their number", a.dn, anchor, o.dn)
		}
	}
}
