package plan

import "ad-user-sync/internal/adrules"

// tell marks what a person agreed to together with a taking over by match: limits are
// about what no one was told of.
func (m *limits) tell() {
	told := map[adrules.GUID]bool{}
	for guid, known := range m.in.Memory.Accounts {
		if known.Told != "" && known.Told == m.in.FileHash {
			told[guid] = true
		}
	}
	for a := range Each(m.draft.plan.Actions) {
		if a.Kind == Adopt && a.Keeps != nil && a.Keeps.Told != "" {
			told[a.Person.GUID] = true
		}
	}
	if len(told) == 0 {
		return
	}
	for a := range Each(m.draft.plan.Actions) {
		a.Told = (a.Kind == Update || a.Kind == Join) && told[a.Person.GUID]
	}
}
