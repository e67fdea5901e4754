package export

import (
	"context"
	"slices"

	"ad-user-sync/internal/ad"
)

// mostHeld is how many users are held back at once: as many as a page of Active
// Directory has.
const mostHeld = 1000

// batch holds back some of the users that the search of a query finds. The first
// of them show which columns the reader may see there; it is asked about those
// alone that none of them has.
type batch struct {
	run     *run
	query   query
	late    bool // the access lists are still to be read
	each    func(ad.Entry, []*column) error
	held    []ad.Entry
	settled bool
	columns []*column // that are written for the users of the query
	any     bool      // the search of Run finds anyone
}

// search reads what a query finds and hands on each entry, with the columns that
// are written for it.
func (b *batch) search(ctx context.Context, search ad.Search) (ad.Summary, error) {
	summary, err := b.run.source.dir.Search(ctx, search, func(entry ad.Entry) error {
		b.any = b.any || b.run.source.membership.finds(entry)
		if b.held = append(b.held, entry); len(b.held) < mostHeld {
			return nil
		}
		return b.handOn(ctx, false)
	})
	if err == nil {
		err = b.handOn(ctx, true)
	}
	if err == nil && b.any {
		for _, c := range fit(b.run.columns) {
			if !slices.Contains(b.columns, c) {
				c.blind = append(c.blind, b.query.key)
			}
		}
	}
	return summary, err
}

func (b *batch) handOn(ctx context.Context, last bool) error {
	if !b.settled {
		if err := b.settle(ctx, last); err != nil {
			return err
		}
	}
	if b.late {
		if err := b.readLists(ctx); err != nil {
			return err
		}
	}
	for _, entry := range b.held {
		if err := b.each(entry, b.columns); err != nil {
			return err
		}
	}
	clear(b.held)
	b.held = b.held[:0]
	return nil
}

func (b *batch) settle(ctx context.Context, last bool) error {
	b.settled = true
	for _, c := range fit(b.run.columns) {
		sees, err := b.sees(ctx, c, last)
		if err != nil {
			return err
		}
		if sees {
			c.seen++
			b.columns = append(b.columns, c)
		}
	}
	return nil
}

// sees reports whether the reader sees a value of anybody whom the search of Run
// finds. No filter matches a constructed attribute; it is judged for each user.
func (b *batch) sees(ctx context.Context, c *column, last bool) (bool, error) {
	source := b.run.source
	shows := func(e ad.Entry) bool { return e.Has(c.name) && source.membership.finds(e) }
	if c.Constructed || slices.ContainsFunc(b.held, shows) || last {
		return c.Constructed || slices.ContainsFunc(b.held, shows), nil
	}
	return source.probe(ctx, b.query, c.name)
}
