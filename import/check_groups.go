package importer

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// mayJoin asks every mapped group. One that is guarded is left by the import,
// and joined by approvers.
func (c *checker) mayJoin(ctx context.Context, dir Directory) {
	every := func(*plan.Group) bool { return true }
	c.askGroups(ctx, dir, every, func(g *plan.Group, may bool) {
		switch {
		case may:
			c.fine("members", "may change the members of %s", g.CN)
		case g.Guarded():
			c.warn("members", "that is a choice: with the right the import could also put people in; without it each leaver has to be taken out by hand",
				"may not change the members of %s, so it can take nobody out who leaves; the report will say so", g.CN)
		default:
			c.fail("members", &ad.Error{Doing: "change", Object: "the members of " + g.CN, Kind: ad.ErrDenied, Err: errors.New("no right to write member"), Hint: access.Hint})
		}
	})
}

// mayDecideGroups asks about the guarded ones; the others are joined unasked.
func (c *checker) mayDecideGroups(ctx context.Context, dir Directory) {
	c.askGroups(ctx, dir, (*plan.Group).Guarded, func(g *plan.Group, may bool) {
		if may {
			c.fine("members", "may put people into %s, which is guarded", g.CN)
			return
		}
		c.lacks("members", "may not put people into "+g.CN+", which is guarded")
	})
}

// askGroups tells of the mapped groups that are asked about, as far as they
// exist, whether dir may change their members.
func (c *checker) askGroups(ctx context.Context, dir Directory, about func(*plan.Group) bool, tell func(g *plan.Group, may bool)) {
	for i := range c.obs.Groups {
		g := &c.obs.Groups[i]
		if g.Missing != "" || !about(g) {
			continue
		}
		e, _, err := newObserver(dir, c.Config, nil).one(ctx, ad.ByGUID(g.GUID), access.Attributes)
		if err != nil {
			c.fail("members", fmt.Errorf("read what %s may do to %s: %w", dir.Domain().Identity, g.CN, err))
			continue
		}
		tell(g, access.Lower(e.Texts(access.Attributes))["member"])
	}
}
