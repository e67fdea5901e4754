package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"ad-user-sync/export"
	importer "ad-user-sync/import"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
	"ad-user-sync/schema/text"
)

type checkCommand struct {
	Export checkExportCommand `cmd:"" help:"Whether an export would work: files, connection, groups, attributes, who would go."`
	Import checkImportCommand `cmd:"" help:"Whether an import would work: files, connection, container, groups, and every right it needs."`
}

type checkFlags struct {
	Config string  `placeholder:"FILE" help:"Configuration; default: export_config.json or import_config.json, or .yaml."`
	HMAC   *string `name:"hmac" placeholder:"KEY" help:"HMAC key; better hmac_file, or the environment variable AD_USER_SYNC_HMAC."`
	Format string  `enum:"auto,text,json" default:"auto" help:"text or json; auto: text on a terminal."`
}

type (
	checkExportCommand struct{ checkFlags }
	checkImportCommand struct{ checkFlags }
)

// inspection is one check under way.
type inspection struct {
	app   *app
	check schema.Check
}

func (a *app) inspect(command, config string) *inspection {
	return &inspection{app: a, check: schema.Check{Command: command, Config: filepath.Base(config)}}
}

// Run checks the source side.
func (c checkExportCommand) Run(a *app) error { return c.check(a, false) }

// check does; early: right after init.
func (c checkExportCommand) check(a *app, early bool) error {
	path, err := findConfig(c.Config, "export_config.json")
	if err != nil {
		return err
	}
	cfg, warnings, err := config.LoadExport(path)
	if err != nil {
		return usageError{err}
	}
	if err := export.Validate(cfg); err != nil {
		return err
	}
	i := a.inspect("export", path)
	i.configuration(path, warnings)
	i.written("export_file", cfg.ExportFile)
	i.noted(cfg.ExportFile)
	i.log(cfg.LogFile)
	i.key(c.HMAC, cfg.Keys(), cfg.HMACFile)
	i.scheduled(cfg.LogFile, early, append(directoryFiles(cfg.Directory), path, cfg.HMACFile))
	dir := i.reach(partConnection, connection{config: cfg.Directory, dn: anyDN(cfg), environment: true})
	if dir != nil {
		defer dir.Close()
		export.Check(a.ctx, dir, cfg, i.check.Add)
	}
	return i.close(c.Format, dir)
}

// Run checks the target side.
func (c checkImportCommand) Run(a *app) error { return c.check(a, false) }

// check does; early: right after init, where the user file need not have come yet.
func (c checkImportCommand) check(a *app, early bool) error {
	path, err := findConfig(c.Config, "import_config.json")
	if err != nil {
		return err
	}
	cfg, warnings, err := config.LoadImport(path)
	if err != nil {
		return usageError{err}
	}
	i := a.inspect("import", path)
	i.configuration(path, warnings)
	i.session(path, cfg)
	i.leases(cfg)
	i.memory(cfg.ResolutionsFile)
	i.observe(cfg)
	i.log(cfg.LogFile)
	if cfg.ReportDir != "" {
		i.written("report_dir", filepath.Join(cfg.ReportDir, "report.json"))
	}
	i.notify(cfg.Notify)
	if err := servable(cfg.Session); err != nil {
		i.stops(partFiles, "passwords and letters", err)
	}
	if err := administered(path, cfg); err != nil {
		i.stops(partFiles, "on_finish", err)
	}
	keys := i.key(c.HMAC, cfg.HMAC, cfg.HMACFile)
	in := i.input(cfg.InputFile, keys, early)
	i.scheduled(cfg.ResolutionsFile, early, scheduledFiles(path, cfg))
	dir := i.reach(partConnection, connection{config: cfg.Directory, dn: cfg.ManagedUserPath, writable: true, environment: true})
	if dir != nil {
		defer dir.Close()
		options := importer.CheckOptions{Config: cfg, Directory: dir, Input: in}
		if approver := i.approver(cfg, dir); approver != nil {
			defer approver.Close()
			options.Approver = approver
		}
		importer.Check(a.ctx, options, i.check.Add)
		i.plan(options)
	}
	return i.close(c.Format, dir)
}

// approver logs on as the person who decides, where that is another account
// and its password is at hand.
func (i *inspection) approver(cfg *schema.ImportConfig, dir *ad.Client) *ad.Client {
	if cfg.ApprovalDirectory == nil {
		return nil
	}
	c := approverOf(cfg, dir.Controllers())
	if c.config.Username != "" && c.config.PasswordFile == "" && c.config.Keytab == "" && c.config.CCache == "" && !i.app.terminal() {
		i.say(partDeciding, "logon", schema.CheckLeftOut, fmt.Sprintf("the password of %s is asked for in each session, and here is no terminal", c.config.Username), "")
		return nil
	}
	if i.app.terminal() && i.app.typed(c.config, c.environment) {
		fmt.Fprintf(i.app.std.err, "\n%s decides about what waits.\nIts password is asked for here only to check its rights, and is not kept.\n", schema.Visible(c.config.Username))
	}
	return i.reach(partDeciding, c)
}

// Parts of a check.
const (
	partFiles      = "Files"
	partConnection = "Connection"
	partDeciding   = "Connection of whoever decides"
)

// reach goes step by step to a controller. A controller that does not work is
// no fault where another does.
func (i *inspection) reach(part string, c connection) *ad.Client {
	options, err := i.app.options(c)
	if err != nil {
		i.fault(part, "logon", err)
		if part == partConnection { // without who decides, a scheduled import works
			i.foresee(exitCode(err), "logon: "+err.Error())
		}
		return nil
	}
	var steps []ad.Step
	client := ad.Diagnose(i.app.ctx, options, func(s ad.Step) { steps = append(steps, s) })
	for _, s := range steps {
		i.check.Add(connectionStep(part, s, client != nil))
		if s.Err != nil && client == nil && part == partConnection {
			i.foresee(exitCode(s.Err), s.Name+": "+s.Err.Error())
		}
	}
	return client
}

func connectionStep(part string, s ad.Step, works bool) schema.CheckStep {
	step := schema.CheckStep{Part: part, Step: s.Name, State: schema.CheckOK, Text: strings.TrimSpace(s.Object + " " + s.Text)}
	switch {
	case s.Err != nil:
		step.State, step.Hint = schema.CheckFailed, ad.Hint(s.Err)
		if works {
			step.State = schema.CheckWarning
		}
		step.Text = s.Err.Error()
		if s.Text != "" {
			step.Text += " (it " + s.Text + ")"
		}
	case s.Warning != "":
		step.State, step.Text = schema.CheckWarning, step.Text+"; "+s.Warning
	}
	return step
}

// close prints what was found. The exit code is 0 only where the job would
// work, and the next one end with 0.
func (i *inspection) close(format string, dir *ad.Client) error {
	i.check.OK = i.check.Count(schema.CheckFailed) == 0 && (i.check.Next == nil || i.check.Next.ExitCode == exitDone) && i.app.ctx.Err() == nil
	if dir != nil {
		d := dir.Domain()
		i.check.Domain, i.check.Controller, i.check.Identity = d.Name, d.Controller, d.Identity
	}
	if !i.check.OK {
		i.app.code = exitFault
	}
	if err := context.Cause(i.app.ctx); err != nil {
		return fmt.Errorf("the check was interrupted: %w", err)
	}
	if i.app.wantsText(format) {
		return text.Check(i.app.std.out, i.check)
	}
	return text.CheckJSON(i.app.std.out, i.check)
}
