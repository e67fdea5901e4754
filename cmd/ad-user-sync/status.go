package main

import (
	"fmt"
	"io"
	"time"

	importer "ad-user-sync/import"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
	"ad-user-sync/schema/text"
)

type statusCommand struct {
	Config   string        `placeholder:"FILE" help:"Configuration; default: import_config.json, or .yaml."`
	Format   string        `enum:"auto,text,json" default:"auto" help:"text or json; auto: text on a terminal."`
	Check    bool          `help:"For monitors: print one line, and end with the exit code that says what is wrong."`
	MaxAge   schema.Period `name:"max-run-age" default:"P1DT12H" placeholder:"P" help:"How long ago the last run may have been, as ISO 8601 duration (default: P1DT12H)."`
	Textfile string        `placeholder:"FILE" help:"Write numbers for Prometheus into this file (*.prom) instead of printing; - prints them."`
}

// Help tells what it rests on.
func (statusCommand) Help() string {
	return `Tells of the last run and file, what waits for a person since when, whose account ends next, and who was disabled since when. It reads the
ledger and the newest report, and asks no directory: what others changed there since the last run is not in it.

With --check it ends with 8 where the last run is too old, in the future, or none is known, else with the exit code of the last run, else with 9 where
an import only looked (observe) and no run looks any more, else with 7 where a user file is overdue, or the last run found enabled accounts
at their end already.`
}

// Run reads what the last runs left.
func (c statusCommand) Run(a *app) error {
	cfg, err := loaded(a, c.Config, "import_config.json", config.LoadImport)
	if err != nil {
		return err
	}
	s, err := importer.Status(cfg, c.MaxAge, time.Now())
	if err != nil {
		return err
	}
	if c.Check {
		a.code = s.ExitCode
	}
	switch {
	case c.Textfile != "":
		return c.metrics(a, s)
	case c.Check && c.Format != "json":
		return sayWell(a.std.out, s)
	case a.wantsText(c.Format):
		return text.Status(a.std.out, s)
	}
	return text.StatusJSON(a.std.out, s)
}

func (c statusCommand) metrics(a *app, s schema.Status) error {
	config, err := findConfig(c.Config, "import_config.json")
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return text.Metrics(w, absolute(config), s) }
	if c.Textfile == "-" {
		return write(a.std.out)
	}
	return files.Replace(c.Textfile, 0o644, write)
}

func sayWell(w io.Writer, s schema.Status) error {
	line := "ok"
	if s.Why != "" {
		line = s.Why
	}
	_, err := fmt.Fprintln(w, schema.Visible(line))
	return err
}
