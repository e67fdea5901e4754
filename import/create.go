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
		bare, refused = splitEssential(rest, a.Changes)
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
func splitEssential(changes []ad.Change, planned []plan.Change) (essential []ad.Change, rest []plan.Change) {
	need := map[string]bool{"sAMAccountName": true, "userPrincipalName": true, "userAccountControl": true, "accountExpires": true}
	stamps := func(c plan.Change) bool { return len(c.After) == 1 && plan.ParseStamp([]byte(c.After[0])).Anchor != "" }
	for _, c := range planned {
		if c.Attribute == "cn" {
			continue
		}
		if need[c.Attribute] || stamps(c) {
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
	found := false
	search := ad.Search{Base: dn, Scope: ad.ScopeBase, Filter: ad.Anything, Attributes: []string{"objectGUID"}}
	_, err := x.dir.Search(ctx, search, func(e ad.Entry) error {
		found = true
		x.created[who.Key()], x.names[e.GUID()] = e.GUID(), e.DN
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the new account %s: %w", dn, err)
	}
	if !found {
		return fmt.Errorf("read the new account %s: it can not be found", dn)
	}
	return nil
}

// rename carries out row 18 and row 21: move and rename first, since the DN
// needs its own operation, then the attributes.
func (x *applier) rename(ctx context.Context, a plan.Action) error {
	guid, err := x.target(a.Person)
	if err != nil {
		return err
	}
	from := x.names[guid]
	to := x.destination(a, from)
	if to.String() != from.String() {
		if err := x.dir.Rename(ctx, from, to); err != nil {
			if a.MoveIn && errors.Is(err, ad.ErrDenied) {
				return fmt.Errorf("%w. Move the account into the managed container by hand, or let an approver with the right to do it accept", err)
			}
			return err
		}
		x.names[guid] = to
	}
	return x.modify(ctx, a)
}

func (x *applier) destination(a plan.Action, from ad.DN) ad.DN {
	_, cn := from.Name()
	for _, c := range a.Changes {
		if c.Attribute == "cn" {
			cn = c.After[0]
		}
	}
	parent := from.Parent()
	if a.MoveIn {
		parent = x.container
	}
	if _, now := from.Name(); now == cn && parent.Equal(from.Parent()) {
		return from
	}
	return parent.Child("CN", cn)
}
