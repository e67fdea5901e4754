package importer

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
func (o *observer) readGone(ctx context.Context, obs *plan.Observation) error {
	if o.history.ledger == nil {
		return nil
	}
	known := o.history.accounts(obs.Container.GUID)
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
	if err := o.doubtStamps(ctx, obs, known); err != nil {
		return fmt.Errorf("read the access lists of accounts that are no longer in the managed container: %w", err)
	}
	return nil
}

// doubtStamps finds the accounts outside the container whose stamp looks cleared
// only since the bound account may not read it: where the access list does not say
// that it may, nobody knows.
func (o *observer) doubtStamps(ctx context.Context, obs *plan.Observation, known map[adrules.GUID]bool) error {
	var about []adrules.GUID
	for i := range obs.Elsewhere {
		a := &obs.Elsewhere[i]
		if !known[a.GUID] || a.Stamp != (plan.Stamp{}) || o.cfg.AnchorAttribute == "" {
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
		a.StampUnread = list == nil || !list.Allows(access.Token(o.domain), acl.ReadProperty, about...)
	}
	return nil
}
