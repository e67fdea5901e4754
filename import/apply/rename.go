package apply

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// rename carries out row 18 and row 21. Where that failed it tells what the
// account is called now: it may be halfway.
func (x *Applier) rename(ctx context.Context, a plan.Action) error {
	guid, err := x.accounts.target(a.Person)
	if err != nil {
		return err
	}
	if err = x.renameSteps(ctx, a, guid); err == nil {
		return nil
	}
	e, found, readErr := x.read(ctx, ad.ByGUID(guid), "sAMAccountName")
	if readErr != nil || !found {
		return err
	}
	x.accounts.names[guid], x.accounts.called[guid] = e.DN, e.Text("sAMAccountName")
	before := x.observed(guid)
	if before == nil || e.DN.String() == before.DN && e.Text("sAMAccountName") == before.AccountName {
		return err
	}
	return fmt.Errorf("%w. The account is now called %s, account name %s; the next import goes on from there", err, e.DN, e.Text("sAMAccountName"))
}

func (x *Applier) observed(guid adrules.GUID) *plan.Account {
	for a := range x.Observed.All() {
		if a.GUID == guid {
			return a
		}
	}
	return nil
}

// renameSteps moves and renames first, since the DN needs its own operation, and
// then writes the attributes.
func (x *Applier) renameSteps(ctx context.Context, a plan.Action, guid adrules.GUID) error {
	from, err := x.presentName(ctx, guid)
	if err != nil {
		return err
	}
	to := x.destination(a, from)
	if to.String() != from.String() {
		if err := x.moveTo(ctx, guid, from, to); err != nil {
			if a.MoveIn && errors.Is(err, ad.ErrDenied) {
				return fmt.Errorf("%w. Move it in by hand, that is into the managed container, or let an approver with the right to do it accept", err)
			}
			return err
		}
		x.accounts.names[guid] = to
	}
	return x.modify(ctx, a)
}

// presentName reads what the account is called now. A rename can only be asked
// for by name, and the name that was read before the run may be another account's
// by now: that of the one it swaps names with.
func (x *Applier) presentName(ctx context.Context, guid adrules.GUID) (ad.DN, error) {
	known := x.accounts.names[guid]
	e, found, err := x.read(ctx, ad.ByGUID(guid), "objectGUID")
	switch {
	case err != nil:
		return ad.DN{}, err
	case !found:
		return ad.DN{}, fmt.Errorf("%w: %s cannot be found any more; the next run looks for it", errNotTried, known)
	case !e.DN.Parent().Equal(known.Parent()):
		return ad.DN{}, fmt.Errorf("%w: %s was moved to %s meanwhile; the next run looks at it again", errNotTried, known, e.DN)
	}
	x.accounts.names[guid] = e.DN
	return e.DN, nil
}

// moveTo renames. Where that failed it looks whether it was done all the same,
// since more is to follow: the answer may be lost, and a refusal may come late.
func (x *Applier) moveTo(ctx context.Context, guid adrules.GUID, from, to ad.DN) error {
	err := x.Directory.Rename(ctx, from, to)
	if err == nil {
		return nil
	}
	e, found, readErr := x.read(ctx, ad.ByGUID(guid), "objectGUID")
	if readErr == nil && found && sameSpelling(e.DN, to) {
		return nil
	}
	return err
}

// sameSpelling is also strict about case, which may be all that was to change.
func sameSpelling(a, b ad.DN) bool {
	_, x := a.Name()
	_, y := b.Name()
	return x == y && a.Equal(b)
}

func (x *Applier) destination(a plan.Action, from ad.DN) ad.DN {
	_, now := from.Name()
	cn, parent := cnOf(a, now), from.Parent()
	if a.MoveIn {
		parent = x.result.container
	}
	if now == cn && parent.Equal(from.Parent()) {
		return from
	}
	return parent.Child("CN", cn)
}
