package plan

import "slices"

// Kind of an action or question.
type Kind string

// The kinds. Name is a question only: the answer creates, renames or adopts.
// NewPassword and Unlock are never asked: a person looks for the account.
const (
	Create  Kind = "create"
	Adopt   Kind = "adopt"
	Update  Kind = "update"
	Rename  Kind = "rename"
	Extend  Kind = "extend"
	Enable  Kind = "enable"
	Disable Kind = "disable"
	Join    Kind = "join"
	Leave   Kind = "leave"
	Name    Kind = "name"
	Prolong Kind = "prolong"

	NewPassword Kind = "password"
	Unlock      Kind = "unlock"
)

// kindRow is what is particular to a kind of action.
type kindRow struct {
	kind  Kind
	phase int    // in which actions are carried out (rule 19)
	would string // of an account, where a limit is exceeded; "" where none applies to the kind
	free  bool   // of its limit, until a first run has finished
	ofAll bool   // percent is of all matched accounts, not of the enabled managed ones
}

// kinds are in the order in which limits are reported. An adoption that changes
// names, a leave after a taking over and a reference have phases of their own.
var kinds = []kindRow{
	{kind: Disable, phase: 0, would: "be disabled"},
	{kind: Leave, phase: 1, would: "leave a group"},
	{kind: Rename, phase: renamePhase, would: "be renamed", ofAll: true},
	{kind: Update, phase: 6, would: "be changed", ofAll: true},
	{kind: Create, phase: 5, would: "be created", ofAll: true, free: true},
	{kind: Join, phase: 8, would: "join a group", ofAll: true, free: true},
	{kind: Adopt, phase: 2},
	{kind: Extend, phase: 6},
	{kind: Prolong, phase: 6},
	{kind: Enable, phase: lastPhase},
	{kind: NewPassword, phase: lastPhase},
	{kind: Unlock, phase: lastPhase},
}

// Kinds are all kinds, also what is only asked.
func Kinds() (list []Kind) {
	for _, r := range kinds {
		list = append(list, r.kind)
	}
	return append(list, Name)
}

const (
	renamePhase    = 3
	thenPhase      = 4 // leaves of who was taken over
	referencePhase = 7
	lastPhase      = 9
)

func rowOf(kind Kind) kindRow {
	i := slices.IndexFunc(kinds, func(r kindRow) bool { return r.kind == kind })
	if i < 0 { // a name is a question only
		return kindRow{kind: kind}
	}
	return kinds[i]
}

// Limited are the kinds that limits apply to, in the order they are reported.
var Limited = limitedKinds()

func limitedKinds() (list []Kind) {
	for _, r := range kinds {
		if r.would != "" {
			list = append(list, r.kind)
		}
	}
	return list
}

// FreeAtFirst reports whether no limit applies to a kind until a first run has
// finished.
func FreeAtFirst(kind Kind) bool { return rowOf(kind).free }

// countsAs is the kind whose limit counts the action: who is to end earlier than
// before counts as disabled.
func (a *Action) countsAs() Kind {
	if a.Sooner {
		return Disable
	}
	return a.Kind
}

func phase(a *Action) int {
	switch {
	case a.Then:
		return thenPhase
	case a.Kind == Update && len(a.Changes) == 1 && a.Changes[0].People:
		return referencePhase
	case a.Kind == Adopt && (a.MoveIn || slices.ContainsFunc(a.Changes, func(c Change) bool { return isName(c.Attribute) })):
		return renamePhase
	}
	return rowOf(a.Kind).phase
}
