package export

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
)

// errSeen ends a search early.
var errSeen = errors.New("seen")

// probe reports whether anybody whom a query finds has a value that the reader
// may see: a filter does not match what may not be read (MS-ADTS
// 3.1.1.3.1.3.1). The search ends with the first.
func (s *source) probe(ctx context.Context, q query, attribute string) (bool, error) {
	if s.definitions[strings.ToLower(attribute)].Constructed {
		return true, nil // never matches; it is judged while reading
	}
	_, err := s.dir.Search(ctx, ad.Search{
		Base: q.base, Scope: q.scope, Attributes: []string{"objectGUID"},
		Filter: q.users(s.membership.filter(), ad.Present(attribute)),
	}, func(ad.Entry) error { return errSeen })
	switch {
	case errors.Is(err, errSeen):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("look whether %s can be read: %w", attribute, err)
	}
	return false, nil
}

// blind lists the queries that find people, but none with a value that the
// reader may see; all tells that this is so of every query.
func (s *source) blind(ctx context.Context, attribute string) (keys []string, all bool, err error) {
	seen := 0
	for _, q := range s.wanted.queries {
		sees, err := s.probe(ctx, q, attribute)
		if err != nil {
			return nil, false, err
		}
		if sees {
			seen++
			continue
		}
		if anybody, err := s.probe(ctx, q, "objectClass"); err != nil {
			return nil, false, err
		} else if anybody {
			keys = append(keys, q.key)
		}
	}
	return keys, seen == 0, nil
}

// column is a further attribute that is written for every user, but those of
// some queries.
type column struct {
	name string // as configured
	definition
	blind []string // keys of queries
}

// of returns the columns for users whom a query found.
func (q query) of(columns []column) []column {
	return slices.DeleteFunc(slices.Clone(columns), func(c column) bool { return slices.Contains(c.blind, q.key) })
}

// columns leaves out what would be null for everybody, or for everybody in one
// of several places: an attribute that the reader may not see looks the same as
// one without values, and null clears it in the target.
func (s *source) columns(ctx context.Context) (written []column, warnings []string, err error) {
	who := s.dir.Domain().Identity
	for _, name := range s.wanted.attributes {
		d := s.definitions[strings.ToLower(name)]
		if why := s.unfit(d); why != "" {
			warnings = append(warnings, fmt.Sprintf("attributes: %s is left out: %s", name, why))
			continue
		}
		keys, all, err := s.blind(ctx, name)
		switch {
		case err != nil:
			return nil, nil, err
		case all:
			warnings = append(warnings, fmt.Sprintf("attributes: %s is left out: no user has a value of it that %s may read, so it would be cleared in the target", name, who))
			continue
		case len(keys) > 0:
			warnings = append(warnings, fmt.Sprintf("attributes: %s is left out for all users of %s: none of them has a value of it that %s may read, so it would be cleared in the target",
				name, strings.Join(keys, ", "), who))
		}
		written = append(written, column{name, d, keys})
	}
	return written, warnings, nil
}

// unfit tells what the older shape of the file cannot hold.
func (s *source) unfit(d definition) string {
	switch {
	case s.wanted.anchored:
		return ""
	case d.Binary():
		return "its values are not text, for which the older shape (source_anchor: false) has no form"
	case d.Reference():
		return "its values are names of the source domain, for which the older shape (source_anchor: false) has no form"
	}
	return ""
}
