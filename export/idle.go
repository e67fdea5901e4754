package export

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
)

// idlePattern is a pattern of exclude that left no one out.
type idlePattern struct {
	exclusion
	pattern int
}

// findIdle warns of patterns that match no one below the places of the queries,
// whether they would go or not: such a pattern is misspelt, or has lost whom it
// was for.
func (e *run) findIdle(ctx context.Context) error {
	var idle []idlePattern
	for _, x := range e.source.wanted.exclude {
		for i := range x.patterns {
			if e.result.Reasons[x.rule(i)] == 0 {
				idle = append(idle, idlePattern{x, i})
			}
		}
	}
	names := []string{"memberOf", "primaryGroupID"}
	for _, x := range idle {
		names = append(names, x.attribute)
	}
	valued := map[string]bool{}
	for _, q := range e.source.wanted.queries {
		if len(idle) == 0 {
			break
		}
		_, err := e.source.dir.Search(ctx, ad.Search{Base: q.base, Scope: q.scope, Filter: ad.People, Attributes: distinct(names)}, func(entry ad.Entry) error {
			idle = slices.DeleteFunc(idle, func(x idlePattern) bool {
				valued[x.attribute] = valued[x.attribute] || len(e.source.membership.values(x.exclusion, entry)) > 0
				_, found := e.source.membership.match(x.exclusion, x.pattern, entry)
				return found
			})
			if len(idle) == 0 {
				return errSeen
			}
			return nil
		})
		if err != nil && !errors.Is(err, errSeen) {
			return fmt.Errorf("exclude: look whom it is for: %w", err)
		}
	}
	e.warnIdle(idle, valued)
	return nil
}

func (e *run) warnIdle(idle []idlePattern, valued map[string]bool) {
	for _, x := range idle {
		text := fmt.Sprintf("exclude: no user matches %q of %s", x.texts[x.pattern], x.attribute)
		if !valued[x.attribute] {
			text = fmt.Sprintf("exclude: no user has a value of %s that %s may read, so none is excluded by it", x.attribute, e.source.dir.Domain().Identity)
		} else if advice := e.advice(x); advice != "" {
			text += "; " + advice
		}
		if !slices.Contains(e.result.Warnings, text) {
			e.result.Warnings = append(e.result.Warnings, text)
		}
	}
}

// advice on names that are not written as the directory has them.
func (e *run) advice(x idlePattern) string {
	base, text := e.source.dir.Domain().Base, x.texts[x.pattern]
	switch {
	case x.places == nil || strings.ContainsAny(text, "*?"):
		return ""
	case x.places[x.pattern].IsZero() && strings.Contains(text, "="):
		return fmt.Sprintf(`values are full names (DNs): write "%s,*", or the full name down to %s`, strings.TrimRight(text, ",. "), base)
	case x.places[x.pattern].IsZero():
		return fmt.Sprintf(`values are full names (DNs): write "CN=%s,*", or the full name down to %s`, text, base)
	case !x.places[x.pattern].Within(base):
		return "write the full name, down to " + base.String()
	}
	return "it stands for that object and all below it; look whether it was renamed or moved"
}
