package export

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
)

// rest looks, after the searches, for those whom they should have found: members
// of search groups, and users whom a filter cannot judge. tell hears of each who
// does not go.
func (e *run) rest(ctx context.Context, tell func(ad.Entry, verdict)) error {
	once := func(entry ad.Entry, v verdict) {
		guid := entry.GUID()
		if _, known := e.seen[guid]; !known || guid.IsZero() {
			e.seen[guid] = struct{}{}
			tell(entry, v)
		}
	}
	if err := e.missed(ctx, once); err != nil {
		return err
	}
	if err := e.withoutPrimary(ctx, once); err != nil {
		return err
	}
	return e.survey(ctx, once)
}

// survey looks at everybody below the place of a query whose filter names
// attributes: a filter passes over whom it cannot judge. Where the search groups
// tell who their members are, these were looked at already.
func (e *run) survey(ctx context.Context, tell func(ad.Entry, verdict)) error {
	for _, q := range e.source.wanted.queries {
		if !e.source.surveys(q) {
			continue
		}
		_, err := e.source.dir.Search(ctx, ad.Search{Base: q.base, Scope: q.scope, Filter: ad.People, Attributes: e.source.attributes(nil, true)}, func(entry ad.Entry) error {
			if _, found := e.seen[entry.GUID()]; !found {
				if v := e.source.judgeOverlooked(q, entry); v.doubt != nil {
					tell(entry, v)
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("%s: look whom the search passed over: %w", q.key, err)
		}
	}
	return nil
}

func (s *source) surveys(q query) bool {
	return s.membership.roll.partial || len(s.wanted.groups) == 0 && q.picks()
}

// overlaps reports whether two searches may find the same user.
func (s *source) overlaps() bool {
	return len(s.wanted.queries) > 1 || s.surveys(s.wanted.queries[0])
}

// withoutPrimary looks for users whose primary group cannot be read: where the
// searches ask for members, none of them finds those.
func (e *run) withoutPrimary(ctx context.Context, tell func(ad.Entry, verdict)) error {
	if e.source.membership.filter() == "" {
		return nil
	}
	for _, q := range e.source.wanted.queries {
		search := ad.Search{Base: q.base, Scope: q.scope, Filter: ad.And(ad.Not(ad.Present("primaryGroupID")), q.users()), Attributes: e.source.attributes(nil, true)}
		_, err := e.source.dir.Search(ctx, search, func(entry ad.Entry) error {
			if v := e.source.judge(entry); v.doubt != nil {
				tell(entry, v)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("%s: look whose primary group cannot be read: %w", q.key, err)
		}
	}
	return nil
}

// picks reports whether the filter looks at more than what everybody who is found
// shows.
func (q query) picks() bool {
	return slices.ContainsFunc(q.names(), func(name string) bool {
		return !strings.EqualFold(name, "objectClass") && !strings.EqualFold(name, "objectCategory")
	})
}

// judgeOverlooked is for a user whom the search of a query did not find. Who
// is left out in any case need not be judged by the filter.
func (s *source) judgeOverlooked(q query, e ad.Entry) verdict {
	v := s.judge(e)
	if v.rule == groupsUnknown.rule || v.leftOut != "" && v.doubt == nil {
		return v
	}
	return s.judgeFilter(q, e, verdict{})
}

// judgeFilter doubts a filter that did not match where it looks at an attribute
// that cannot be read of the user.
func (s *source) judgeFilter(q query, e ad.Entry, v verdict) verdict {
	for _, n := range q.filter.Named() {
		if v.doubt == nil && s.filterBlind(n, e) {
			v.doubted(unreadable(n.Attribute, ", which "+q.key+".filter looks at"))
		}
	}
	return v
}

// judgeFound is judge for a user whom the search of a query found. What a
// filter could not see made nothing match; but below a "not" it may have.
func (s *source) judgeFound(q query, e ad.Entry) verdict {
	v := s.judge(e)
	for _, n := range q.filter.Named() {
		if v.leftOut == "" && n.Negated && s.filterBlind(n, e) {
			v.doubted(unreadable(n.Attribute, ", which "+q.key+".filter looks at"))
		}
	}
	return v
}

func (s *source) filterBlind(n ad.Named, e ad.Entry) bool {
	_, known := s.definitions[strings.ToLower(n.Attribute)] // but "anr"
	return known && s.hidden(e, n.Attribute)
}
