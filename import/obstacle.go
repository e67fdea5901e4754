package importer

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// obstacle tells what on an object itself keeps rights from it that were given
// further up; "" where there is nothing, or where that may not be read.
func obstacle(e ad.Entry, move bool) string {
	list := accessList(e)
	switch {
	case list == nil:
		return ""
	case move && list.Denies(adrules.SIDEveryone, acl.Delete):
		return "It is protected from accidental deletion, which also keeps it from being moved: clear that (Object tab in Active Directory Users and Computers), and set it again after the move"
	case list.Closed():
		return "Inheritance of permissions is switched off on this object, so that rights given on the container do not reach it: enable inheritance in its advanced security settings, unless it is an administrator's account"
	}
	return ""
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
	e, found, readErr := x.read(ctx, ad.ByGUID(guid), descriptor)
	if readErr != nil || !found {
		return err
	}
	if why := obstacle(e, a.Kind == plan.Adopt || a.Kind == plan.Rename); why != "" {
		return fmt.Errorf("%w. %s", err, why)
	}
	return err
}
