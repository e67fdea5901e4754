package export

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// findFilterGroups warns of groups that a filter names by memberOf and cannot
// see: those that do not exist, and primary groups, which are in no memberOf
// (MS-ADTS 3.1.1.4.5.20).
func (e *run) findFilterGroups(ctx context.Context) error {
	for _, q := range e.source.wanted.queries {
		for _, text := range q.filter.Asserted("memberOf") {
			dn, err := ad.ParseDN(text)
			if err != nil || dn.IsZero() {
				e.warnf("%s.filter: memberOf holds full names (DNs), and %q is not one", q.key, text)
				continue
			}
			group, err := e.source.one(ctx, ad.Search{Base: dn, Filter: ad.Anything, Attributes: []string{"objectSid"}})
			switch {
			case errors.Is(err, ad.ErrNotFound):
				e.warnf("%s.filter: no one can be in %s, which does not exist, or which %s may not see", q.key, dn, e.source.dir.Domain().Identity)
				continue
			case err != nil:
				return fmt.Errorf("%s.filter: %w", q.key, err)
			}
			if err := e.warnPrimary(ctx, q, group); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *run) warnPrimary(ctx context.Context, q query, group ad.Entry) error {
	n, first := 0, ""
	_, err := e.source.dir.Search(ctx, ad.Search{
		Base: q.base, Scope: q.scope, Attributes: []string{"objectGUID"},
		Filter: ad.And(ad.People, ad.Equal("primaryGroupID", fmt.Sprint(group.SID().RID()))),
	}, func(entry ad.Entry) error {
		if n++; n == 1 {
			first = entry.DN.String()
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s.filter: look whose primary group is %s: %w", q.key, group.DN, err)
	}
	if n > 0 {
		e.warnf(`%s.filter: %s is the primary group of %s, to begin with %s, and memberOf does not hold that; "search_groups" and "exclude" see it`, q.key, group.DN, schema.Plural(n, "user"), first)
	}
	return nil
}

func (e *run) warnf(format string, values ...any) {
	e.result.Warnings = append(e.result.Warnings, fmt.Sprintf(format, values...))
}
