package importer

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/schema"
)

// cutShort is the error of a run that did not come to its end: the directory was
// lost for good, or somebody ended it. Nil where it did.
func (x *applier) cutShort(ctx context.Context) error {
	left := 0
	for _, f := range x.failed {
		if errors.Is(f.err, errCutShort) {
			left++
		}
	}
	why := x.lost
	if ctx.Err() != nil {
		why = errors.New("it was told to end")
	}
	if left == 0 && x.lost == nil {
		return nil
	}
	x.log.Warn().Int("actions", left).Msg("not tried")
	return fmt.Errorf("the run was cut short: %w; of its actions %d were done, %d failed and %d were not tried. Run the import again: it goes on from there",
		why, len(x.done), len(x.failed)-left, left)
}

// reportFailed has an entry for each action that failed, and one for each person
// of whom nothing more was tried.
func (im *Import) reportFailed(x *applier) {
	short := map[string]int{} // by Person key: the entry
	for _, f := range x.failed {
		what := string(f.action.Kind)
		if f.action.Group != nil {
			what += " group " + f.action.Group.CN
		}
		outcome := schema.Outcome{User: f.action.Person.CN, Reason: fmt.Sprintf("%s: %v", what, f.err)}
		if errors.Is(f.err, errCutShort) {
			if i, more := short[f.action.Person.Key()]; more {
				im.report.Failed[i].Reason = what + ", " + im.report.Failed[i].Reason
				continue
			}
			short[f.action.Person.Key()] = len(im.report.Failed)
		}
		im.report.Failed = append(im.report.Failed, outcome)
	}
	im.report.Failed = append(im.report.Failed, x.values...)
}
