package text

import (
	"slices"
	"strings"

	"ad-user-sync/schema"
)

// sooner is the kind of extend that brings an end forward.
const sooner = "sooner"

// group is a list of the report: what is done to accounts, and how it is told.
type group struct {
	kind, mark    string
	planned, done string // title
}

// worstFirst: what takes something away comes before what gives.
var worstFirst = []group{
	{"disable", "-", "Disable", "Disabled"},
	{sooner, "-", "End earlier", "End earlier now"},
	{"leave", "-", "Remove from groups", "Removed from groups"},
	{"rename", "~", "Rename", "Renamed"},
	{"adopt", "~", "Take over", "Taken over"},
	{"move", "~", "Move into the container", "Moved into the container"},
	{"join", "+", "Add to groups", "Added to groups"},
	{"", "?", "", ""}, // what waits for a person
	{"enable", "+", "Enable", "Enabled"},
	{"prolong", "+", "Give more time", "Given more time"},
	{"password", "~", "Set a new password", "Given a new password"},
	{"unlock", "~", "Unlock", "Unlocked"},
	{"create", "+", "Create", "Created"},
	{"update", "~", "Update", "Updated"},
}

// plan lists who something is done to, with one line for a person in each list.
func (t *reportText) plan() {
	doings := t.doings()
	for _, g := range worstFirst {
		switch g.kind {
		case "":
			t.waiting()
		case "move":
			t.list(g, len(t.Moved), t.Moved)
		default:
			count, lines := 0, []string{}
			for _, d := range doings[g.kind] {
				count += max(1, len(d.groups))
				lines = append(lines, d.line())
			}
			t.list(g, count, lines)
		}
	}
	if extended := t.Extended - t.endSooner(); extended > 0 {
		t.line("")
		t.line("%s (%d)", t.either("Extend", "Extended"), extended)
	}
}

func (t *reportText) either(planned, done string) string {
	if t.planned() {
		return planned
	}
	return done
}

func (t *reportText) list(g group, count int, lines []string) {
	marked := make([]string, len(lines))
	for i, line := range lines {
		marked[i] = g.mark + " " + line
	}
	t.counted(t.either(g.planned, g.done), count, shownDone, marked)
}

// doing is what is done of one kind to one person.
type doing struct {
	kind    string
	who     named
	groups  []string
	changes []schema.Change
	reasons []string
}

// endSooner counts the extensions that bring an end forward.
func (t *reportText) endSooner() (n int) {
	for a := range t.Actions.All() {
		if a.Type == "extend" && a.Sooner {
			n++
		}
	}
	return n
}

// doings are all of a report, by kind and in its order.
func (t *reportText) doings() map[string][]*doing {
	byKind, of := map[string][]*doing{}, map[string]*doing{}
	one := func(kind string, who named) *doing {
		key := kind + "\x00" + who.key()
		if of[key] == nil {
			of[key] = &doing{kind: kind, who: who}
			byKind[kind] = append(byKind[kind], of[key])
		}
		return of[key]
	}
	for a := range t.Actions.All() {
		if a.Type == "extend" {
			if a.Sooner {
				one(sooner, named{a.User, a.Subject})
			}
			continue // else told as a number
		}
		d := one(a.Type, named{a.User, a.Subject})
		if a.Group != "" {
			d.groups = append(d.groups, a.Group+from(a.From))
		}
	}
	for c := range t.Changes.All() {
		kind := c.Action
		if kind == "extend" {
			kind = sooner
		}
		d := of[kind+"\x00"+named{c.User, c.Who()}.key()]
		if d == nil {
			continue // a later step of what is told already
		}
		d.changes = append(d.changes, c)
		if c.Reason != "" && !slices.Contains(d.reasons, c.Reason) {
			d.reasons = append(d.reasons, c.Reason)
		}
	}
	return byKind
}

func from(sources []string) string {
	switch {
	case len(sources) == 0:
		return ""
	case slices.Contains(sources, "*"):
		return " (as everyone)"
	}
	return " (from " + strings.Join(sources, "; ") + ")"
}

// line is "EXT Bob (bob): title Clerk -> Head", as far as there is something to say.
func (d *doing) line() string {
	who, said, why := called(d.who), strings.Join(d.said(), ", "), d.why()
	switch {
	case said == "" && why == "":
		return who
	case said == "":
		return who + ": " + why
	case why == "":
		return who + ": " + said
	}
	return who + ": " + said + " (" + why + ")"
}

// said are the groups of a membership, and what changes of an account. One that is
// created gets everything.
func (d *doing) said() (said []string) {
	switch d.kind {
	case "join", "leave":
		return d.groups
	case "create", "enable", "disable":
		return nil
	}
	for _, c := range whole(d.changes) {
		said = append(said, changed(c))
	}
	return said
}

// whole are the changes of a person by attribute: a step on the way, as where two people
// swap their names, is not told.
func whole(steps []schema.Change) (changes []schema.Change) {
	at := map[string]int{}
	for _, c := range steps {
		if c.Attribute == "" {
			continue
		}
		if i, again := at[c.Attribute]; again {
			changes[i].After = c.After
			continue
		}
		at[c.Attribute] = len(changes)
		changes = append(changes, c)
	}
	return changes
}

// why leaves out the reasons that the list itself tells.
func (d *doing) why() string {
	usual := map[string]string{"create": "new", "update": "differs", "join": "group_map"}
	var reasons []string
	for _, reason := range d.reasons {
		if reason != usual[d.kind] {
			reasons = append(reasons, reason)
		}
	}
	return strings.Join(reasons, ", ")
}

// details lists every change of every account, with before and after.
func (t *reportText) details() {
	if len(t.Changes) == 0 {
		return
	}
	t.line("")
	t.line("Account by account: before -> after (why)")
	before, first := named{}, true
	for c := range t.Changes.All() {
		of := named{c.User, c.Who()}
		if first || of.key() != before.key() {
			t.line("  %s", schema.Visible(called(of)))
		}
		before, first = of, false
		t.line("    %-8s %s: %s -> %s (%s)", schema.Visible(c.Action), schema.Visible(c.Attribute), valueText(c.Before), valueText(c.After), schema.Visible(c.Reason))
	}
}
