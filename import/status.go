package importer

import (
	"fmt"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/status"
	"ad-user-sync/schema"
)

// Status says how the import stands, by its ledger and its reports alone.
func Status(cfg *schema.ImportConfig, maxAge schema.Period, now time.Time) (schema.Status, error) {
	known, err := ledger.Load(ledger.Path(cfg.ResolutionsFile))
	if err != nil {
		return schema.Status{}, err
	}
	last, err := status.LastReport(cfg.ReportDir)
	answers, unread := LoadResolutions(cfg.ResolutionsFile)
	s := status.Of(cfg, known, last, answers, func(newest time.Time) *time.Time { return overdue(cfg, newest, now) }, now)
	refused := lookedAt(cfg, &s, now)
	switch {
	case err != nil:
		s.Note = fmt.Sprintf("the last report cannot be read: %v", err)
	case unread != nil:
		s.Note = fmt.Sprintf("the kept answers cannot be read: %v", unread)
	case cfg.ReportDir == "":
		s.Note = "without report_dir only runs are known that came as far as to write"
	}
	s.ExitCode, s.Why = status.Judge(s, maxAge, silent(cfg, s.File, now))
	if err != nil && s.ExitCode == 0 { // how the last run ended is not known
		s.ExitCode, s.Why = status.CodeFault, s.Note
	}
	if refused != "" {
		s.Note = strings.TrimPrefix(s.Note+". "+refused, ". ")
	}
	if cfg.Match != nil && !cfg.Match.Open(now, cfg.TimeZone) {
		s.Note = strings.TrimPrefix(s.Note+". "+plan.MatchOver(cfg.Match.Until), ". ")
	}
	return s, nil
}

// silent reports whether no newer file has come for so long that the first leases may
// have ended: before that, who has ended left, or ends in the source domain.
func silent(cfg *schema.ImportConfig, newest *schema.StatusFile, now time.Time) bool {
	return cfg.ExpirationTime != nil && newest != nil && !now.Before(schema.ShortestLease(*cfg.ExpirationTime, newest.Written))
}

// lookedAt adds how far an import has come that only looks, or says why observe does not
// fit what was done.
func lookedAt(cfg *schema.ImportConfig, s *schema.Status, now time.Time) (refused string) {
	im := New(Options{Config: cfg, Clock: func() time.Time { return now }, Log: zerolog.Nop()})
	err := im.Prepare()
	if im.OnlyLooks() {
		s.Observed = im.Observed()
	}
	last := im.looking.last
	switch {
	case s.Observed == nil && err != nil:
		return err.Error()
	case s.Observed == nil || !im.looking.seen:
		return ""
	}
	s.File = &schema.StatusFile{Written: last.File.Newest, Domain: last.File.Domain, SHA256: last.File.SHA256, Overdue: overdue(cfg, last.File.Newest, now)}
	if s.Run == nil {
		s.Run = &schema.StatusRun{ID: last.Run.ID, Started: last.Run.Started, Finished: last.Run.Finished}
	}
	return ""
}
