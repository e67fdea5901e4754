package observe

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Fit tells, in words, why a container must not be managed; nil where it may.
func Fit(ctx context.Context, dir ad.Searcher, container string) error {
	obs := &plan.Observation{}
	o := New(dir, &schema.ImportConfig{ManagedUserPath: container}, []adrules.SID{dir.Domain().SID}, ledger.History{})
	if o.base.IsZero() {
		return fmt.Errorf("%q is not a distinguished name", container)
	}
	if err := o.readContainer(ctx, obs); err != nil {
		return err
	}
	if obs.Container.Unfit == "" {
		if err := o.readObjects(ctx, obs); err != nil {
			return err
		}
	}
	if obs.Container.Unfit != "" {
		return errors.New(obs.Container.Unfit)
	}
	return nil
}

// PrivilegedTargets returns the target groups of a group map that grant rights
// over the domain, with the reason, by name as mapped. A group that does not
// exist is an error.
func PrivilegedTargets(ctx context.Context, dir ad.Searcher, cfg *schema.ImportConfig) (map[string]string, error) {
	obs := &plan.Observation{}
	o := New(dir, cfg, nil, ledger.History{})
	if err := o.readGroups(ctx, obs); err != nil {
		return nil, err
	}
	why := map[string]string{}
	for _, g := range obs.Groups {
		switch {
		case g.Missing != "":
			return nil, errors.New(g.Missing)
		case g.Why != "":
			why[g.Name] = g.Why
		}
	}
	return why, nil
}
