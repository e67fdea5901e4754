package importer

import (
	"context"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// ownPolicies are the readable ones of accounts that wait to be enabled. They
// are costly for the controller and change rarely.
func (d *Desk) ownPolicies(ctx context.Context, questions []plan.Question) (map[adrules.GUID]plan.PasswordPolicy, error) {
	if d.im.Clock().Sub(d.policiesAt) > remembered {
		d.policies, d.policiesAt = map[adrules.GUID]*plan.PasswordPolicy{}, d.im.Clock()
	}
	var accounts []adrules.GUID
	for _, q := range questions {
		if _, known := d.policies[q.Person.GUID]; q.SetsPassword() && !known && !q.Person.GUID.IsZero() {
			accounts = append(accounts, q.Person.GUID)
		}
	}
	fresh, err := apply.Policies(ctx, d.dir, accounts)
	if err != nil {
		return nil, err
	}
	readable := map[adrules.GUID]plan.PasswordPolicy{}
	for _, guid := range accounts {
		d.policies[guid] = fresh[guid]
	}
	for guid, policy := range d.policies {
		if policy != nil {
			readable[guid] = *policy
		}
	}
	return readable, nil
}

// knowPolicies puts what a new password has to keep to what was found.
func (d *Desk) knowPolicies(ctx context.Context, found []plan.Found) error {
	var offers []plan.Question
	for _, f := range found {
		offers = append(offers, f.Offers...)
	}
	own, err := d.ownPolicies(ctx, offers)
	for i := range found {
		found[i].Policy = d.looked.obs.Domain.Password
		if policy, has := own[found[i].Person.GUID]; has {
			found[i].Policy = policy
		}
	}
	return err
}
