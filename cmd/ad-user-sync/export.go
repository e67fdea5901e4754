package main

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/rs/zerolog"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

type exportCommand struct {
	Config       string  `placeholder:"FILE" help:"Configuration; default: export_config.json, or .yaml."`
	HMAC         *string `name:"hmac" placeholder:"KEY" help:"HMAC key; better hmac_file, or the environment variable AD_USER_SYNC_HMAC."`
	Output       string  `placeholder:"FILE" help:"Where the user file goes instead of export_file; - for standard output."`
	MigratedFrom string  `placeholder:"OLDFILE" help:"User file of the domain that the users were in before: the user file says who is who, by sIDHistory or employeeID."`
	Preview      bool    `help:"Show who would go, who is left out and by which rule; write nothing."`
	Format       string  `enum:"text,json" default:"text" help:"What --preview shows, as text or json."`
}

// Help explains the configuration.
func (exportCommand) Help() string { return keyHelp("export_config", "export_config.json") }

// Run exports, or previews.
func (c exportCommand) Run(a *app) error {
	if c.Preview && c.MigratedFrom != "" {
		return usageError{errors.New("--preview and --migrated-from exclude each other")}
	}
	cfg, err := loaded(a, c.Config, "export_config.json", config.LoadExport)
	if err != nil {
		return err
	}
	log, err := a.openLog(cfg.Log)
	if err != nil {
		return err
	}
	if err := c.redirect(cfg); err != nil {
		return err
	}
	if cfg.ExportFile == "" && !c.Preview && goesNowhere(a.std.out) {
		return errors.New("standard output is closed, so the user file would go nowhere; name a file under export_file, or with --output")
	}
	if err := export.Validate(cfg); err != nil {
		return err
	}
	keys, err := a.hmacKeys(c.HMAC, cfg.Keys(), cfg.HMACFile)
	if err != nil {
		return err
	}
	if len(keys) > 1 {
		return usageError{fmt.Errorf("hmac_file: %s holds %d keys, and an export signs with one; leave the new one there", cfg.HMACFile, len(keys))}
	}
	former, err := c.former(cfg, keys)
	if err != nil {
		return err
	}
	dir, err := a.connect(connection{config: cfg.Directory, dn: anyDN(cfg), environment: true})
	if err != nil {
		return err
	}
	defer dir.Close()
	if c.Preview {
		return a.preview(dir, cfg, c.Format)
	}
	defer runtime.KeepAlive(exportMemory())
	options := export.Options{Tool: tool(), Former: former, Stdout: a.std.out, Progress: a.counter("users exported")}
	if len(keys) > 0 {
		options.Key = &keys[0]
	}
	result, err := export.Run(a.ctx, dir, cfg, options)
	if err != nil {
		return err
	}
	for _, w := range result.Warnings {
		log.Warn().Msg(schema.Visible(w))
	}
	if former != nil {
		log.Info().Str("migrated_from", former.Path).Int("users", len(result.Migrated)).Int("by_sid_history", by(result, schema.BySIDHistory)).
			Int("by_employee_id", by(result, schema.ByEmployeeID)).Msg("users of the former domain recognised")
	}
	log.Info().Str("file", result.Path).Str("sha256", result.SHA256).Int("users", result.Users).Int("disabled", result.Disabled).
		Int("left_out", result.LeftOut).Dict("left_out_by", reasons(result)).Int("found_twice", result.Twice).Int("referrals", result.Referrals).Bool("signed", result.Signed).Str("domain", result.Domain).
		Str("controller", result.Controller).Str("security", result.Security).Float64("seconds", result.Seconds).Msg("exported")
	if result.Path != "" && isTerminal(a.std.out) && !a.quiet {
		_, err = fmt.Fprintf(a.std.out, "Next: carry %s across, to where input_file of the import is; there, \"ad-user-sync check import\" tells how the import would end.\n", schema.Visible(result.Path))
	}
	return err
}

// former reads the user file of the domain that the users were in before.
func (c exportCommand) former(cfg *schema.ExportConfig, keys []hmacfile.Key) (*export.Former, error) {
	if c.MigratedFrom == "" {
		return nil, nil
	}
	if !cfg.SourceAnchor {
		return nil, usageError{errors.New("--migrated-from needs source_anchor: without it the user file names no one by objectGUID")}
	}
	return export.ReadFormer(c.MigratedFrom, keys)
}

func by(r export.Result, attribute string) (n int) {
	for _, u := range r.Migrated {
		if u.By == attribute {
			n++
		}
	}
	return n
}

// reasons of those who are left out, by rule.
func reasons(r export.Result) *zerolog.Event {
	all := zerolog.Dict()
	for _, rule := range slices.Sorted(maps.Keys(r.Reasons)) {
		all.Int(rule, r.Reasons[rule])
	}
	return all
}

func (c exportCommand) redirect(cfg *schema.ExportConfig) error {
	switch c.Output {
	case "":
	case "-":
		cfg.ExportFile = ""
	default:
		path, err := filepath.Abs(c.Output)
		if err != nil {
			return usageError{err}
		}
		cfg.ExportFile = path
	}
	return nil
}

// openExport reads the configuration and connects, for commands that write no
// file.
func (a *app) openExport(file string) (*schema.ExportConfig, *ad.Client, error) {
	cfg, err := loaded(a, file, "export_config.json", config.LoadExport)
	if err != nil {
		return nil, nil, err
	}
	if err := export.Validate(cfg); err != nil {
		return nil, nil, err
	}
	dir, err := a.connect(connection{config: cfg.Directory, dn: anyDN(cfg), environment: true})
	return cfg, dir, err
}

// anyDN is a configured DN that names the domain.
func anyDN(cfg *schema.ExportConfig) string {
	if cfg.UserPath != "" || len(cfg.Queries) == 0 {
		return cfg.UserPath
	}
	return cfg.Queries[0].Base
}
