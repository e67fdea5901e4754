package plan

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

func isName(attribute string) bool {
	return attribute == "cn" || attribute == "sAMAccountName" || attribute == "userPrincipalName"
}

// ordering is in which order things are done.
type ordering struct {
	*facts
	draft   *draft
	leaving *leaving
	owners  *owners
}

// order makes the plan's digest, too: a step aside is named by it.
func order(concluded *closing) *ordering {
	m := &ordering{concluded.facts, concluded.draft, concluded.leaving, concluded.owners}
	m.order()
	m.draft.plan.Digest = m.planDigest()
	return m
}

// order sorts the actions as they are to be carried out. A name is given up
// before another person takes it.
func (m *ordering) order() {
	all := m.draft.plan.Actions
	var many [lastPhase + 1]int // in each phase
	for a := range Each(all) {
		many[phase(a)]++
	}
	from, rest := make([]int32, len(all)), 0 // an action is large to be moved about
	var phases [lastPhase + 1][]int32
	for at, n := range many {
		phases[at], rest = from[rest:rest:rest+n], rest+n
	}
	for i := range all {
		at := phase(&all[i])
		phases[at] = append(phases[at], int32(i))
	}
	for _, of := range phases {
		before := func(i, j int32) int { return compareActions(&all[i], &all[j]) }
		if !slices.IsSortedFunc(of, before) { // they are, mostly
			slices.SortStableFunc(of, before)
		}
	}
	arrange(all, from)
	if many[renamePhase] == 0 {
		return
	}
	start := 0
	for _, n := range many[:renamePhase] {
		start += n
	}
	end := start + many[renamePhase]
	ordered := m.untangle(slices.Clone(m.draft.plan.Actions[start:end]))
	m.draft.plan.Actions = slices.Concat(m.draft.plan.Actions[:start], ordered, m.draft.plan.Actions[end:])
}

func compareActions(a, b *Action) int {
	if a.Person != b.Person {
		if order := cmp.Or(strings.Compare(a.Person.Key(), b.Person.Key()), bytes.Compare(a.Person.GUID[:], b.Person.GUID[:])); order != 0 {
			return order
		}
	}
	return cmp.Or(strings.Compare(groupName(a), groupName(b)), strings.Compare(a.ID, b.ID))
}

// arrange moves, to each place, the action that is at from of it. Each is moved once, and
// from is used up.
func arrange(list []Action, from []int32) {
	for start := range int32(len(from)) {
		if from[start] == start {
			continue
		}
		first, at := list[start], start
		for from[at] != start {
			next := from[at]
			list[at], from[at], at = list[next], at, next
		}
		list[at], from[at] = first, at
	}
}

func groupName(a *Action) string {
	if a.Group == nil {
		return ""
	}
	return a.Group.Name
}

// tangle is renames on their way into an order.
type tangle struct {
	m       *ordering
	renames []Action
	holders map[string][]int // of each name that is given up
	wants   [][]string
	state   []int // of each rename
	ordered []Action
}

// States of a rename.
const (
	unseen int = iota
	waiting
	aside // waiting, under temporary names
	done
)

// untangle puts renames in an order in which no name is wanted before it is
// free; a ring of names is opened by a step through a temporary one.
func (m *ordering) untangle(renames []Action) []Action {
	t := tangle{m, renames, map[string][]int{}, make([][]string, len(renames)), make([]int, len(renames)), nil}
	for i, a := range renames {
		var holds []string
		holds, t.wants[i] = m.resources(a)
		for _, name := range holds {
			t.holders[name] = append(t.holders[name], i)
		}
	}
	for i := range renames {
		t.visit(i)
	}
	return t.ordered
}

// visit carries out first whatever holds a wanted name.
func (t *tangle) visit(i int) {
	if t.state[i] != unseen {
		return
	}
	t.state[i] = waiting
	for _, name := range t.wants[i] {
		for _, j := range t.holders[name] {
			t.visit(j)
		}
	}
	for _, name := range t.wants[i] { // what waits now waits for this one
		for _, j := range t.holders[name] {
			if j != i && t.state[j] == waiting {
				t.aside(j)
			}
		}
	}
	t.state[i] = done
	t.ordered = append(t.ordered, t.renames[i])
}

func (t *tangle) aside(i int) {
	t.state[i] = aside
	if step, rest := t.m.stepAside(t.renames[i]); len(step.Changes) > 0 {
		t.ordered, t.renames[i] = append(t.ordered, step), rest
	}
}

// resources are the names that an action gives up and takes.
func (m *ordering) resources(a Action) (holds, wants []string) {
	account := m.ledger.accountOf(*a.Person)
	from := exact(account.Parent) + "\x00"
	to := from
	if a.MoveIn {
		to = exact(m.obs.Container.DN) + "\x00"
		wants = append(wants, "cn\x00"+to+m.keys.of(a.Person.CN))
	}
	for _, c := range a.Changes {
		switch {
		case c.Attribute == "cn":
			holds = append(holds, "cn\x00"+from+m.keys.of(first(c.Before)))
			wants = append(wants, "cn\x00"+to+m.keys.of(first(c.After)))
		case isName(c.Attribute):
			holds = append(holds, c.Attribute+"\x00"+m.keys.of(first(c.Before)))
			wants = append(wants, c.Attribute+"\x00"+m.keys.of(first(c.After)))
		}
	}
	return holds, wants
}

// stepAside renames to temporary names. A run that is killed after it leaves
// an account that the next run knows by its anchor and names as the file says.
// An adoption is done under the temporary names, and ends as a rename.
func (m *ordering) stepAside(a Action) (step, rest Action) {
	sum := sha256.Sum256([]byte(a.Person.Key()))
	short := "aus-" + hex.EncodeToString(sum[:8]) // 20 characters
	step, rest = a, a
	step.Changes, rest.Changes, step.NamedBy = nil, nil, ""
	if a.Kind == Rename {
		step.Reason = SwapStep
	}
	rest.Kind, rest.MoveIn = Rename, false
	for _, c := range a.Changes {
		if isName(c.Attribute) {
			rest.Changes = append(rest.Changes, c)
		}
		switch c.Attribute {
		case "cn":
			known, _ := m.ledger.remembered(m.ledger.accountOf(*a.Person))
			if !m.ledger.anchors() && (known.Anchor == "" || known.Anchor != a.Person.Anchor) {
				continue // the CN is all that the account is known by
			}
			c.After = []string{"ad-user-sync " + a.Person.Anchor}
		case "sAMAccountName":
			c.After = []string{short}
		case "userPrincipalName":
			c.After = []string{short + "@" + m.names.suffix()}
		}
		step.Changes = append(step.Changes, c)
	}
	step.ID, rest.ID = m.ledger.actionID(&step), m.ledger.actionID(&rest)
	return step, rest
}
