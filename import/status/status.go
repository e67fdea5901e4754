// Package status says how an import stands, by what its runs left: the ledger and
// the kept reports. It asks no directory, so that it knows nothing of what others
// changed there since.
package status

import (
	"time"

	"ad-user-sync/import/ledger"
	"ad-user-sync/schema"
)

// Of is the status at a moment; overdue is since when a newer file than the one of
// a time is. Last is the newest kept report, answers are the kept ones.
func Of(cfg *schema.ImportConfig, known *ledger.Ledger, last Kept, answers []schema.Resolution, overdue func(newest time.Time) *time.Time, now time.Time) schema.Status {
	s := schema.Status{At: now.UTC().Truncate(time.Second), Waiting: []schema.StatusWaiting{}, Next: []schema.StatusAccount{}, Ended: []schema.StatusAccount{}, Disabled: []schema.StatusAccount{}}
	record, ok := known.Of(cfg.ManagedUserPath)
	if ok {
		s.File = &schema.StatusFile{Written: record.File.Newest, Domain: record.File.Domain, SHA256: record.File.SHA256, Overdue: overdue(record.File.Newest)}
		for _, w := range record.Waiting {
			s.Waiting = append(s.Waiting, schema.StatusWaiting{Type: string(w.Kind), User: w.User, About: w.About, Since: w.Since})
		}
		s.GivenTime = record.Since()
		s.Enabled, s.Next, s.Ended, s.Disabled = accounts(record, stays(answers, now), now)
	}
	s.Run = lastRun(record, last)
	return s
}

func lastRun(record ledger.Record, last Kept) *schema.StatusRun {
	mark, r := record.Run, last.Report
	switch {
	case r != nil && !r.Started.Before(mark.Started.Truncate(time.Second)) || r != nil && r.Run == mark.ID:
		run := &schema.StatusRun{ID: r.Run, Started: r.Started, Finished: r.Guard == nil, ExitCode: r.ExitCode, Failed: len(r.Failed), Report: last.Path}
		if r.Guard != nil {
			run.Guard = r.Guard.Name
		}
		return run
	case mark.ID != "":
		return &schema.StatusRun{ID: mark.ID, Started: mark.Started, Finished: mark.Finished}
	}
	return nil
}
