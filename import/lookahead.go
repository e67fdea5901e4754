package importer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// foreseen is how many accounts of a kind a notice names.
const foreseen = 50

// lookAhead says what the second import would do to the accounts that the first one
// anchors unasked, and does no more to (row 7): whoever looks before a start is to see
// that, too. What else the second import does the first one would have shown.
func (im *Import) lookAhead(ctx context.Context, s *situation) error {
	anchored := map[adrules.GUID]plan.Person{}
	for a := range plan.Each(s.plan.Actions) {
		if a.Kind == plan.Adopt && a.Answer == nil {
			anchored[a.Person.GUID] = *a.Person
		}
	}
	if !im.looking.only || len(anchored) == 0 || s.record.Finished {
		return nil
	}
	next := im.afterFirst(s, anchored)
	if err := im.decide(ctx, im.Directory, next, nil); err != nil {
		return err
	}
	said := map[plan.Kind][]string{}
	for a := range plan.Each(next.plan.Actions) {
		if _, ok := anchored[a.Person.GUID]; ok && a.Kind != plan.Extend {
			said[a.Kind] = append(said[a.Kind], doing(a))
		}
	}
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(said)) {
		who := said[kind]
		text := fmt.Sprintf("%s %s", kind, strings.Join(who[:min(foreseen, len(who))], ", "))
		if more := len(who) - foreseen; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return nil
	}
	text := fmt.Sprintf("the first import anchors accounts that are there already (%d), and the second one, by the same file, changes these: %s", len(anchored), strings.Join(parts, "; "))
	for _, t := range next.plan.Trips {
		text += fmt.Sprintf("; the limit %s would stop it: %s", t.Name, t.Reason)
	}
	s.notices = append(s.notices, text)
	return nil
}

// afterFirst is what the second import would find, as far as accounts are concerned that
// the first one anchors. What the first one has free is not counted.
func (im *Import) afterFirst(s *situation, anchored map[adrules.GUID]plan.Person) *situation {
	next := *s
	obs := *s.obs
	obs.Accounts = slices.Clone(s.obs.Accounts)
	next.obs, next.notices = &obs, nil
	next.record.Accounts = maps.Clone(s.record.Accounts)
	for i := range obs.Accounts {
		a := &obs.Accounts[i]
		if who, ok := anchored[a.GUID]; ok {
			a.Anchor = plan.Anchor{ObjectGUID: who.Anchor, Domain: s.fresh.sourceDomain()}
			next.record.Accounts[a.GUID] = ledger.Account{Anchor: who.Anchor, How: plan.HowAdopted, Adopted: s.now, WasEnabled: a.Enabled(), Enabled: a.Enabled()}
		}
	}
	owed := ledger.Owed{At: s.now, Creates: map[string]bool{}, Joins: map[string][]adrules.SID{}}
	for a := range plan.Each(s.plan.Actions) {
		switch who := a.Person.Owing(); a.Kind {
		case plan.Create:
			owed.Creates[who] = true
		case plan.Join:
			owed.Joins[who] = append(owed.Joins[who], a.Group.SID)
		}
	}
	next.record.Finished, next.record.Owed = true, &owed
	return &next
}

// doing is who is changed, and in what.
func doing(a *plan.Action) string {
	var names []string
	for _, c := range a.Changes {
		names = append(names, c.Attribute)
	}
	switch {
	case a.Group != nil:
		return a.Person.CN + ": " + a.Group.CN
	case len(names) > 0:
		return a.Person.CN + " (" + strings.Join(names, ", ") + ")"
	}
	return a.Person.CN
}
