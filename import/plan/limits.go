package plan

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// limits is whether all of it is too much.
type limits struct {
	*facts
	draft   *draft
	leaving *leaving
	owners  *owners
	traces  map[string]*account // see traced
}

func limit(ordered *ordering) Plan {
	m := &limits{facts: ordered.facts, draft: ordered.draft, leaving: ordered.leaving, owners: ordered.owners}
	m.compare()
	m.noticeSooner()
	m.expiring()
	return m.draft.plan
}

// compare is rules 6 and 7, over the automatic actions of the plan.
func (m *limits) compare() {
	if m.obs.Container.Unfit != "" {
		m.trip(Trip{Name: "container", Reason: m.obs.Container.Unfit, Firm: true})
	}
	m.limitPrefix()
	m.limitOther()
	if stuck := m.in.Memory.Stuck; stuck != "" {
		m.trip(Trip{Name: "replication", Reason: stuck})
	}
	m.limitVanished()
	for _, kind := range Limited {
		m.limitKind(kind)
	}
	m.limitEverybody()
	m.limitGroups()
}

func (m *limits) trip(t Trip) { m.draft.plan.Trips = append(m.draft.plan.Trips, t) }

// limitKind compares the accounts of one kind, those of the last 24 hours
// included, with the kind's limit. Whom a killed run meant and this one means
// again is counted once.
func (m *limits) limitKind(kind Kind) {
	limit, limited := m.cfg.Limits[string(kind)]
	if !limited || FreeAtFirst(kind) && !m.in.Memory.Finished {
		return
	}
	accounts := m.unasked(kind)
	if len(accounts) == 0 {
		return
	}
	before := m.counted(kind)
	for _, who := range accounts {
		delete(before, who.Trace())
	}
	count := len(accounts) + len(before)
	base := m.base(kind, before)
	overBoth := limit.Count != nil && limit.Percent != nil && count > *limit.Count && count*100 > *limit.Percent*base
	overMax := limit.Max != nil && count > *limit.Max
	if !overBoth && !overMax {
		return
	}
	reason := m.wouldText(kind, len(accounts))
	if len(before) > 0 {
		reason += fmt.Sprintf(", after %d within the last 24 hours", len(before))
	}
	if base > 0 {
		reason += fmt.Sprintf("; that is %d percent of %d", count*100/base, base)
	}
	m.trip(Trip{Name: string(kind), Accounts: listed(accounts), Reason: reason + ". " + limitText(limit)})
}

// wouldText tells apart who is disabled from who is to end earlier.
func (m *limits) wouldText(kind Kind, count int) string {
	sooner := 0
	if kind == Disable {
		sooner = len(m.sooners())
	}
	switch sooner {
	case 0:
		return schema.Plural(count, "account") + " would " + rowOf(kind).would
	case count:
		return schema.Plural(count, "account") + " would end earlier than before"
	}
	return fmt.Sprintf("%s would %s, %d would end earlier than before", schema.Plural(count-sooner, "account"), rowOf(kind).would, sooner)
}

// sooners are the people whose accounts are to end earlier.
func (m *limits) sooners() []*Person {
	return Unasked(func(yield func(*Action) bool) {
		for a := range Each(m.draft.plan.Actions) {
			if a.Sooner && !yield(a) {
				return
			}
		}
	}, Disable)
}

// noticeSooner says it also where there are too few for a limit.
func (m *limits) noticeSooner() {
	var names []string
	for _, who := range listed(m.sooners()) {
		names = append(names, who.CN)
	}
	if len(names) > 0 {
		m.draft.notice("accounts that are to end earlier than before: " + someOf(names))
	}
}

// limitText says what is done without a person: up to the larger of count and
// percent, and never more than max.
func limitText(l schema.Limit) string {
	var parts []string
	if l.Count != nil && l.Percent != nil {
		parts = append(parts, fmt.Sprintf("up to %d or %d percent, whichever is more", *l.Count, *l.Percent))
	}
	if l.Max != nil {
		parts = append(parts, fmt.Sprintf("never more than %d", *l.Max))
	}
	return "Allowed are " + strings.Join(parts, ", and ")
}

func (m *limits) unasked(kind Kind) []*Person {
	return Unasked(m.in.Memory.Owed.Rest(Each(m.draft.plan.Actions)), kind)
}

// Unasked are the people with an automatic action of the kind, as limits count
// them. Who is to end earlier counts as disabled. Not counted are a leave
// that goes with a disable, and the references of an account that the same plan
// creates.
func Unasked(actions iter.Seq[*Action], kind Kind) (people []*Person) {
	disabled := map[adrules.GUID]bool{}
	seen := map[string]bool{}
	if kind == Leave {
		for a := range actions {
			if a.Kind == Disable {
				disabled[a.Person.GUID] = true
			}
		}
	}
	for a := range actions {
		if a.countsAs() != kind || a.Answer != nil {
			continue
		}
		goesWith := kind == Leave && (a.Idle || disabled[a.Person.GUID]) || kind == Update && a.Person.GUID.IsZero()
		if who := a.Person.Trace(); !seen[who] && !goesWith {
			seen[who] = true
			people = append(people, a.Person)
		}
	}
	return people
}

// listed are people by CN.
func listed(list []*Person) []Person {
	people := make([]Person, len(list))
	for i, who := range list {
		people[i] = *who
	}
	slices.SortStableFunc(people, func(a, b Person) int { return cmp.Compare(a.CN, b.CN) })
	return people
}

// base is what percent is of: for disable and leave the enabled managed accounts
// and those that are counted and no longer enabled, matched accounts otherwise.
func (m *limits) base(kind Kind, before map[string]bool) int {
	if rowOf(kind).ofAll {
		return len(m.roster.matched())
	}
	n := m.enabledManaged()
	for who := range before {
		if a := m.traced(who); a == nil || !a.Enabled() {
			n++
		}
	}
	return n
}

// enabledManaged leaves out what becomes managed in this plan, or cannot.
func (m *limits) enabledManaged() int {
	n := 0
	count := func(a *account) {
		if a.Enabled() && m.ledger.reaches(a) {
			n++
		}
	}
	for _, p := range m.roster.people {
		if p.account != nil && p.takeOver == nil && !p.anchorOnly && m.ledger.mine(p, p.account) {
			count(p.account)
		}
	}
	for _, a := range m.leaving.missing {
		count(a)
	}
	return n
}

func (m *limits) limitEverybody() {
	accounts, orSooner := m.unasked(Disable), ""
	if len(m.sooners()) > 0 {
		orSooner = ", or end earlier than before"
	}
	if len(accounts) < 2 {
		return
	}
	if enabled := m.enabledManaged(); enabled >= 2 && len(accounts) >= enabled {
		m.trip(Trip{Name: "all accounts", Accounts: listed(accounts),
			Reason: fmt.Sprintf("every one of the %d enabled managed accounts would be disabled%s", enabled, orSooner)})
	}
}

// limitGroups looks for a group that all its managed members would leave.
func (m *limits) limitGroups() {
	losing := map[*Group][]Person{}
	for act := range Each(m.draft.plan.Actions) {
		if act.Kind == Leave && act.Answer == nil {
			losing[act.Group] = append(losing[act.Group], *act.Person)
		}
	}
	if len(losing) == 0 {
		return
	}
	members := map[adrules.SID]int{}
	for _, a := range m.index.inside {
		if a.person != nil || m.ledger.managed(a) {
			for sid, in := range a.MemberOf {
				if in {
					members[sid]++
				}
			}
		}
	}
	for _, g := range m.groups.all {
		if n := members[g.SID]; n >= 2 && len(losing[g]) >= n {
			m.trip(Trip{Name: "empty group", Accounts: losing[g],
				Reason: fmt.Sprintf("group %s would lose all of its %d managed members", g.CN, n)})
		}
	}
}

func (m *limits) limitPrefix() {
	prefix, known, fits := m.cfg.PrefixCommonNames, 0, 0
	if prefix == "" {
		return
	}
	for _, a := range m.index.inside {
		if s := a.known.Source; s != nil && s.CN != "" {
			continue // keeps its own
		}
		if m.ledger.managed(a) {
			known++
			if strings.HasPrefix(a.CN, prefix) {
				fits++
			}
		}
	}
	if known >= 2 && fits == 0 {
		m.trip(Trip{Name: "prefix", Reason: fmt.Sprintf("none of the %d managed accounts has a name that begins with prefix_common_names %q", known, prefix)})
	}
}

// Stopped reports whether a limit forbids every write, given the digest of the
// plan that a person confirmed.
func (p *Plan) Stopped(confirmed string) bool {
	return Firm(p.Trips) || len(p.Trips) > 0 && confirmed != p.Digest
}

// Firm reports whether one of the trips cannot be overridden.
func Firm(trips []Trip) bool {
	return slices.ContainsFunc(trips, func(t Trip) bool { return t.Firm })
}

// Stopping is how many accounts the limits are about: the number a person types
// to override them.
func Stopping(trips []Trip) int {
	seen := map[string]bool{}
	for _, t := range trips {
		for _, who := range t.Accounts {
			seen[who.Trace()] = true
		}
	}
	return len(seen)
}
