package demo

import (
	"bytes"
	"context"
	"os"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
	"ad-user-sync/schema/text"
)

// export does what the command export does.
func (s *story) export(ctx context.Context, file string) (export.Result, error) {
	cfg, _, err := config.LoadExport(s.path(exportFile))
	if err != nil {
		return export.Result{}, err
	}
	cfg.ExportFile = s.path(file)
	return export.Run(ctx, s.world.corp, cfg, export.Options{Tool: s.options.Tool, Key: &s.key})
}

// imports does what the command import does, and keeps the report.
func (s *story) imports(ctx context.Context, file, report string, dryRun bool) (*importer.Result, error) {
	cfg, _, err := config.LoadImport(s.path(importFile))
	if err != nil {
		return nil, err
	}
	input, err := s.open(file)
	if err != nil {
		return nil, err
	}
	im := importer.New(importer.Options{Config: cfg, Directory: s.connect(), Input: input, DryRun: dryRun, Log: s.log, Clock: s.clock.now})
	result, err := im.Run(ctx)
	if err != nil {
		return nil, err
	}
	s.last = im
	return result, s.keep(report, result.Report)
}

// open proves and reads a user file.
func (s *story) open(file string) (*importer.Input, error) {
	data, err := files.ReadLimited(s.path(file), importer.MaxFile)
	if err != nil {
		return nil, err
	}
	return importer.Open(file, data, []hmacfile.Key{s.key})
}

// connect returns the target domain with a count of operations of its own, as a
// new connection has.
func (s *story) connect() *connection {
	return &connection{s.world.plant.Directory, s.world.plant.Operations()}
}

type connection struct {
	*memad.Directory
	before ad.Operations
}

// Operations counts those of this connection.
func (c *connection) Operations() ad.Operations {
	now := c.Directory.Operations()
	return ad.Operations{Searches: now.Searches - c.before.Searches, Adds: now.Adds - c.before.Adds,
		Modifies: now.Modifies - c.before.Modifies, Renames: now.Renames - c.before.Renames}
}

// keep writes a report for programs and for people.
func (s *story) keep(name string, r schema.Report) error {
	s.reports = append(s.reports, keptReport{name, r})
	var body bytes.Buffer
	if err := text.ReportJSON(&body, r); err != nil {
		return err
	}
	if err := files.MkdirPrivate(s.path(reportsDir)); err != nil {
		return err
	}
	if err := os.WriteFile(s.path(reportsDir+"/"+name+".json"), body.Bytes(), 0o600); err != nil {
		return err
	}
	file, err := os.OpenFile(s.path(reportsDir+"/"+name+".txt"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	return text.Report(file, r)
}
