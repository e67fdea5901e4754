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
	_, err := s.dir.Search(ctx, ad.Search{
		Base: q.base, Scope: q.scope, Attributes: []string{"objectGUID"}, PageSize: 1,
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

// column is a further attribute, which is written for every user but those of
// some queries: an attribute that the reader may not see looks the same as one
// without values, and null clears it in the target.
type column struct {
	name string // as configured
	definition
	unfit string   // why the shape of the file cannot hold it
	seen  int      // queries that find anyone with a value that the reader may see
	blind []string // keys of queries that find people, but no one with such a value
}

// columns are not looked at yet, but for the shape of the file.
func (s *source) columns() (all []*column) {
	for _, name := range s.wanted.attributes {
		d := s.definitions[strings.ToLower(name)]
		all = append(all, &column{name: name, definition: d, unfit: s.unfit(d)})
	}
	return all
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

// fit are those that may be written.
func fit(columns []*column) []*column {
	return slices.DeleteFunc(slices.Clone(columns), func(c *column) bool { return c.unfit != "" })
}

// warning tells where, after all queries, a column is left out; "" where nowhere.
func (c *column) warning(reader string) string {
	switch {
	case c.unfit != "":
		return fmt.Sprintf("attributes: %s is left out: %s", c.name, c.unfit)
	case c.seen == 0:
		return fmt.Sprintf("attributes: %s is left out: no user has a value of it that %s may read, so it would be cleared in the target", c.name, reader)
	case len(c.blind) > 0:
		return fmt.Sprintf("attributes: %s is left out for all users of %s: none of them has a value of it that %s may read, so it would be cleared in the target",
			c.name, strings.Join(c.blind, ", "), reader)
	}
	return ""
}
