package importer

import (
	"context"
	"errors"
	"fmt"
	"strings"

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

// notTried counts the actions that the run did not come to.
func (x *applier) notTried() (n int) {
	for _, f := range x.failed {
		if errors.Is(f.err, errCutShort) {
			n++
		}
	}
	return n
}

// ended is the error of a run that did not come to its end: the directory was
// lost for good, or somebody ended it. Nil where it did.
func (x *applier) ended(ctx context.Context) error {
	left := x.notTried()
	why := x.lost
	if ctx.Err() != nil {
		why = errors.New("it was interrupted")
	}
	if left == 0 && x.lost == nil {
		return nil
	}
	return fmt.Errorf("the run was cut short: %w; of its actions %d were done, %d failed and %d were not tried. Run the import again: it goes on from there",
		why, len(x.done), len(x.failed)-left, left)
}

// reportFailed has an entry for each action that failed, and one for each person
// of whom nothing more was tried.
func (im *Import) reportFailed(x *applier) {
	untried := map[string][]string{} // by Person key
	for _, f := range x.failed {
		if errors.Is(f.err, errCutShort) {
			untried[f.action.Person.Key()] = append(untried[f.action.Person.Key()], what(f.action))
		}
	}
	for _, f := range x.failed {
		who := x.present(f.action.Person)
		if spared(f) {
			im.report.HeldBack = append(im.report.HeldBack, outcome(who, plan.Refused, fmt.Sprintf("%s: %v; it is tried again, and fails once half of expiration_time is over", what(f.action), f.err)))
			continue
		}
		key, doing := f.action.Person.Key(), what(f.action)
		if errors.Is(f.err, errCutShort) {
			if untried[key] == nil {
				continue
			}
			doing = strings.Join(untried[key], ", ")
			untried[key] = nil
		}
		im.report.Failed = append(im.report.Failed, outcome(who, plan.Refused, fmt.Sprintf("%s: %v", doing, f.err)+x.remedy(f)))
	}
	im.report.Failed = append(im.report.Failed, x.values...)
}

// spared reports whether a refusal is no failure yet, as the plan says.
func spared(f failure) bool { return f.action.Spare && errors.Is(f.err, ad.ErrDenied) }

// remedy says of what was refused for want of a right whose right it was, and what to
// do: of a protected account by hand.
func (x *applier) remedy(f failure) string {
	switch {
	case !errors.Is(f.err, ad.ErrDenied):
		return ""
	case f.action.Protected != "":
		return "; " + f.action.Protected + ": do it by hand"
	}
	return fmt.Sprintf("; the bound account is %s: %s", x.dir.Domain().Identity, access.Hint)
}

// what is the action, without its person.
func what(a plan.Action) string {
	if a.Group != nil {
		return fmt.Sprintf("%s group %s", a.Kind, a.Group.CN)
	}
	return string(a.Kind)
}

// explained adds that to a write that was refused for want of rights.
func (x *applier) explained(ctx context.Context, a plan.Action, err error) error {
	if !errors.Is(err, ad.ErrDenied) {
		return err
	}
	guid, known := x.target(a.Person)
	if known != nil {
		return err
	}
	e, found, readErr := x.read(ctx, ad.ByGUID(guid), access.Descriptor)
	if readErr != nil || !found {
		return err
	}
	if why := access.Obstacle(e, a.Kind == plan.Adopt || a.Kind == plan.Rename); why != "" {
		return fmt.Errorf("%w. %s", err, why)
	}
	return err
}
