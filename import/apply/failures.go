package apply

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// cutShort is the failure of an action that the run did not come to. Its text is
// the same for all, and without the cause, which is another action's.
type cutShort struct {
	why   string
	cause error
}

var errCutShort = errors.New("cut short")

func (c cutShort) Error() string   { return "not tried, since the run was cut short: " + c.why }
func (c cutShort) Unwrap() []error { return []error{errNotTried, errCutShort, c.cause} }

// Failure is an action that was not carried out.
type Failure struct {
	Action plan.Action
	Err    error
}

// errNotTried is a failure that surely left the directory as it was.
var errNotTried = errors.New("not tried")

// CutShort reports whether the run did not come to the action.
func (f Failure) CutShort() bool { return errors.Is(f.Err, errCutShort) }

// Unsure reports whether a write that failed may have been carried out.
func (f Failure) Unsure() bool {
	return !errors.Is(f.Err, errNotTried) && (errors.Is(f.Err, ad.ErrUnreachable) || errors.Is(f.Err, ad.ErrOutcomeUnknown))
}

// Spared reports whether a refusal is not a failure yet, as the plan says.
func (f Failure) Spared() bool { return f.Action.Spare && errors.Is(f.Err, ad.ErrDenied) }

// Remedy says of what was refused for lack of a right whose right it was, and what to
// do: of a protected account by hand.
func (r *Result) Remedy(f Failure) string {
	switch {
	case !errors.Is(f.Err, ad.ErrDenied):
		return ""
	case StaysGuarded(f.Action) != "":
		return "; " + StaysGuarded(f.Action)
	case f.Action.Protected != "":
		return "; " + f.Action.Protected + ": do it by hand"
	}
	return fmt.Sprintf("; the bound account is %s: %s", r.identity, access.Hint)
}

// StaysGuarded says of a leave from a guarded group, which was or would be refused, that
// this is no fault of the rights, and what to do; "" of any other action.
func StaysGuarded(a plan.Action) string {
	if a.Kind != plan.Leave || a.Group == nil || !a.Group.Guarded() {
		return ""
	}
	return fmt.Sprintf("%s is a guarded group, whose members the scheduled import may change only where it was given that with --leave-guarded or -LeaveGuarded (docs/rights.md). "+
		"Until then, let an approver take the account %s (%s) out of the group %s by hand", a.Group.CN, a.Person.AccountName, a.Person.DN, a.Group.DN)
}

// explained adds that to a write that was refused for lack of rights.
func (w *writer) explained(ctx context.Context, a plan.Action, err error) error {
	if !errors.Is(err, ad.ErrDenied) {
		return err
	}
	guid, known := w.accounts.target(*a.Person)
	if known != nil {
		return err
	}
	e, found, readErr := w.read(ctx, ad.ByGUID(guid), access.Descriptor)
	if readErr != nil || !found {
		return err
	}
	if why := access.Obstacle(e, a.Kind == plan.Adopt || a.Kind == plan.Rename); why != "" {
		return fmt.Errorf("%w. %s", err, why)
	}
	return err
}
