package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// phases is rule 19.
var phases = map[Kind]int{
	Disable: 0, Leave: 1, Adopt: 2, Rename: 3, Create: 4, Update: 5, Extend: 5, Enable: 7, Join: 8,
}

const managerPhase = 6

func phase(a Action) int {
	if a.Kind == Update && len(a.Changes) == 1 && a.Changes[0].People {
		return managerPhase
	}
	return phases[a.Kind]
}

// order sorts the actions as they are to be carried out. A name is given up
// before somebody else takes it.
func (m *maker) order() {
	slices.SortStableFunc(m.plan.Actions, func(a, b Action) int {
		return cmp.Or(cmp.Compare(phase(a), phase(b)), cmp.Compare(a.Person.Key(), b.Person.Key()),
			cmp.Compare(a.Person.GUID.String(), b.Person.GUID.String()),
			cmp.Compare(groupName(a), groupName(b)), cmp.Compare(a.ID, b.ID))
	})
	start := slices.IndexFunc(m.plan.Actions, func(a Action) bool { return phase(a) == phases[Rename] })
	if start < 0 {
		return
	}
	end := start
	for end < len(m.plan.Actions) && phase(m.plan.Actions[end]) == phases[Rename] {
		end++
	}
	ordered := m.untangle(slices.Clone(m.plan.Actions[start:end]))
	m.plan.Actions = slices.Concat(m.plan.Actions[:start], ordered, m.plan.Actions[end:])
}

func groupName(a Action) string {
	if a.Group == nil {
		return ""
	}
	return a.Group.Name
}

// untangle puts renames in an order in which no name is wanted before it is
// free; a ring of names is opened by a step through a temporary one.
func (m *maker) untangle(renames []Action) []Action {
	holds, wants := make([][]string, len(renames)), make([][]string, len(renames))
	holder := map[string]int{}
	for i, a := range renames {
		holds[i], wants[i] = m.resources(a)
		for _, r := range holds[i] {
			holder[r] = i
		}
	}
	var ordered []Action
	done := make([]bool, len(renames))
	blockers := func(i int) bool {
		return slices.ContainsFunc(wants[i], func(r string) bool {
			j, held := holder[r]
			return held && j != i && !done[j]
		})
	}
	release := func(i int) {
		for _, r := range holds[i] {
			if holder[r] == i {
				delete(holder, r)
			}
		}
	}
	for left := len(renames); left > 0; {
		next := -1
		for i := range renames {
			if !done[i] && !blockers(i) {
				next = i
				done[i] = true
				left--
				release(i)
				ordered = append(ordered, renames[i])
			}
		}
		if next < 0 { // a ring
			i := slices.Index(done, false)
			ordered = append(ordered, m.stepAside(renames[i]))
			release(i)
		}
	}
	return ordered
}

// resources are the names that an action gives up and takes.
func (m *maker) resources(a Action) (holds, wants []string) {
	place := "\x00"
	if account := m.accountOf(a); account != nil {
		place = account.Parent + "\x00"
	}
	for _, c := range a.Changes {
		var scope string
		switch c.Attribute {
		case "cn":
			scope = "cn\x00" + place
		case "sAMAccountName", "userPrincipalName":
			scope = c.Attribute + "\x00"
		default:
			continue
		}
		holds = append(holds, scope+m.keys.of(first(c.Before)))
		wants = append(wants, scope+m.keys.of(first(c.After)))
	}
	return holds, wants
}

func (m *maker) accountOf(a Action) *Account {
	if p := m.byTarget[a.Person.GUID]; p != nil {
		return p.account
	}
	return nil
}

// stepAside renames to temporary names. A run that is killed after it leaves
// an account that the next run knows by its stamp and names as the file says.
func (m *maker) stepAside(a Action) Action {
	sum := sha256.Sum256([]byte(a.Person.Key()))
	short := "aus-" + hex.EncodeToString(sum[:8]) // 20 characters
	step := Action{Kind: Rename, Reason: SwapStep, Person: a.Person}
	for _, c := range a.Changes {
		switch c.Attribute {
		case "cn":
			c.After = []string{"ad-user-sync " + hex.EncodeToString(sum[:16])}
			if a.Person.Anchor != "" {
				c.After = []string{"ad-user-sync " + a.Person.Anchor}
			}
		case "sAMAccountName":
			c.After = []string{short}
		case "userPrincipalName":
			c.After = []string{short + "@" + m.suffix()}
		}
		step.Changes = append(step.Changes, c)
	}
	step.ID = m.actionID(step)
	return step
}
