package main

import (
	"errors"
	"fmt"

	importer "ad-user-sync/import"
)

// prepare looks whether this run only looks, before anything is contacted.
func (c importCommand) prepare(im *importer.Import) error {
	if c.DryRun {
		return nil
	}
	err := im.Prepare()
	if err == nil && c.Interactive && im.OnlyLooks() {
		return usageError{errors.New("this import only looks (observe), so there is nothing to decide. A person starts it first: import --start DIGEST, with --interactive to decide at once; import --dry-run shows the plan and its digest")}
	}
	return err
}

// onlyLooking adds to a fault that this import would not have written anything either way.
func onlyLooking(im *importer.Import, err error) error {
	_, said := errors.AsType[*importer.NotStarted](err)
	if err == nil || said || im.Observed() == nil || errors.Is(err, importer.ErrConfiguration) {
		return err
	}
	return fmt.Errorf("%w\nThis import only looks so far (observe): it writes nothing before a person starts it", err)
}
