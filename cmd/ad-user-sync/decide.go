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
// whole run; with an error it is the report of what was done before.
func (c importCommand) decide(a *app, cfg *schema.ImportConfig, im *importer.Import, before schema.Report, log zerolog.Logger) (schema.Report, error) {
	desk := im.NewDesk(im.Directory, operator(im.Directory.Domain().Identity))
	if cfg.ApprovalDirectory != nil {
		dir, err := a.connect(approver(cfg, im.Directory.Domain().Controller))
		if err != nil {
			return before, err
		}
		defer dir.Close()
		desk = im.NewDesk(dir, operator(dir.Domain().Identity))
	}
	err := a.session(cfg.Session, desk, log, !c.NoBrowser)
	return desk.Report(), err
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
	if _, err := approval.Run(context.WithoutCancel(a.ctx), options); err != nil {
		return fmt.Errorf("approval session: %w", err)
	}
	return nil
}
