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
func (w *writer) rename(ctx context.Context, a plan.Action) error {
	guid, err := w.accounts.target(*a.Person)
	if err != nil {
		return err
	}
	if err = w.renameSteps(ctx, a, guid); err == nil {
		return nil
	}
	e, found, readErr := w.read(ctx, ad.ByGUID(guid), "sAMAccountName")
	if readErr != nil || !found {
		return err
	}
	w.accounts.names[guid], w.accounts.called[guid] = e.DN.String(), e.Text("sAMAccountName")
	before := w.observed(guid)
	if before == nil || e.DN.String() == before.DN && e.Text("sAMAccountName") == before.AccountName {
		return err
	}
	return fmt.Errorf("%w. The account is now called %s, account name %s; the next import goes on from there", err, e.DN, e.Text("sAMAccountName"))
}

func (w *writer) observed(guid adrules.GUID) *plan.Account {
	for a := range w.Observed.All() {
		if a.GUID == guid {
			return a
		}
	}
	return nil
}

// renameSteps moves and renames first, since the DN needs its own operation, and
// then writes the attributes.
func (w *writer) renameSteps(ctx context.Context, a plan.Action, guid adrules.GUID) error {
	from, err := w.presentName(ctx, guid)
	if err != nil {
		return err
	}
	to := w.destination(a, from)
	if to.String() != from.String() {
		if err := w.moveTo(ctx, guid, from, to); err != nil {
			if a.MoveIn && errors.Is(err, ad.ErrDenied) {
				return fmt.Errorf("%w. Move it in by hand, that is into the managed container, or let an approver with the right to do it accept", err)
			}
			return err
		}
		w.accounts.names[guid] = to.String()
	}
	return w.modify(ctx, a)
}

// presentName reads what the account is called now. A rename can only be asked
// for by name, and the name that was read before the run may be another account's
// by now: that of the one it swaps names with.
func (w *writer) presentName(ctx context.Context, guid adrules.GUID) (ad.DN, error) {
	known := w.accounts.name(guid)
	e, found, err := w.read(ctx, ad.ByGUID(guid), "objectGUID")
	switch {
	case err != nil:
		return ad.DN{}, err
	case !found:
		return ad.DN{}, fmt.Errorf("%w: %s cannot be found any more; the next run looks for it", errNotTried, known)
	case !e.DN.Parent().Equal(known.Parent()):
		return ad.DN{}, fmt.Errorf("%w: %s was moved to %s meanwhile; the next run looks at it again", errNotTried, known, e.DN)
	}
	w.accounts.names[guid] = e.DN.String()
	return e.DN, nil
}

// moveTo renames. Where that failed it looks whether it was done all the same,
// since more is to follow: the answer may be lost, and a refusal may come late.
func (w *writer) moveTo(ctx context.Context, guid adrules.GUID, from, to ad.DN) error {
	err := w.Directory.Rename(ctx, from, to)
	if err == nil {
		return nil
	}
	e, found, readErr := w.read(ctx, ad.ByGUID(guid), "objectGUID")
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

func (w *writer) destination(a plan.Action, from ad.DN) ad.DN {
	_, now := from.Name()
	cn, parent := cnOf(a, now), from.Parent()
	if a.MoveIn {
		parent = w.result.container
	}
	if now == cn && parent.Equal(from.Parent()) {
		return from
	}
	return parent.Child("CN", cn)
}
