package plan

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"time"

	"ad-user-sync/internal/adrules"
)

// OtherContainer is a managed container that the ledger knows, while it knows nothing of
// the present one.
type OtherContainer struct {
	GUID     adrules.GUID
	Accounts map[adrules.GUID]Remembered
	Left     time.Time // since when imports go on without it; zero where no person has confirmed that
}

// limitOther stops an import that would leave the accounts of another container
// behind: the configuration names another one than before, or an administrator renamed
// the old one and made a new one of its name.
func (m *limits) limitOther() {
	for _, c := range m.in.Memory.Others {
		if !c.Left.IsZero() {
			continue
		}
		var people []Person
		var left []string
		for _, g := range c.working(m.obs) {
			people = append(people, m.show.gone(g))
			if p := m.roster.personOf(g); p == nil || !p.active {
				left = append(left, g.where())
			}
		}
		if len(people) == 0 {
			continue
		}
		m.trip(Trip{Name: "another container", Accounts: people, Reason: c.LeftBehind(m.obs)})
		if len(left) > 0 {
			slices.Sort(left)
			m.draft.notice("have left, and their accounts in another container are not disabled by this import: " + someOf(left))
		}
	}
}

// LeftToThemselves is how long after a container was left behind its leavers fail:
// by then an import of its own would have come, where it has one.
const LeftToThemselves = 24 * time.Hour

// nameLeftBehind names who has left and works on in a container that no import looks
// after any more, in every run.
func (m *leaving) nameLeftBehind() {
	for _, c := range m.in.Memory.Others {
		for _, g := range c.working(m.obs) {
			a, p := m.index.byGUID[g.guid], m.roster.personOf(g)
			if c.Left.IsZero() || p != nil && p.active || a != nil && (!a.Enabled() || m.calendar.over(a)) {
				continue
			}
			m.tellLeftBehind(c, g, a)
		}
	}
}

func (m *leaving) tellLeftBehind(c OtherContainer, g *gone, a *account) {
	detail := "has left, while the account " + g.where() + " is seen nowhere, and was enabled when it was seen last. Look for it as an administrator, and disable it; " +
		"if it was deleted, say so: ad-user-sync resolutions forget --deleted " + g.guid.String()
	if a != nil {
		detail = "has left, while the account " + a.DN + " is enabled, in a container that no import looks after. Disable it there; or move it to " + m.obs.Container.DN
	}
	detail += ". An import into the container that it was in before ends this, too"
	if m.in.Now.Sub(c.Left) < LeftToThemselves {
		m.draft.notice(m.show.gone(g).CN + ": left behind in another container: " + detail)
		return
	}
	m.draft.plan.Failed = append(m.draft.plan.Failed, Note{m.show.gone(g), LeftBehind, detail})
}

func (c *calendar) over(a *account) bool {
	ends, ok := a.Ends()
	return ok && !ends.After(c.in.Now)
}

// working are the accounts that worked when they were seen last, and are not in
// the present container now, and those that work again.
func (c OtherContainer) working(obs *Observation) (list []*gone) {
	here, works := map[adrules.GUID]bool{}, map[adrules.GUID]bool{}
	for i := range obs.Elsewhere {
		works[obs.Elsewhere[i].GUID] = obs.Elsewhere[i].Enabled()
	}
	for i := range obs.Accounts {
		here[obs.Accounts[i].GUID] = true
	}
	for _, guid := range slices.SortedFunc(maps.Keys(c.Accounts), func(a, b adrules.GUID) int { return bytes.Compare(a[:], b[:]) }) {
		g := &gone{guid: guid, known: c.Accounts[guid]}
		if g.known.How != "" && (g.enabled() || works[guid]) && !here[guid] {
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
	now, remedy := fmt.Sprintf("which cannot be found any more (objectGUID %s)", c.GUID), "If it was made anew, or this is another container on purpose, confirm the plan"
	if i := slices.IndexFunc(obs.Others, func(o Container) bool { return o.GUID == c.GUID }); i >= 0 {
		now = "which is " + obs.Others[i].DN + " now"
		remedy = "If that is the one to be managed, set managed_user_path to it; if another one is meant, confirm the plan"
	}
	enabled := fmt.Sprintf("%d enabled accounts", n)
	if n == 1 {
		enabled = "1 enabled account"
	}
	return fmt.Sprintf("nothing was ever imported into %s, while the ledger knows %s in another container, %s. No account there is disabled when its person leaves, and what has an end runs out. %s",
		obs.Container.DN, enabled, now, remedy)
}
