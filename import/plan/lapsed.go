package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// noticeLapsed names the answers that are kept no longer, and why. Consent that was
// carried out is none of them.
func (m *closing) noticeLapsed() {
	var said []string
	for _, e := range m.draft.plan.Lapsed {
		if e.Accept && (e.NewName == "" || m.namedFor(e)) {
			continue
		}
		what, how := strings.TrimSpace(e.Type+" "+cmp.Or(e.Group, e.Name)), "rejected"
		if e.Accept {
			how = "the name " + e.NewName + " given"
		}
		rest := ", " + how + " by " + cmp.Or(e.By, byEntry) + " on " + e.Timestamp.UTC().Format(time.DateOnly) + ", since " + m.whyLapsed(e)
		said = append(said, what+" of "+e.User+rest)
		m.draft.plan.Gone = append(m.draft.plan.Gone, Note{Person{Anchor: e.Anchor, CN: e.User}, Rejected, what + rest})
	}
	slices.SortFunc(m.draft.plan.Gone, func(a, b Note) int {
		return cmp.Or(cmp.Compare(a.Person.CN, b.Person.CN), cmp.Compare(a.Detail, b.Detail), cmp.Compare(a.Person.Anchor, b.Person.Anchor))
	})
	if slices.Sort(said); len(said) > 0 {
		m.draft.notice("no longer kept, and asked again should it come up: " + strings.Join(some(said), "; "))
	}
}

// namedFor reports whether an account was made with the name that a person gave in place
// of a template's: it keeps that name, and no one is asked again.
func (m *closing) namedFor(e schema.Resolution) bool {
	p := m.roster.byAnchor[strings.ToLower(e.Anchor)]
	return m.names.templates.account != nil && p != nil && p.account != nil && sameFold(p.account.AccountName, e.NewName)
}

func (m *closing) whyLapsed(e schema.Resolution) string {
	if e.Until != nil && !m.in.Now.Before(*e.Until) {
		return "it held until " + e.Until.UTC().Format(time.DateOnly)
	}
	switch Kind(e.Type) {
	case Join:
		return "the user file does not grant the group"
	case Leave:
		return "the user file grants the group, or does not have the person"
	case Disable:
		return "the person is active, or the account disabled"
	case Enable:
		return "the account need not be enabled"
	}
	return "the question has gone"
}
