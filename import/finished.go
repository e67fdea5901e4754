package importer

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/report"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

func (in *Input) report() *schema.Input {
	if in == nil {
		return nil
	}
	input := &schema.Input{File: in.Name, SHA256: in.SHA256, Users: len(in.File.Users), Signed: in.Signed, Key: in.Key}
	if !in.File.Timestamp.IsZero() {
		written := in.File.Timestamp.UTC()
		input.Timestamp = &written
	}
	return input
}

// finished is the report as of now; dir is nil where none was reached.
func (im *Import) finished(dir Directory) schema.Report {
	r := im.report
	r.Input = im.Input.report()
	r.Observed = im.Observed()
	r.Notices = slices.Concat(im.moves, im.looking.said, r.Notices)
	r.Seconds = im.Clock().Sub(im.started).Seconds()
	if dir != nil {
		r.Domain, r.Controller, r.Security = dir.Domain().Name, dir.Domain().Controller, string(dir.Domain().Security)
		r.Operations = schema.Operations(dir.Operations())
	}
	return r
}

// reportPlan takes over what the plan says whether or not it was carried out.
func (im *Import) reportPlan(s *situation, lease string) {
	r := report.LeftOut(report.Plan(im.report, &s.plan), s.plan.LeftOut, s.record.LeftOut, s.now)
	r.Behind, r.Notices = s.lag.Behind, slices.Concat(s.notices, s.plan.Notices)
	if lease != "" {
		r.Notices = append(r.Notices, lease)
	}
	ends := s.plan.Ends
	if r.Guard != nil { // nothing was carried out
		ends = s.plan.EndsNow
	}
	if !ends.First.IsZero() && im.Config.ExpirationTime != nil {
		r.Expiring = &schema.Expiring{First: ends.First, Accounts: ends.Accounts}
	}
	r.GivenTime = s.record.Since()
	r.Overdue = overdue(im.Config, s.fresh.accepted().Newest, s.now)
	if r.Overdue != nil {
		r.Input = im.Input.report()
		r.Notices = append(r.Notices, OverdueText(r))
	}
	im.report = r
}

// guard says which limits stopped a plan.
func (im *Import) guard(s *situation) *schema.Guard {
	g := report.Guard(&s.plan, slices.Contains(s.record.Used, s.plan.Digest), im.Confirm)
	if (im.looking.only || im.Start != "") && !plan.Firm(s.plan.Trips) {
		g.WayOn += ", together with --start of the same digest: this import only looks (observe)"
	}
	return g
}

// Unwritten is the report of a run that an error ended before anything was
// written: the user file was refused, or the directory was not reached.
func (im *Import) Unwritten(err error) schema.Report {
	guard := &schema.Guard{Name: "failure", Reason: err.Error(), WayOn: ad.Hint(err)}
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		guard = &schema.Guard{Name: "user file", Reason: refusal.Reason, WayOn: refusal.WayOn}
	}
	if waits, ok := errors.AsType[*NotStarted](err); ok {
		guard = &schema.Guard{Name: GuardObserve, Reason: waits.Reason, WayOn: waits.WayOn}
	}
	r := im.finished(im.Directory)
	r.GivenTime = givenTime(im.Config)
	r.Guard, r.Overdue = guard, overdueFromLedger(im.Config, im.Clock())
	if warning := cmp.Or(im.lease, LeaseWarning(im.Config, im.Clock())); warning != "" {
		r.Notices = append(r.Notices, warning)
	}
	return r
}

// KeepReport writes a report into its folder and removes those older than days.
func KeepReport(folder, path string, days int, write func(io.Writer) error) error {
	if err := files.CheckLinks(path); err != nil {
		return fmt.Errorf("report_dir: the report of this run could not be kept: %w", err)
	}
	if err := files.Mkdir(folder); err != nil {
		return fmt.Errorf("report_dir: the report of this run could not be kept: %w", err)
	}
	if err := files.Replace(path, 0o600, write); err != nil {
		return fmt.Errorf("report_dir: the report of this run could not be kept: %w", err)
	}
	if days <= 0 {
		return nil
	}
	if err := files.RemoveOlder(filepath.Join(folder, "report-*.json"), time.Duration(days)*24*time.Hour); err != nil {
		return fmt.Errorf("report_dir: %w", err)
	}
	return nil
}
