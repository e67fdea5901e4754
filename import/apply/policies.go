package apply

import (
	"context"
	"errors"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Policies are the fine-grained password policies of those accounts that
// have one (msDS-ResultantPSO, MS-ADTS 3.1.1.4.5.36); nil where it may not be
// read. One search asks for some hundred accounts, one for each policy.
func Policies(ctx context.Context, dir ad.Searcher, accounts []adrules.GUID) (map[adrules.GUID]*plan.PasswordPolicy, error) {
	names := map[adrules.GUID]string{}
	for len(accounts) > 0 {
		some := accounts[:min(ad.MaxBatch, len(accounts))]
		accounts = accounts[len(some):]
		if err := policyNames(ctx, dir, some, names); err != nil {
			return nil, err
		}
	}
	own, read := map[adrules.GUID]*plan.PasswordPolicy{}, map[string]*plan.PasswordPolicy{}
	for guid, name := range names {
		if _, known := read[name]; !known {
			policy, err := readPolicy(ctx, dir, name)
			if err != nil {
				return nil, err
			}
			read[name] = policy
		}
		own[guid] = read[name]
	}
	return own, nil
}

// policyNames adds the DN of each account's policy.
func policyNames(ctx context.Context, dir ad.Searcher, accounts []adrules.GUID, names map[adrules.GUID]string) error {
	filters := make([]ad.Filter, len(accounts))
	for i, guid := range accounts {
		filters[i] = ad.Equal("objectGUID", string(guid[:]))
	}
	search := ad.Search{Base: dir.Domain().Base, Scope: ad.ScopeSubtree, Filter: ad.Or(filters...), Attributes: []string{"objectGUID", "msDS-ResultantPSO"}, AtOnce: true}
	_, err := dir.Search(ctx, search, func(e ad.Entry) error {
		if e.Has("msDS-ResultantPSO") {
			names[e.GUID()] = e.Text("msDS-ResultantPSO")
		}
		return nil
	})
	return err
}

// readPolicy returns nil where the policy may not be read.
func readPolicy(ctx context.Context, dir ad.Searcher, name string) (policy *plan.PasswordPolicy, err error) {
	dn, err := ad.ParseDN(name)
	if err != nil {
		return nil, nil
	}
	search := ad.Search{Base: dn, Scope: ad.ScopeBase, Filter: ad.Anything,
		Attributes: []string{"msDS-MinimumPasswordLength", "msDS-PasswordComplexityEnabled", "msDS-PasswordHistoryLength"}}
	_, err = dir.Search(ctx, search, func(e ad.Entry) error {
		if length, readable := e.Int("msDS-MinimumPasswordLength"); readable {
			history, _ := e.Int("msDS-PasswordHistoryLength")
			policy = &plan.PasswordPolicy{MinLength: int(length), History: int(history),
				Complex: strings.EqualFold(e.Text("msDS-PasswordComplexityEnabled"), "TRUE")}
		}
		return nil
	})
	if errors.Is(err, ad.ErrNotFound) {
		return nil, nil
	}
	return policy, err
}

// policyOf is the policy for the password of one account; nil where it may not
// be read, so that the directory has to judge. The first call reads those of
// all accounts that are to be enabled.
func (w *writer) policyOf(ctx context.Context, guid adrules.GUID) (*plan.PasswordPolicy, error) {
	if w.policies == nil {
		own, err := Policies(ctx, w.Directory, w.enabling())
		if err != nil {
			return nil, err
		}
		w.policies = own
	}
	if own, has := w.policies[guid]; has {
		return own, nil
	}
	return &w.Observed.Domain.Password, nil
}

// enabling are the accounts that get a password.
func (w *writer) enabling() (accounts []adrules.GUID) {
	for _, a := range w.result.Actions {
		if guid, err := w.accounts.target(*a.Person); err == nil && a.Kind == plan.Enable && !a.Answer.Keep {
			accounts = append(accounts, guid)
		}
	}
	return accounts
}
