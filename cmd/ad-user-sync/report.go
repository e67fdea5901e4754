package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"ad-user-sync/import/status"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
	"ad-user-sync/schema/text"
)

type reportCommand struct {
	Which  string `arg:"" optional:"" name:"run" help:"Identifier of the run, its first letters, or the file name of its report; default: the newest."`
	Config string `placeholder:"FILE" help:"Configuration; default: import_config.json, or .yaml."`
	Format string `enum:"text,html,json" default:"text" help:"text, html (one page without scripts) or json."`
	Output string `placeholder:"FILE" help:"Write into this file instead of printing; - prints it."`
}

// Run shows a report of report_dir.
func (c reportCommand) Run(a *app) error {
	cfg, err := loaded(a, c.Config, "import_config.json", config.LoadImport)
	if err != nil {
		return err
	}
	if cfg.ReportDir == "" {
		return usageError{errors.New("no reports are kept: report_dir in the configuration names the folder for them")}
	}
	kept, err := c.find(cfg.ReportDir)
	if err != nil {
		return err
	}
	if c.Output == "" || c.Output == "-" {
		return c.write(a.std.out, *kept.Report)
	}
	err = files.Replace(c.Output, 0o600, func(w io.Writer) error { return c.write(w, *kept.Report) })
	if errors.Is(err, fs.ErrPermission) {
		for _, folder := range []string{filepath.Dir(cfg.ReportDir), os.TempDir()} {
			if files.Writable(folder) == nil {
				return fmt.Errorf("%w; a place that can be written to: --output %s", err, filepath.Join(folder, filepath.Base(c.Output)))
			}
		}
	}
	return err
}

func (c reportCommand) find(folder string) (status.Kept, error) {
	if c.Which != "" {
		return status.FindReport(folder, c.Which)
	}
	kept, err := status.LastReport(folder)
	if err == nil && kept.Report == nil {
		err = errors.New("there is no report yet in " + folder)
	}
	return kept, err
}

func (c reportCommand) write(w io.Writer, r schema.Report) error {
	switch c.Format {
	case "html":
		return text.HTML(w, r)
	case "json":
		return text.ReportJSON(w, r)
	}
	return text.Report(w, r)
}
