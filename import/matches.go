package importer

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"ad-user-sync/import/matchtable"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
)

// What is found for a person who has no account of this program's yet.
const (
	MatchSure    = "sure"    // may be accepted together with others
	MatchLikely  = "likely"  // is decided alone
	MatchSeveral = "several" // cannot be told apart
	MatchBarred  = "barred"  // cannot be taken over
	MatchNone    = "none"    // has none: a new account is made, or none, and why
)

var matchOrder = []string{MatchSure, MatchLikely, MatchSeveral, MatchBarred, MatchNone}

// Matches reads as a dry run does, and returns everyone who has no account of this
// program's yet, the surest first.
func Matches(ctx context.Context, o Options) (matchtable.Table, error) {
	t := matchtable.Table{Header: headerOf(o.Config, o.Input.File, o.Directory.Domain().Name)}
	o.DryRun = true
	if o.Config.Match == nil {
		return t, fmt.Errorf("%w: it has no match, by which accounts would be found", ErrConfiguration)
	}
	result, err := New(o).Run(ctx)
	if err != nil {
		return t, err
	}
	if m := o.Config.Match; !m.Open(result.Report.Started, o.Config.TimeZone) {
		return t, fmt.Errorf("%w: %s", ErrConfiguration, plan.MatchOver(m.Until))
	}
	t.Rows = matchesOf(&result.Plan)
	return t, nil
}

func matchesOf(p *plan.Plan) []matchtable.Row {
	list := []matchtable.Row{}
	for _, q := range p.Questions {
		if q.Kind == plan.Adopt || (q.Kind == plan.Name || q.Kind == plan.Create) && q.Person.GUID.IsZero() {
			list = append(list, matchOf(q))
		}
	}
	for _, a := range p.Actions {
		switch {
		case a.Kind == plan.Create:
			list = append(list, matchNone(*a.Person, ""))
		case a.Kind == plan.Adopt && a.Answer == nil: // row 7
			m := matchNone(*a.Person, "")
			m.Take, m.Match, m.Account, m.GUID = true, MatchSure, a.Person.DN, a.Person.GUID.String()
			m.HasName, m.Evidence = a.Person.AccountName, []string{words.OfReason(a.Reason) + ", and taken over unasked"}
			list = append(list, m)
		}
	}
	for _, n := range slices.Concat(p.Failed, p.Skipped) {
		listed := slices.ContainsFunc(list, func(m matchtable.Row) bool { return m.Anchor == n.Person.Anchor })
		if n.Person.Anchor != "" && n.Person.GUID.IsZero() && n.Reason != plan.SeenNowhere && !listed {
			list = append(list, matchNone(n.Person, cmp.Or(n.Detail, words.OfReason(n.Reason))))
		}
	}
	slices.SortFunc(list, func(a, b matchtable.Row) int {
		return cmp.Or(cmp.Compare(slices.Index(matchOrder, a.Match), slices.Index(matchOrder, b.Match)), cmp.Compare(a.User, b.User), cmp.Compare(a.Anchor, b.Anchor))
	})
	return list
}

func matchNone(p plan.Person, why string) matchtable.Row {
	return matchtable.Row{Match: MatchNone, User: p.CN, AccountName: p.AccountName, Anchor: p.Anchor, Evidence: []string{}, Why: why}
}

// movingOf tells what an account loses and gains by being moved in.
func movingOf(q plan.Question) (list []string) {
	for _, f := range q.Context {
		what := map[plan.FieldCode]string{plan.FieldPolicies: "group policy ", plan.FieldDelegations: "delegation ", plan.FieldPlaceUnread: "not known: "}[f.Code]
		for _, text := range f.After {
			if what != "" {
				list = append(list, what+text)
			}
		}
	}
	return list
}

func matchOf(q plan.Question) matchtable.Row {
	m := matchtable.Row{Match: MatchLikely, User: q.Person.CN, AccountName: q.Wanted, Anchor: q.Person.Anchor, Evidence: []string{}, Why: q.Barred}
	switch {
	case q.Holder == nil: // no account can be called so
		m.Match, m.Why = MatchNone, cmp.Or(q.Conflict, words.OfReason(q.Reason))
		return m
	case q.Reason == plan.MatchSeveral:
		m.Match = MatchSeveral
	case q.Barred != "":
		m.Match = MatchBarred
	case q.Reason == plan.MatchSure:
		m.Match = MatchSure
	}
	m.Take, m.Digest = m.Match == MatchSure && !q.Single, q.ID
	m.Account, m.HasName, m.GUID = q.Holder.DN, q.Holder.AccountName, q.Holder.GUID.String()
	for _, f := range q.Decision {
		if f.Code == plan.FieldEvidence {
			m.Evidence = append(m.Evidence, f.After...)
		}
	}
	m.Moving = movingOf(q)
	if len(m.Evidence) == 0 {
		m.Evidence = append(m.Evidence, words.OfReason(q.Reason))
	}
	return m
}
