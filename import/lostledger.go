package importer

import (
	"context"
	"fmt"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// A ledger that is lost looks like one that never was. What is stamped in the
// container shows that it was there, and so do the answers of earlier sessions, which
// are kept beside it. Whom it knew outside the container, only the stamps tell.

// findMovedOut finds what is stamped for this source outside the container, and
// known to no record of the ledger, where the one of this container is lost.
func (s *situation) findMovedOut(ctx context.Context, o *observer) error {
	name, f := o.cfg.AnchorAttribute, &s.fresh
	if f.known || name == "" || s.obs.Container.Unfit != "" || f.damaged == nil && f.answered == 0 && len(f.stamped()) == 0 {
		return nil
	}
	known := map[adrules.GUID]bool{}
	for _, record := range s.ledger.Containers {
		for guid := range record.Accounts {
			known[guid] = true
		}
	}
	seen := len(s.obs.Elsewhere)
	if err := o.lookUpAll(ctx, s.obs, []ad.Filter{ad.Begins(name, plan.StampText("", nil))}); err != nil {
		return fmt.Errorf("look for accounts that an import stamped and that are no longer in the managed container, since the ledger is lost: %w", err)
	}
	found := slices.Clone(s.obs.Elsewhere[seen:])
	s.obs.Elsewhere = s.obs.Elsewhere[:seen]
	for i := range found {
		if a := &found[i]; f.ours(a) && a.Class == "user" && !known[a.GUID] {
			s.obs.Elsewhere = append(s.obs.Elsewhere, *a)
		}
	}
	f.outside, f.accounts = s.obs.Elsewhere[seen:], s.obs.Accounts
	return nil
}

// decided counts the answers that a session of this program wrote. Who prepares a
// first run writes entries, too, that wait to be carried out, or name nobody.
func decided(kept []schema.Resolution) (n int) {
	for i := range kept {
		if kept[i].By != "" && (!kept[i].Accept || kept[i].Done) { // else it may be prepared
			n++
		}
	}
	return n
}
