package export

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"ad-user-sync/internal/ad"
)

// errSeen ends a search early.
var errSeen = errors.New("seen")

// probe tells whether anybody whom the queries find has a value that the
// reader may see: a filter does not match what may not be read (MS-ADTS
// 3.1.1.3.1.3.1). The search ends with the first.
func (s *source) probe(ctx context.Context, attribute string) (bool, error) {
	if s.definitions[strings.ToLower(attribute)].Constructed {
		return true, nil // never matches; it is judged while reading
	}
	for _, q := range s.wanted.queries {
		_, err := s.dir.Search(ctx, ad.Search{
			Base: q.base, Scope: q.scope, Attributes: []string{"objectGUID"},
			Filter: q.users(s.membership.filter(), ad.Present(attribute)),
		}, func(ad.Entry) error { return errSeen })
		if errors.Is(err, errSeen) {
			return true, nil
		}
		if err != nil {
			return false, fmt.Errorf("look whether %s can be read: %w", attribute, err)
		}
	}
	return false, nil
}

// column is a further attribute that is written for every user.
type column struct {
	name string // as configured
	definition
}

// columns leaves out what would be null for everybody: an attribute that the
// reader may not see looks the same as one without values, and null clears it
// in the target.
func (s *source) columns(ctx context.Context) (written []column, warnings []string, err error) {
	for _, name := range s.wanted.attributes {
		d := s.definitions[strings.ToLower(name)]
		if why := s.unfit(d); why != "" {
			warnings = append(warnings, fmt.Sprintf("attributes: %s is left out: %s", name, why))
			continue
		}
		seen, err := s.probe(ctx, name)
		if err != nil {
			return nil, nil, err
		}
		if !seen {
			warnings = append(warnings, fmt.Sprintf("attributes: %s is left out: nobody has a value of it that %s may read, so it would be cleared in the target", name, s.dir.Domain().Identity))
			continue
		}
		written = append(written, column{name, d})
	}
	for _, e := range s.wanted.exclude {
		seen, err := s.probe(ctx, e.attribute)
		if err != nil {
			return nil, nil, err
		}
		if !seen {
			warnings = append(warnings, fmt.Sprintf("exclude: nobody has a value of %s that %s may read, so nobody is excluded by it", e.attribute, s.dir.Domain().Identity))
		}
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
