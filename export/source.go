package export

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/internal/ad"
)

// source is what was learnt of the domain before the first user is read.
type source struct {
	dir         Directory
	wanted      *wanted
	membership  *membership
	definitions map[string]definition // by lower-case name
}

// open checks that everything the configuration names exists.
func open(ctx context.Context, dir Directory, w *wanted) (*source, error) {
	s := &source{dir: dir, wanted: w}
	for _, q := range w.queries {
		if err := s.checkBase(ctx, q); err != nil {
			return nil, err
		}
	}
	if err := s.readGroups(ctx); err != nil {
		return nil, err
	}
	return s, s.readDefinitions(ctx)
}

func (s *source) checkBase(ctx context.Context, q query) error {
	domain := s.dir.Domain()
	if !q.base.Within(domain.Base) {
		return fmt.Errorf("%s: %s is not in the domain %s (%s); name a place in it, or connect to a controller of its own domain", q.key, q.base, domain.Name, domain.Base)
	}
	_, err := s.one(ctx, ad.Search{Base: q.base, Filter: ad.Anything, Attributes: []string{"objectClass"}})
	switch {
	case errors.Is(err, ad.ErrNotFound):
		return fmt.Errorf("%s: %s does not exist in %s, or %s may not see it: %w", q.key, q.base, domain.Name, domain.Identity, err)
	case err != nil:
		return fmt.Errorf("%s: %w", q.key, err)
	}
	return nil
}

// readGroups finds every search group, and the groups nested in it.
func (s *source) readGroups(ctx context.Context) error {
	s.membership = newMembership(s.wanted.groups)
	for i, group := range s.wanted.groups {
		found, err := s.one(ctx, ad.Search{Base: group.dn, Filter: ad.Equal("objectClass", "group"), Attributes: []string{"objectSid"}})
		switch {
		case errors.Is(err, ad.ErrNotFound):
			return fmt.Errorf("search_groups: there is no group %s (%s) in %s, or %s may not see it: %w",
				group.name, group.dn, s.dir.Domain().Name, s.dir.Domain().Identity, err)
		case err != nil:
			return fmt.Errorf("search_groups: %s: %w", group.name, err)
		}
		s.membership.count(i, found.DN, found.SID())
		if err := s.readNested(ctx, i, found.DN); err != nil {
			return fmt.Errorf("search_groups: read the groups nested in %s: %w", group.name, err)
		}
	}
	return nil
}

// readNested asks for groups, which are few, and not for their members: an
// in-chain search over users takes a multiple of the time.
func (s *source) readNested(ctx context.Context, i int, group ad.DN) error {
	if !s.wanted.nested {
		return nil
	}
	_, err := s.dir.Search(ctx, ad.Search{
		Base:       s.dir.Domain().Base,
		Filter:     ad.And(ad.Equal("objectClass", "group"), ad.InChain("memberOf", group)),
		Attributes: []string{"objectSid"},
	}, func(e ad.Entry) error {
		if !e.DN.Equal(group) { // groups in a circle
			s.membership.count(i, e.DN, e.SID())
		}
		return nil
	})
	return err
}

// one reads the object at the base itself.
func (s *source) one(ctx context.Context, search ad.Search) (ad.Entry, error) {
	search.Scope = ad.ScopeBase
	var found []ad.Entry
	_, err := s.dir.Search(ctx, search, func(e ad.Entry) error {
		found = append(found, e)
		return nil
	})
	if err != nil {
		return ad.Entry{}, err
	}
	if len(found) != 1 {
		return ad.Entry{}, &ad.Error{Doing: "read", Object: search.Base.String(), Kind: ad.ErrNotFound,
			Hint: "it exists, but is of another kind, or the bound account may not read it"}
	}
	return found[0], nil
}
