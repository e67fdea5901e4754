package importer

import (
	"context"
	"fmt"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// A ledger that is lost looks like one that never was. What is stamped in the
// container shows that it was there, and so do the answers of earlier sessions, which
// are kept beside it. Whom it knew outside the container, only the stamps tell.

// findMovedOut finds what is stamped for this source outside the container, and
// known to no record of the ledger, where the one of this container is lost.
func (o *observer) findMovedOut(ctx context.Context, obs *plan.Observation) error {
	name, h := o.cfg.AnchorAttribute, o.history
	if h.ledger == nil || h.ledger.known(obs.Container.GUID) || name == "" ||
		h.damaged == nil && h.answered() == 0 && !slices.ContainsFunc(obs.Accounts, func(a plan.Account) bool { return stampedFor(h.source, &a) }) {
		return nil
	}
	seen := len(obs.Elsewhere)
	if err := o.lookUpAll(ctx, obs, []ad.Filter{ad.Begins(name, plan.StampText("", nil))}); err != nil {
		return fmt.Errorf("look for accounts that an import stamped and that are no longer in the managed container, since the ledger is lost: %w", err)
	}
	found := slices.DeleteFunc(obs.Elsewhere[seen:], func(a plan.Account) bool {
		return !stampedFor(h.source, &a) || a.Class != "user" || h.knows(a.GUID)
	})
	obs.Elsewhere = obs.Elsewhere[:seen+len(found)]
	return nil
}

// unknown are the accounts outside the container that no record of the ledger has.
func (h history) unknown(obs *plan.Observation) []plan.Account {
	return slices.DeleteFunc(slices.Clone(obs.Elsewhere), func(a plan.Account) bool { return h.knows(a.GUID) })
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
