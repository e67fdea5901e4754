package importer

import (
	"errors"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// Unwritten is the report of a run that an error ended before anything was
// written: the user file was refused, or the directory was not reached.
func (im *Import) Unwritten(err error) schema.Report {
	guard := &schema.Guard{Name: "failure", Reason: err.Error(), WayOn: ad.Hint(err)}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		guard = &schema.Guard{Name: "user file", Reason: refusal.Reason, WayOn: refusal.WayOn}
	}
	warning := im.lease
	if warning == "" {
		warning = LeaseWarning(im.Config, im.Clock())
	}
	r := im.finished(im.Directory)
	r.Guard = guard
	if warning != "" {
		r.Notices = append(r.Notices, warning)
	}
	return r
}
