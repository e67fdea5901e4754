package importer

import (
	"context"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// policyOf is the password policy of one account: a fine-grained one, where
// there is one (msDS-ResultantPSO, MS-ADTS 3.1.1.4.5.36), else the domain's. ok
// is false where a fine-grained one may not be read; the directory judges then.
func (x *applier) policyOf(ctx context.Context, guid adrules.GUID) (policy plan.PasswordPolicy, ok bool, err error) {
	e, _, err := x.read(ctx, ad.ByGUID(guid), "msDS-ResultantPSO")
	if err != nil {
		return policy, false, err
	}
	if !e.Has("msDS-ResultantPSO") {
		return x.obs.Domain.Password, true, nil
	}
	dn, err := ad.ParseDN(e.Text("msDS-ResultantPSO"))
	if err != nil {
		return policy, false, nil
	}
	settings, found, err := x.read(ctx, dn, "msDS-MinimumPasswordLength", "msDS-PasswordComplexityEnabled", "msDS-PasswordHistoryLength")
	if err != nil || !found {
		return policy, false, err
	}
	length, readable := settings.Int("msDS-MinimumPasswordLength")
	history, _ := settings.Int("msDS-PasswordHistoryLength")
	policy = plan.PasswordPolicy{MinLength: int(length), History: int(history),
		Complex: strings.EqualFold(settings.Text("msDS-PasswordComplexityEnabled"), "TRUE")}
	return policy, readable, nil
}
