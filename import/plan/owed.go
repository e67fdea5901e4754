package plan

import (
	"slices"

	"ad-user-sync/internal/adrules"
)

// Owed is what a first run had free and could not do, by Person.Owing: it is free
// when it is tried again, and nothing else is.
type Owed struct {
	Creates map[string]bool
	Joins   map[string][]adrules.SID
}

// Owing tells people apart before and after they have an account.
func (p Person) Owing() string { return Person{Anchor: p.Anchor, CN: p.CN}.Trace() }

// Rest are the actions that limits count.
func (o Owed) Rest(actions []Action) []Action {
	if len(o.Creates)+len(o.Joins) == 0 {
		return actions
	}
	return slices.DeleteFunc(slices.Clone(actions), func(a Action) bool {
		who := a.Person.Owing()
		return a.Kind == Create && o.Creates[who] || a.Kind == Join && slices.Contains(o.Joins[who], a.Group.SID)
	})
}
