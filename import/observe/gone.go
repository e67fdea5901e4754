package observe

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// readGone finds the accounts that the ledger knows and that are no longer in
// the container.
func (o *Observer) readGone(ctx context.Context, obs *plan.Observation) error {
	known := o.history.AccountsOf(obs.Container.GUID)
	gone := maps.Clone(known)
	for i := range obs.Accounts {
		delete(gone, obs.Accounts[i].GUID)
	}
	var filters []ad.Filter
	for _, guid := range slices.SortedFunc(maps.Keys(gone), func(a, b adrules.GUID) int { return bytes.Compare(a[:], b[:]) }) {
		filters = append(filters, ad.Equal("objectGUID", string(guid[:])))
	}
	if err := o.lookUpAll(ctx, obs, filters); err != nil {
		return fmt.Errorf("look up accounts that are no longer in the managed container: %w", err)
	}
	if err := o.doubtAnchors(ctx, obs, known); err != nil {
		return fmt.Errorf("read the access lists of accounts that are no longer in the managed container: %w", err)
	}
	if err := o.doubtInside(ctx, obs); err != nil {
		return fmt.Errorf("read the access lists of accounts in the managed container, since the ledger was lost: %w", err)
	}
	return nil
}

// doubtAnchors finds the accounts outside the container whose anchor looks cleared
// only since the bound account may not read it: where the access list does not say
// that it may, this is unknown.
func (o *Observer) doubtAnchors(ctx context.Context, obs *plan.Observation, known map[adrules.GUID]bool) error {
	var about []adrules.GUID
	for i := range obs.Elsewhere {
		a := &obs.Elsewhere[i]
		if !known[a.GUID] || a.Anchor != (plan.Anchor{}) || o.cfg.AnchorAttribute == "" {
			continue
		}
		if about == nil {
			types, err := access.Types(ctx, o.dir, []string{o.cfg.AnchorAttribute})
			if err != nil {
				return err
			}
			about = types[strings.ToLower(o.cfg.AnchorAttribute)]
		}
		e, _, err := o.one(ctx, ad.ByGUID(a.GUID), access.Descriptor)
		if err != nil {
			return err
		}
		list := access.List(e)
		a.AnchorUnread = list == nil || !list.Allows(access.Token(o.domain), acl.ReadProperty, about...)
	}
	return nil
}

// A ledger that is lost looks like one that never was. What is anchored in the
// container shows that it was there, and so do the answers of earlier sessions, which
// are kept beside it. Whom it knew outside the container, only the anchors tell.

// findMovedOut finds what is anchored for this source outside the container, and
// known to no record of the ledger, where the one of this container is lost, or older than
// an account in it.
func (o *Observer) findMovedOut(ctx context.Context, obs *plan.Observation) error {
	name, h := o.cfg.AnchorAttribute, o.history
	if name == "" || !o.lost(obs) && !o.history.Older(obs) {
		return nil
	}
	seen := len(obs.Elsewhere)
	if err := o.lookUpAll(ctx, obs, []ad.Filter{ad.Begins(name, plan.AnchorText("", nil))}); err != nil {
		return fmt.Errorf("look for accounts that an import anchored and that are no longer in the managed container, since the ledger is lost or older than they are: %w", err)
	}
	found := slices.DeleteFunc(obs.Elsewhere[seen:], func(a plan.Account) bool {
		return !a.Anchor.For(h.Source) || a.Class != "user" || h.Knows(a.GUID)
	})
	obs.Elsewhere = obs.Elsewhere[:seen+len(found)]
	return nil
}

// lost reports whether the ledger knew this container once.
func (o *Observer) lost(obs *plan.Observation) bool {
	h := o.history
	return !h.Ledger.Known(obs.Container.GUID) &&
		(h.Damaged != nil || h.Answered() != 0 || slices.ContainsFunc(obs.Accounts, func(a plan.Account) bool { return a.Anchor.For(h.Source) }))
}

// doubtInside finds the accounts of the container whose anchor looks cleared since the bound
// account may not read it, where nothing else tells whose they are: when the ledger
// is lost, and as long as accounts are asked about for that.
func (o *Observer) doubtInside(ctx context.Context, obs *plan.Observation) error {
	lost, record := o.lost(obs), o.history.Ledger.Containers[obs.Container.GUID]
	if o.cfg.AnchorAttribute == "" || !lost && len(record.AnchoredBefore) == 0 {
		return nil
	}
	doubtful := map[adrules.GUID]*plan.Account{}
	for i := range obs.Accounts {
		a := &obs.Accounts[i]
		_, known := record.Accounts[a.GUID]
		_, before := record.AnchoredBefore[a.GUID]
		if a.Class == "user" && a.Anchor == (plan.Anchor{}) && !known && (lost || before) {
			doubtful[a.GUID] = a
		}
	}
	if len(doubtful) == 0 {
		return nil
	}
	defined, err := o.define(ctx, []string{o.cfg.AnchorAttribute})
	if err != nil {
		return err
	}
	search := ad.Search{Base: o.base, Scope: ad.ScopeSubtree, Filter: ad.Equal("objectClass", "user"), Attributes: []string{"objectGUID", access.Descriptor}}
	_, err = o.dir.Search(ctx, search, func(e ad.Entry) error {
		if a := doubtful[e.GUID()]; a != nil {
			a.AnchorUnread = !o.reads(e, defined[strings.ToLower(o.cfg.AnchorAttribute)])
		}
		return nil
	})
	return err
}
