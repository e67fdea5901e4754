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

// How much one search asks for: filters, and bytes, of which Samba takes 256,000
// ("ldap max search request size").
const (
	MaxBatch      = 200
	MaxBatchBytes = 100_000
)

// NextBatch takes the alternatives that fit into one search.
func NextBatch(filters []Filter) (batch, rest []Filter) {
	n, size := 0, 0
	for n < min(MaxBatch, len(filters)) && (n == 0 || size+len(filters[n]) <= MaxBatchBytes) {
		size += len(filters[n])
		n++
	}
	return filters[:n], filters[n:]
}
