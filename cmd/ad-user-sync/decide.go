package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/rs/zerolog"

	"ad-user-sync/approval"
	importer "ad-user-sync/import"
	"ad-user-sync/import/ledger"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// The desk of the import is what a session needs.
var _ approval.Desk = (*importer.Desk)(nil)

// approver binds as the person who decides, before anything is written. It is
// the import's own connection where the configuration names no other.
func (c importCommand) approver(a *app, cfg *schema.ImportConfig, dir *ad.Client) (*ad.Client, error) {
	if !c.Interactive || cfg.ApprovalDirectory == nil {
		return dir, nil
	}
	approver, err := a.connect(approverOf(cfg, dir.Controllers()))
	if err != nil {
		return nil, fmt.Errorf("approval_directory: %w", err)
	}
	return approver, nil
}

// opens reports whether a page is served: where something waits for a decision, and
// otherwise for whoever cannot log on, if someone at the terminal can end it.
func (a *app) opens(result *importer.Result) bool {
	switch p := result.Plan; {
	case len(p.Questions) > 0 || result.Report.Guard != nil || len(p.Offer.People) > 0:
		return true
	case len(p.Managed) == 0 || !a.terminal():
		return false
	}
	_, _ = fmt.Fprintln(a.std.err, `Nothing waits for a decision. On the tab "Accounts" of the page someone can be given a new password, or be unlocked; Ctrl-C ends it.`)
	return true
}

// decide lets a person answer the open questions, and returns the report of the
// whole run; with an error, too.
func (c importCommand) decide(a *app, cfg *schema.ImportConfig, im *importer.Import, result *importer.Result, approver *ad.Client, log zerolog.Logger) (schema.Report, error) {
	desk := im.NewDesk(approver, operator(approver.Domain().Identity)).After(result)
	others, leave := beside(a.ctx, cfg.ResolutionsFile, log)
	defer leave()
	err := a.session(cfg.Session, desk, others, log, !c.NoBrowser)
	return desk.Report(), err
}

// beside tells sessions that use the same resolutions file of this one, until it leaves,
// and this one of them. Where that cannot be done the session goes on without.
func beside(ctx context.Context, resolutions string, log zerolog.Logger) (others func() []string, leave func()) {
	mark, err := files.MakeMark(ctx, ledger.SessionPrefix(resolutions))
	if err != nil {
		log.Warn().Err(err).Msg("other approval sessions cannot be told of this one")
		return nil, func() {}
	}
	return mark.Others, mark.Remove
}

// servable refuses word lists and letters that no approval page can be served with,
// letters that others than administrators could have written, which are given passwords,
// and words that others than administrators and the approver could have chosen.
func servable(cfg schema.Session) error {
	if path := cfg.LetterFile(); path != "" {
		if err := files.CheckAdministered(path); err != nil {
			return usageError{fmt.Errorf("letter_template is given every new password, and %w. "+
				"Keep it where administrators alone can change it (docs/operation.md, \"Two folders\"), or leave it out for the built-in letter", err)}
		}
	}
	if err := approval.Check(cfg); err != nil {
		return usageError{err}
	}
	if path := cfg.WordFile(); path != "" {
		if err := files.CheckControlled(path); err != nil {
			return usageError{fmt.Errorf("whoever can change password_wordlist can guess the passwords that are set from it, and %w. "+
				"Keep it where administrators alone can change it (docs/operation.md, \"Two folders\"), or leave it out for the built-in words", err)}
		}
	}
	return nil
}

// prolong lets a person give accounts more time by a file that is too old to be imported.
// It stays refused.
func (c importCommand) prolong(a *app, im *importer.Import, approver *ad.Client, refused error) error {
	if im.Table != nil {
		refused = fmt.Errorf("%w\n--adopt: nothing of the table %s was done, since this user file is too old for anything but giving more time", refused, c.Adopt)
		im.Log.Warn().Str("table", schema.Visible(c.Adopt)).Msg("the table is left alone: the user file is too old for anything but giving accounts more time")
	}
	desk := im.NewProlongingDesk(approver, operator(approver.Domain().Identity))
	others, leave := beside(a.ctx, im.Config.ResolutionsFile, im.Log)
	defer leave()
	if err := a.session(im.Config.Session, desk, others, im.Log, !c.NoBrowser); err != nil {
		refused = errors.Join(refused, err)
	}
	report, _, err := c.ended(im.Config, im.Unwritten(refused), refused)
	logReport(im.Log, report, *report.ExitCode)
	return errors.Join(err, c.print(a, report))
}

// session serves the approval page until the person is done. others tells who else
// has one open; nil: no one can.
func (a *app) session(cfg schema.Session, desk approval.Desk, others func() []string, log zerolog.Logger, open bool) error {
	interrupts, stop := interrupted()
	defer stop()
	name, _, _ := strings.Cut(operator(""), " as ")
	options := approval.Options{Desk: desk, Others: others, Config: cfg, Operator: name, Stderr: a.std.err, Logger: log, Interrupt: interrupts}
	if a.terminal() {
		options.Stdin = a.std.in
	}
	if open {
		options.Open = openBrowser
	}
	if _, err := approval.Run(context.WithoutCancel(a.ctx), options); err != nil {
		return fmt.Errorf("approval session: %w", err)
	}
	return nil
}

// interrupted passes signals on. An interrupt may be answered by a warning
// first; a request to terminate, as when the user logs off or closes the
// terminal, counts twice.
func interrupted() (<-chan os.Signal, func()) {
	signals, passed := make(chan os.Signal, 2), make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup does
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		for s := range signals {
			passed <- s
			if s != os.Interrupt {
				passed <- s
			}
		}
	}()
	return passed, func() {
		signal.Stop(signals)
		close(signals)
	}
}
