package importer

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// create adds the account with everything known in one request: a run that is
// killed leaves it whole or not at all.
func (x *applier) create(ctx context.Context, a plan.Action) error {
	dn := x.newDN(a)
	rest, err := x.changes(a.Changes)
	if err != nil {
		return err
	}
	err = x.dir.Add(ctx, dn, added(rest))
	var refused []plan.Change
	if errors.Is(err, ad.ErrBadValue) {
		var bare []ad.Change
		bare, refused = x.splitEssential(rest, a.Changes)
		err = x.dir.Add(ctx, dn, added(bare))
	}
	if err != nil {
		return err
	}
	if err := x.remember(ctx, a.Person, dn); err != nil {
		return err
	}
	if len(refused) > 0 {
		return ignoreRefused(x.singly(ctx, a.Person, refused))
	}
	return nil
}

// ignoreRefused: values that were refused are reported by themselves; the
// account exists all the same.
func ignoreRefused(err error) error {
	if errors.Is(err, ad.ErrUnreachable) || errors.Is(err, ad.ErrOutcomeUnknown) {
		return err
	}
	return nil
}

func (x *applier) newDN(a plan.Action) ad.DN {
	for _, c := range a.Changes {
		if c.Attribute == "cn" {
			return x.container.Child("CN", c.After[0])
		}
	}
	return x.container.Child("CN", a.Person.CN)
}

func added(changes []ad.Change) []ad.Attribute {
	attributes := []ad.Attribute{{Name: "objectClass", Values: ad.Values("top", "person", "organizationalPerson", "user")}}
	for _, c := range changes {
		attributes = append(attributes, ad.Attribute{Name: c.Attribute, Values: c.Values})
	}
	return attributes
}

// splitEssential parts what an account can not do without from the rest.
func (x *applier) splitEssential(changes []ad.Change, planned []plan.Change) (essential []ad.Change, rest []plan.Change) {
	need := map[string]bool{"sAMAccountName": true, "userPrincipalName": true, "userAccountControl": true, "accountExpires": true,
		x.cfg.AnchorAttribute: true}
	for _, c := range planned {
		if c.Attribute == "cn" {
			continue
		}
		if need[c.Attribute] {
			for _, change := range changes {
				if change.Attribute == c.Attribute {
					essential = append(essential, change)
				}
			}
			continue
		}
		rest = append(rest, c)
	}
	return essential, rest
}

// remember learns the objectGUID that the directory gave.
func (x *applier) remember(ctx context.Context, who plan.Person, dn ad.DN) error {
	e, found, err := x.read(ctx, dn, "objectGUID")
	switch {
	case err != nil:
		return fmt.Errorf("read the new account %s: %w", dn, err)
	case !found || e.GUID().IsZero():
		return fmt.Errorf("read the new account %s: %w: it was made, but can not be found", dn, ad.ErrOutcomeUnknown)
	}
	x.created[who.Key()], x.names[e.GUID()] = e.GUID(), e.DN
	return nil
}
