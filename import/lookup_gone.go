package importer

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// forgetAfter is how long a deleted object can come back under its objectGUID:
// the tombstone lifetime that a forest has (MS-ADTS 6.1.1.2.4.1.1).
const forgetAfter = 180 * 24 * time.Hour

// lookUpGone finds the accounts that the ledger knows and that are no longer in
// the container. One that is found nowhere, since it was deleted or since the
// bound account may not see it, is forgotten after some time.
// Through a controller that shows a past nothing is learned from that.
func (o *observer) lookUpGone(ctx context.Context, obs *plan.Observation, r *Record, past bool, now time.Time) error {
	gone := maps.Clone(r.Accounts)
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
	for i := range obs.Elsewhere {
		delete(gone, obs.Elsewhere[i].GUID)
	}
	if past {
		return nil
	}
	r.markGone(gone, now)
	r.letGo(obs.Elsewhere, o.cfg.AnchorAttribute)
	return nil
}

// letGo forgets accounts that were moved out, and whose stamp was cleared.
func (r *Record) letGo(elsewhere []plan.Account, anchorAttribute string) {
	if anchorAttribute == "" || !strings.EqualFold(r.AnchorAttribute, anchorAttribute) {
		return // the stamp is not looked for where it is
	}
	for i := range elsewhere {
		a := &elsewhere[i]
		if known, ok := r.Accounts[a.GUID]; ok && known.remembered().LetGo(a) {
			delete(r.Accounts, a.GUID)
		}
	}
}

// markGone keeps since when accounts are found nowhere.
func (r *Record) markGone(gone map[adrules.GUID]Account, now time.Time) {
	for guid, a := range r.Accounts {
		_, is := gone[guid]
		switch {
		case !is:
			a.Gone = time.Time{}
		case a.Gone.IsZero():
			a.Gone = now.Truncate(time.Second)
		case now.Sub(a.Gone) > forgetAfter:
			delete(r.Accounts, guid)
			continue
		}
		r.Accounts[guid] = a
	}
}
