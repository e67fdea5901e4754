package export

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"ad-user-sync/internal/ad"
)

// elsewhere tells, of a place that is not in this domain, which other domain or
// naming context of the forest holds it; nil where none does. A child domain's
// names end like its parent's, so that a name alone does not show it.
func (s *source) elsewhere(ctx context.Context, key string, place ad.DN) error {
	domain := s.dir.Domain()
	holder, err := s.namingContext(ctx, place)
	switch {
	case err != nil:
		return err
	case holder.IsZero() || holder.Equal(domain.Base):
		return nil
	case holder.Within(domain.Configuration):
		return fmt.Errorf("%s: %s is in the configuration of the forest, where no people are; name a place in the domain %s", key, place, domain.Name)
	}
	return fmt.Errorf("%s: %s is in the domain %s, and %s is a controller of %s; export that domain with a configuration of its own, through one of its controllers",
		key, place, holder.DomainName(), domain.Controller, domain.Name)
}

// namingContext is the one of the forest that holds a place, by its crossRef
// in CN=Partitions (MS-ADTS 6.1.1.2.1.1); the zero DN where there is none.
func (s *source) namingContext(ctx context.Context, place ad.DN) (ad.DN, error) {
	var holder ad.DN
	_, err := s.dir.Search(ctx, ad.Search{
		Base: s.dir.Domain().Configuration.Child("CN", "Partitions"), Scope: ad.ScopeOneLevel,
		Filter: ad.Equal("objectClass", "crossRef"), Attributes: []string{"nCName"},
	}, func(e ad.Entry) error {
		nc, err := ad.ParseDN(e.Text("nCName"))
		if err == nil && place.Within(nc) && (holder.IsZero() || nc.Within(holder)) {
			holder = nc
		}
		return nil
	})
	if err != nil {
		return ad.DN{}, fmt.Errorf("read which domains the forest has: %w", err)
	}
	return holder, nil
}

// missing puts into words that a configured object was not found.
func (s *source) missing(ctx context.Context, key string, place ad.DN, kind string, cause error) error {
	if err := s.elsewhere(ctx, key, place); err != nil {
		return err
	}
	domain := s.dir.Domain()
	if !place.Within(domain.Base) {
		return fmt.Errorf("%s: %s is not in the domain %s (%s); name a place in it, or connect to a controller of its own domain", key, place, domain.Name, domain.Base)
	}
	return fmt.Errorf("%s: %s%s does not exist in %s, or %s may not see it: %w", key, kind, place, domain.Name, domain.Identity, cause)
}

// find reads a configured object that must be in this domain.
func (s *source) find(ctx context.Context, key, kind string, search ad.Search) (ad.Entry, error) {
	if !search.Base.Within(s.dir.Domain().Base) {
		return ad.Entry{}, s.missing(ctx, key, search.Base, kind, nil)
	}
	found, err := s.one(ctx, search)
	switch {
	case errors.Is(err, ad.ErrNotFound):
		return ad.Entry{}, s.missing(ctx, key, search.Base, kind, err)
	case err != nil:
		return ad.Entry{}, fmt.Errorf("%s: %s: %w", key, strings.TrimSpace(kind+search.Base.String()), err)
	}
	return found, nil
}
