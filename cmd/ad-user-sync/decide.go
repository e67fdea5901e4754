package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/pkg/browser"
	"github.com/rs/zerolog"
	"golang.org/x/term"

	"ad-user-sync/approval"
	importer "ad-user-sync/import"
	"ad-user-sync/schema"
)

// The desk of the import is what a session needs.
var _ approval.Desk = (*importer.Desk)(nil)

// decide lets a person answer the open questions, and gives the report of the
// whole run.
func (c importCommand) decide(a *app, cfg *schema.ImportConfig, im *importer.Import, log zerolog.Logger) (schema.Report, error) {
	dir, own, err := a.approver(cfg)
	if err != nil {
		return schema.Report{}, err
	}
	desk := im.NewDesk(im.Directory, operator(im.Directory.Domain().Identity))
	if own {
		defer dir.Close()
		desk = im.NewDesk(dir, operator(dir.Domain().Identity))
	}
	if err := a.session(cfg.Session, desk, log, !c.NoBrowser); err != nil {
		return schema.Report{}, err
	}
	return desk.Report(), nil
}

// session serves the approval page until the person is done.
func (a *app) session(cfg schema.Session, desk approval.Desk, log zerolog.Logger, open bool) error {
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	name, _, _ := strings.Cut(operator(""), " as ")
	options := approval.Options{Desk: desk, Config: cfg, Operator: name, Stderr: a.std.err, Logger: log, Interrupt: interrupts}
	if a.std.in != nil && term.IsTerminal(int(a.std.in.Fd())) {
		options.Stdin = a.std.in
	}
	if open {
		browser.Stdout, browser.Stderr = io.Discard, io.Discard
		options.Open = browser.OpenURL
	}
	summary, err := approval.Run(context.WithoutCancel(a.ctx), options)
	log.Info().Str("ended", summary.Ended).Int("done", summary.Done).Int("rejected", summary.Rejected).
		Int("changed", summary.Changed).Int("failed", summary.Failed).Msg("approval session ended")
	if err != nil {
		return fmt.Errorf("approval session: %w", err)
	}
	return nil
}
