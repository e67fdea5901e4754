package importer

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/files"
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

// ForgetAccount has the ledger forget an account that a person knows to be
// deleted, and tells where that was seen last. Only what a run found nowhere is
// forgotten: for whatever is there, it is not for a command to say.
func ForgetAccount(ctx context.Context, resolutions string, guid adrules.GUID) (where string, err error) {
	unlock, err := files.Lock(ctx, LockPath(resolutions), lockWait)
	if err != nil {
		return "", err
	}
	defer unlock()
	ledger, err := loadLedger(LedgerPath(resolutions))
	if err != nil {
		return "", err
	}
	for container, record := range ledger.Containers {
		known, ok := record.Accounts[guid]
		switch {
		case !ok:
			continue
		case known.Gone.IsZero():
			return "", fmt.Errorf("the last import saw this account (%s); only what no import finds any more can be forgotten", known.Seen.DN)
		}
		record.takeForDeleted(guid, time.Now())
		ledger.Containers[container] = record
		return cmp.Or(known.Seen.DN, guid.String()), ledger.save(LedgerPath(resolutions))
	}
	return "", fmt.Errorf("the ledger knows no account with the objectGUID %s; nothing was changed", guid)
}

// takeForDeleted forgets an account, but not that it was there: from a backup it
// could come back.
func (r *Record) takeForDeleted(guid adrules.GUID, now time.Time) {
	if _, known := r.Accounts[guid]; !known {
		return
	}
	delete(r.Accounts, guid)
	r.Deleted = maps.Clone(r.Deleted)
	if r.Deleted == nil {
		r.Deleted = map[adrules.GUID]time.Time{}
	}
	r.Deleted[guid] = now.Truncate(time.Second)
	maps.DeleteFunc(r.Deleted, func(_ adrules.GUID, since time.Time) bool { return now.Sub(since) > plan.ForgetAfter })
}

// see keeps where accounts are seen now, and since when they are seen nowhere.
func (r *Record) see(obs *plan.Observation, now time.Time) {
	now = now.Truncate(time.Second)
	seen := map[adrules.GUID]*plan.Account{}
	for _, list := range [][]plan.Account{obs.Accounts, obs.Elsewhere} {
		for i := range list {
			seen[list[i].GUID] = &list[i]
		}
	}
	for guid, known := range r.Accounts {
		if a := seen[guid]; a != nil {
			known.Seen, known.Gone = plan.Sight{DN: a.DN, CN: a.CN, AccountName: a.AccountName, At: now}, time.Time{}
			known.Enabled = a.Enabled()
		} else if known.Gone.IsZero() {
			known.Gone = now
		}
		r.Accounts[guid] = known
	}
}

// sighted is an account after an action: a later run may not see it any more.
func (known Account) sighted(who plan.Person, now time.Time) Account {
	if who.DN != "" {
		known.Seen = plan.Sight{DN: who.DN, CN: who.CN, AccountName: who.AccountName, At: now.Truncate(time.Second)}
	}
	return known
}
