package simulation

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// hide takes from the import the right to read an account, or to list it.
func (w *world) hide(r *rand.Rand) string {
	e, ok := w.accountHere(r)
	if !ok {
		return ""
	}
	guid := guidOf(e)
	before := w.hidden[guid] != ""
	w.hidden[guid] = oneOf(r, "unseen", "unlisted")
	for _, side := range w.sides {
		side.hides(guid, before)
	}
	return name(e) + " is " + w.hidden[guidOf(e)]
}

// hides notes of an account that is out of sight whether its import saw it asleep, or may
// still see that it is.
func (w *world) hides(guid string, before bool) {
	slept := before && w.slept[guid] // out of sight, and still is
	a := w.look().accounts[guid]
	unread := w.hidden[guid] == "unseen" || !slices.ContainsFunc(targetGroups, func(group string) bool { return a.groups[group] }) // by name, too
	w.slept[guid] = slept || !a.enabled() || unread && w.judge.met[guid] && !w.judge.worked[guid]
}

func (w *world) show(r *rand.Rand) string {
	guid, ok := somebody(r, slices.Sorted(maps.Keys(w.hidden)), func(g string) string { return g })
	if !ok {
		return ""
	}
	delete(w.hidden, guid)
	if a := w.look().accounts[guid]; a != nil {
		return a.dn.String()
	}
	return guid
}
