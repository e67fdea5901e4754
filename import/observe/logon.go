package observe

import (
	"context"
	"fmt"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// computed are flags that the controller works out, by the lockout duration of the
// account's own policy, too (MS-ADTS 3.1.1.4.5.17).
const computed = "msDS-User-Account-Control-Computed"

// Logons are what the directory says at this moment of some accounts. What it does not
// show is left out.
func Logons(ctx context.Context, dir ad.Searcher, accounts []adrules.GUID) (map[adrules.GUID]plan.Logon, error) {
	logons := map[adrules.GUID]plan.Logon{}
	var filters []ad.Filter
	for _, id := range accounts {
		filters = append(filters, ad.Equal("objectGUID", string(id[:])))
	}
	for len(filters) > 0 {
		var batch []ad.Filter
		batch, filters = ad.NextBatch(filters)
		search := ad.Search{Base: dir.Domain().Base, Scope: ad.ScopeSubtree, Filter: ad.Or(batch...), Attributes: []string{"objectGUID", "pwdLastSet", "lockoutTime", computed}}
		_, err := dir.Search(ctx, search, func(e ad.Entry) error {
			logons[e.GUID()] = logonOf(e)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read whether accounts are locked: %w", err)
		}
	}
	return logons, nil
}

func logonOf(e ad.Entry) (l plan.Logon) {
	l.PasswordLastSet, _ = e.Int("pwdLastSet")
	l.LockedAt, _ = e.Int("lockoutTime")
	flags, told := e.Int(computed)
	l.Locked = told && adrules.UserAccountControl(uint32(flags))&adrules.LockedOut != 0 || !told && l.LockedAt != 0
	return l
}
