package main

import (
	"errors"
	"fmt"
	"io"
	"os/user"
	"path/filepath"

	importer "ad-user-sync/import"
	"ad-user-sync/import/ledger"
	"ad-user-sync/import/news"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
	"ad-user-sync/schema/text"
)

type importCommand struct {
	Config        string  `placeholder:"FILE" help:"Configuration; default: import_config.json, or .yaml."`
	HMAC          *string `name:"hmac" placeholder:"KEY" help:"HMAC key; better hmac_file, or the environment variable AD_USER_SYNC_HMAC."`
	Input         string  `placeholder:"FILE" help:"User file instead of input_file; - for standard input."`
	DryRun        bool    `help:"Print the plan and write nothing."`
	Interactive   bool    `help:"Then decide open questions, or help people log on, in a browser on this machine."`
	Adopt         string  `placeholder:"FILE" help:"Then take over the accounts of this table, which match has written and a person edited: the page that --interactive serves has it confirmed."`
	NoBrowser     bool    `help:"Do not open the browser; its address is printed."`
	ConfirmPlan   string  `placeholder:"DIGEST" help:"Override the limits for the plan with this digest."`
	Start         string  `placeholder:"DIGEST" help:"Begin an import that has only looked so far (observe), with the plan of this digest."`
	AcceptFile    string  `placeholder:"SHA256" help:"Accept the file with this digest although it is not fresh."`
	FailOnPending bool    `help:"Exit with 6 where questions remain open."`
	Format        string  `enum:"auto,text,json" default:"auto" help:"Report as text or json; auto: text on a terminal."`
	Details       bool    `help:"In a report as text also every change of every account, before and after."`
}

// Help explains the configuration.
func (importCommand) Help() string { return keyHelp("import_config", "import_config.json") }

// Run imports.
func (c importCommand) Run(a *app) error {
	if c.DryRun && c.Adopt != "" {
		return usageError{fmt.Errorf("--dry-run and --adopt exclude each other; ad-user-sync match shows what would be asked")}
	}
	c.Interactive = c.Interactive || c.Adopt != ""
	if c.DryRun && c.Interactive {
		return usageError{fmt.Errorf("--dry-run and --interactive exclude each other")}
	}
	if c.DryRun && c.Start != "" {
		return usageError{fmt.Errorf("--dry-run and --start exclude each other: a dry run shows the plan that --start names")}
	}
	cfg, err := c.configuration(a)
	if err != nil {
		return err
	}
	if err := c.trusted(cfg); err != nil {
		return err
	}
	log, err := a.openLog(cfg.Log)
	if err != nil {
		return err
	}
	im := importer.New(importer.Options{Config: cfg, DryRun: c.DryRun, Confirm: c.ConfirmPlan, Accept: c.AcceptFile, Start: c.Start, Log: log, Progress: a.progress("actions done"),
		Sized: func(people int) { importMemory(people, c.Interactive) }, Reload: c.reload})
	switch err := c.prepare(im); {
	case err != nil && c.Interactive: // a person reads it
		return err
	case err != nil:
		return c.unwritten(a, im, err)
	}
	if im.Table, err = c.table(); err != nil {
		return err
	}
	err = c.read(a, im)
	if err != nil {
		return c.unwritten(a, im, err)
	}
	importMemory(len(im.Input.File.Users), c.Interactive)
	dir, err := a.connect(connection{config: cfg.Directory, dn: cfg.ManagedUserPath, writable: true, environment: true})
	if err != nil {
		return c.unwritten(a, im, err)
	}
	defer dir.Close()
	im.Directory = dir
	if err := im.CheckTable(); err != nil {
		return c.unwritten(a, im, err)
	}
	return c.run(a, im, dir)
}

// trusted refuses what only a configuration that is well kept may ask for: an approval
// session, or a program to run.
func (c importCommand) trusted(cfg *schema.ImportConfig) error {
	path, err := findConfig(c.Config, "import_config.json")
	switch {
	case err != nil:
		return err
	case !c.Interactive && !c.DryRun:
		return administered(path, cfg)
	case !c.Interactive:
		return nil
	}
	if err := servable(cfg.Session); err != nil {
		return err
	}
	return controlled(path, cfg)
}

// read reads the user file.
func (c importCommand) read(a *app, im *importer.Import) error {
	cfg := im.Config
	keys, err := a.hmacKeys(c.HMAC, cfg.HMAC, cfg.HMACFile)
	if err != nil {
		return err
	}
	in, err := a.openInput(cfg.InputFile, keys)
	if err != nil {
		return err
	}
	im.Log.Info().Str("file", in.Name).Str("sha256", in.SHA256).Int("users", len(in.File.Users)).Str("read_as", in.Form).
		Bool("signed", in.Signed).Int("key", in.Key).Msg("user file read")
	im.Input = in
	if cfg.InputFile == "-" {
		return nil
	}
	im.Reopen = func() (*importer.Input, error) { return a.readInput(cfg.InputFile, keys) }
	return nil
}

func (c importCommand) configuration(a *app) (*schema.ImportConfig, error) {
	cfg, err := loaded(a, c.Config, "import_config.json", config.LoadImport)
	if err != nil {
		return nil, err
	}
	c.override(cfg)
	if cfg.InputFile == "" {
		return nil, usageError{fmt.Errorf("no user file: give input_file in the configuration, or --input")}
	}
	for _, path := range []string{cfg.ResolutionsFile, ledger.Path(cfg.ResolutionsFile)} {
		if err := private(path); err != nil {
			return nil, err
		}
	}
	return cfg, nil
}

func (c importCommand) override(cfg *schema.ImportConfig) {
	if c.Input != "" {
		cfg.InputFile = c.Input
	}
}

// reload reads the configuration as it is now, for a session that has it from before.
func (c importCommand) reload() (*schema.ImportConfig, error) {
	path, err := configPath(c.Config, "import_config.json")
	if err != nil {
		return nil, err
	}
	cfg, _, err := config.LoadImport(path)
	if err != nil {
		return nil, err
	}
	c.override(cfg)
	return cfg, nil
}

func (c importCommand) run(a *app, im *importer.Import, dir *ad.Client) error {
	cfg, log := im.Config, im.Log
	approver, err := c.approver(a, cfg, dir)
	if err != nil {
		return c.unwritten(a, im, err)
	}
	defer approver.Close()
	result, err := im.Run(a.ctx)
	if result == nil && c.Interactive && importer.Prolongs(err) {
		return c.prolong(a, im, approver, err)
	}
	if result == nil {
		return c.unwritten(a, im, err)
	}
	report := result.Report
	if err == nil && c.Interactive && !im.OnlyLooks() && a.opens(result) {
		report, err = c.decide(a, cfg, im, result, approver, log)
	}
	report, kept, err := c.ended(cfg, report, err)
	a.code = *report.ExitCode
	logReport(log, report, a.code)
	err = errors.Join(err, c.print(a, report))
	c.announce(a, im, report, kept)
	return err
}

// ended keeps the report of a run that may have failed, with its exit code.
func (c importCommand) ended(cfg *schema.ImportConfig, r schema.Report, err error) (_ schema.Report, kept string, _ error) {
	code := reportCode(r, c.FailOnPending)
	if err != nil {
		code = exitCode(err)
	}
	r.ExitCode = &code
	r = r.Sorted() // once for all who write it
	kept, fault := keepReport(cfg, r)
	if fault != nil {
		err = errors.Join(err, fault)
		code = exitCode(err)
	}
	return r, kept, err
}

// announce tells of a run that no one watches.
func (c importCommand) announce(a *app, im *importer.Import, r schema.Report, kept string) {
	if im.Begun() { // what the looks told is told no more
		_ = news.Forget(news.Path(ledger.LooksPath(im.Config.ResolutionsFile)), ledger.PlaceOf(im.Config.ManagedUserPath))
	}
	if !c.DryRun && !c.Interactive {
		a.tell(im.Config, r, kept, im.Log)
		if r.Observed == nil { // what it hears of was done
			a.finish(im.Config.OnFinish, r, im.Log)
		}
	}
}

// unwritten keeps the report of a run that ended before anything was written,
// logs what a person should read, and returns its error.
func (c importCommand) unwritten(a *app, im *importer.Import, err error) error {
	report := im.Unwritten(err)
	for _, notice := range report.Notices {
		im.Log.Warn().Msg(schema.Visible(notice))
	}
	report, kept, err := c.ended(im.Config, report, err)
	c.announce(a, im, report, kept)
	return onlyLooking(im, err)
}

// reportCode is the first that applies.
func reportCode(r schema.Report, failOnPending bool) int {
	switch {
	case r.Guard != nil && r.Guard.Name == importer.GuardObserve:
		return exitObserve
	case r.Guard != nil:
		return exitLimit
	case len(r.Failed) > 0:
		return exitPartial
	case r.Overdue != nil:
		return exitOverdue
	case failOnPending && len(r.RequiredInteractions) > 0:
		return exitPending
	}
	return exitDone
}

// print writes the report to standard output.
func (c importCommand) print(a *app, r schema.Report) error {
	switch {
	case !a.wantsText(c.Format):
		return text.ReportJSON(a.std.out, r)
	case c.Details:
		return text.Detailed(a.std.out, r)
	}
	return text.Report(a.std.out, r)
}

// operator is who runs this program, as kept answers name them.
func operator(identity string) string {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return name + " as " + identity
}

// keepReport writes the report to report_dir, and removes old ones. The path is ""
// where none is kept.
func keepReport(cfg *schema.ImportConfig, r schema.Report) (path string, err error) {
	if cfg.ReportDir == "" || r.DryRun {
		return "", nil
	}
	path = filepath.Join(cfg.ReportDir, "report-"+r.Started.Format("20060102T150405Z")+"-"+r.Run[:8]+".json")
	return path, importer.KeepReport(cfg.ReportDir, path, cfg.ReportDays, func(w io.Writer) error { return text.ReportJSON(w, r) })
}
