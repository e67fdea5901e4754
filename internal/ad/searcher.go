package ad

import (
	"context"
	"errors"
)

// Searcher is the part of a directory that reads.
type Searcher interface {
	Search(ctx context.Context, s Search, each func(Entry) error) (Summary, error)
	Domain() Domain
}

// ReadObject reads a single object; found is false where it does not exist.
func ReadObject(ctx context.Context, dir Searcher, dn DN, attributes ...string) (entry Entry, found bool, err error) {
	search := Search{Base: dn, Scope: ScopeBase, Filter: Anything, Attributes: attributes}
	_, err = dir.Search(ctx, search, func(e Entry) error {
		entry, found = e, true
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return Entry{}, false, nil
	}
	return entry, found, err
}
