package check

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Groups looks at every group that people may be put into. Known has the relative
// names of those that earlier imports found.
func (t Target) Groups(known map[string]string) bool {
	sound := true
	for i := range t.Observed.Groups {
		g := &t.Observed.Groups[i]
		_, before := known[plan.RelativeName(g.Name)]
		sound = t.group(g, before) && sound
	}
	if len(t.Observed.Groups) == 0 {
		t.say().fine("groups", "group_map names none")
	}
	return sound
}

func (t Target) group(g *plan.Group, before bool) bool {
	say := t.say()
	switch {
	case g.Missing != "" && before:
		say.warn("group", "create it again, or take it out of group_map", "%s; joining and leaving it will fail", g.Missing)
		return true
	case g.Missing != "":
		return say.fail("group", fmt.Errorf("group_map: %s. Create it, or correct group_map and group_path", g.Missing))
	case g.EverybodysPrimary():
		return say.fine("group", "%s is the primary group of every new account already: no one is put into it, and no one is taken out as long as it is that", g.CN)
	case g.Why != "" && !g.Listed:
		say.warn("group", "list it under restricted_groups to say that this is meant, or map people to another one",
			"%s is guarded, though not listed: %s; joining it waits for a person", g.CN, g.Why)
		return true
	case g.Why != "":
		return say.fine("group", "%s is guarded: %s; joining it waits for a person", g.CN, g.Why)
	case g.Under != "" && !g.Listed:
		say.warn("group", "list it under restricted_groups to say that this is meant, or take it out of that group",
			"%s is guarded, though not listed: %s; joining it waits for a person", g.CN, g.Under)
		return true
	case g.Listed:
		return say.fine("group", "%s is guarded, since restricted_groups lists it; joining it waits for a person", g.CN)
	}
	return say.fine("group", "%s exists; people are put into it without a question", g.CN)
}

// Accounts tells of what is in the container. Silent are the mapped groups whose
// members may not be read.
func (t Target) Accounts(silent []string) bool {
	if unfit := t.Observed.Container.Unfit; unfit != "" {
		return t.Fail("container", errors.New(unfit))
	}
	if len(silent) > 0 {
		t.say().warn("members", "give it the right to read member of these groups", "the bound account may not read the members of %s, so nothing would tell should it lose the right to read memberOf of an account", strings.Join(silent, ", "))
	}
	for _, u := range t.Observed.Unseen {
		t.say().say("accounts", schema.CheckFailed, u.Text(), "")
	}
	users, anchored, enabled := 0, 0, 0
	for i := range t.Observed.Accounts {
		a := &t.Observed.Accounts[i]
		if a.Class != "user" {
			continue
		}
		users++
		if a.Enabled() {
			enabled++
		}
		if a.Anchor.ObjectGUID != "" {
			anchored++
		}
	}
	return t.say().fine("accounts", "%d in the container, %d of them enabled, %d with an anchor", users, enabled, anchored)
}

// Class warns of mapped attributes that no right helps to write.
func (t Target) Class() {
	var names []string
	for _, a := range t.Observed.Attributes {
		if a.NotOfUsers {
			names = append(names, a.Name)
		}
	}
	if len(names) > 0 {
		slices.Sort(names)
		t.say().warn("attributes", "take their rules out of attributes", "a user cannot have %s, whatever its rights; their values are left out", strings.Join(names, ", "))
	}
}
