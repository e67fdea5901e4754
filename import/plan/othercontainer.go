package plan

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"ad-user-sync/internal/adrules"
)

// OtherContainer is a managed container of the same source domain that the ledger
// knows, while it knows nothing of the present one.
type OtherContainer struct {
	GUID     adrules.GUID
	DN       string // as it is called now; "" where it can not be found
	Accounts map[adrules.GUID]Remembered
}

// brakeOther stops an import that would leave the accounts of another container
// behind: the configuration names another one than before, or somebody renamed
// the old one and made a new one of its name.
func (m *maker) brakeOther() {
	for _, c := range m.in.Memory.Others {
		var people []Person
		var left []string
		for _, g := range c.working(m.obs) {
			people = append(people, m.displayGone(g))
			if p := m.personOf(g); p == nil || !p.active {
				left = append(left, g.where())
			}
		}
		if len(people) == 0 {
			continue
		}
		m.trip(Trip{Name: "another container", Accounts: people, Reason: c.LeftBehind(m.obs)})
		if len(left) > 0 {
			slices.Sort(left)
			m.notice("have left, and their accounts in another container are not disabled by this import: " + someOf(left))
		}
	}
}

// working are the accounts that worked when they were seen last, and are not in
// the present container now.
func (c OtherContainer) working(obs *Observation) (list []*gone) {
	here := map[adrules.GUID]bool{}
	for i := range obs.Accounts {
		here[obs.Accounts[i].GUID] = true
	}
	for _, guid := range slices.SortedFunc(maps.Keys(c.Accounts), func(a, b adrules.GUID) int { return bytes.Compare(a[:], b[:]) }) {
		g := &gone{guid, c.Accounts[guid]}
		if g.known.How != "" && g.enabled() && !here[guid] {
			list = append(list, g)
		}
	}
	return list
}

// LeftBehind says what an import into the present container would leave behind
// there; "" for nothing.
func (c OtherContainer) LeftBehind(obs *Observation) string {
	n := len(c.working(obs))
	if n == 0 {
		return ""
	}
	now, remedy := fmt.Sprintf("which can not be found any more (objectGUID %s)", c.GUID), "If it was made anew, or this is another container on purpose, confirm the plan"
	if c.DN != "" {
		now = "which is " + c.DN + " now"
		remedy = "If that is the one to be managed, set managed_user_path to it; if another one is meant, confirm the plan"
	}
	enabled := fmt.Sprintf("%d enabled accounts", n)
	if n == 1 {
		enabled = "1 enabled account"
	}
	return fmt.Sprintf("nothing was ever imported into %s, while the ledger knows %s in another container, %s. Nobody there is disabled when they leave, and what has an end runs out. %s",
		obs.Container.DN, enabled, now, remedy)
}
