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

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/files"
)

// lookUpGone finds the accounts that the ledger knows and that are no longer in
// the container.
func (o *observer) lookUpGone(ctx context.Context, obs *plan.Observation, r *Record) error {
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

// ForgetAccount has the ledger forget an account that a person knows to be
// deleted, and tells where that was seen last. Only what a run found nowhere is
// forgotten: for whatever is there, it is not for a command to say.
func ForgetAccount(ctx context.Context, resolutions string, guid adrules.GUID) (where string, err error) {
	unlock, err := files.Lock(ctx, resolutions+".lock", lockWait)
	if err != nil {
		return "", err
	}
	defer unlock()
	ledger, err := loadLedger(LedgerPath(resolutions))
	if err != nil {
		return "", err
	}
	for _, record := range ledger.Containers {
		known, ok := record.Accounts[guid]
		switch {
		case !ok:
			continue
		case known.Gone.IsZero():
			return "", fmt.Errorf("the last import saw this account (%s); only what no import finds any more can be forgotten", known.Seen.DN)
		}
		delete(record.Accounts, guid)
		return cmp.Or(known.Seen.DN, guid.String()), ledger.save(LedgerPath(resolutions))
	}
	return "", fmt.Errorf("the ledger knows no account with the objectGUID %s; nothing was changed", guid)
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
func (known Account) sighted(a plan.Action, dn ad.DN, now time.Time) Account {
	if dn.IsZero() {
		return known
	}
	_, cn := dn.Name()
	known.Seen = plan.Sight{DN: dn.String(), CN: cn, AccountName: a.Person.AccountName, At: now.Truncate(time.Second)}
	return known
}
