package export

import (
	"context"
	"fmt"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// source is what was learnt of the domain before the first user is read.
type source struct {
	dir         Directory
	wanted      *wanted
	membership  *membership
	definitions map[string]definition // by lower-case name
	reading     *reading
	warnings    []string
	packer      schema.Packer
	evidence    []string // attributes that tell who is a user of a former domain
}

func newSource(dir Directory, w *wanted) *source {
	return &source{dir: dir, wanted: w, reading: newReading(dir.Domain())}
}

// open checks that everything the configuration names exists.
func open(ctx context.Context, dir Directory, w *wanted) (*source, error) {
	s := newSource(dir, w)
	for _, q := range w.queries {
		if err := s.findBase(ctx, q); err != nil {
			return nil, err
		}
	}
	if err := s.readGroups(ctx); err != nil {
		return nil, err
	}
	return s, s.readDefinitions(ctx)
}

func (s *source) findBase(ctx context.Context, q query) error {
	_, err := s.find(ctx, q.key, "", ad.Search{Base: q.base, Filter: ad.Anything, Attributes: []string{"objectClass"}})
	return err
}

// groupAttributes are read of every search group.
var groupAttributes = []string{"objectSid", "member", accessList}

// readGroups finds every search group, and the groups nested in it.
func (s *source) readGroups(ctx context.Context) error {
	s.membership = newMembership(s.wanted.groups)
	for i, group := range s.wanted.groups {
		found, err := s.find(ctx, "search_groups", "the group ", ad.Search{Base: group.dn, Filter: ad.Equal("objectClass", "group"), Attributes: groupAttributes})
		if err != nil {
			return err
		}
		s.membership.count(i, found)
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
		Attributes: groupAttributes,
	}, func(e ad.Entry) error {
		if !e.DN.Equal(group) { // groups in a circle
			s.membership.count(i, e)
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

// Directory is the source domain, read through one controller.
type Directory interface {
	// Search hands on each entry and returns an error unless the search ended
	// with success. An error of the function ends it.
	Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error)
	Domain() ad.Domain
	Now(ctx context.Context) (time.Time, error)
	// Failover leaves a controller that is lost for the next one of the domain;
	// the error wraps ad.ErrUnreachable where there is none.
	Failover(ctx context.Context) error
}
