package importer

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

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
