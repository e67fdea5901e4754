package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ad-user-sync/internal/files"
	"ad-user-sync/schema/config"
)

type initCommand struct {
	Export initExportCommand `cmd:"" help:"Asks, tests as it goes, and writes the configuration of the source side."`
	Import initImportCommand `cmd:"" help:"Asks, tests as it goes, and writes the configuration of the target side."`
}

type initFlags struct {
	Config string   `placeholder:"FILE" help:"Configuration to write, *.yaml; default: export_config.yaml or import_config.yaml."`
	Yes    bool     `help:"Ask nothing: take what --set gives, and defaults."`
	Set    []string `sep:"none" placeholder:"KEY=VALUE" help:"Answer beforehand, by the configuration's key, as directory.domain=corp.example; lists as \"a; b\", objects as \"a: b; c: d\"."`
	Force  bool     `help:"Replace a configuration that exists."`
}

type (
	initExportCommand struct{ initFlags }
	initImportCommand struct{ initFlags }
)

// Run writes the configuration of the source side, and checks it.
func (c initExportCommand) Run(a *app) error {
	w, err := a.newWizard("export", c.initFlags)
	if err != nil {
		return err
	}
	if err := w.run(append(connectionQuestions(), exportQuestions()...)); err != nil {
		return err
	}
	w.next("ad-user-sync export --preview", "ad-user-sync export")
	return checkExportCommand{checkFlags{Config: w.path, Format: "text"}}.Run(a)
}

// Run writes the configuration of the target side, and checks it.
func (c initImportCommand) Run(a *app) error {
	w, err := a.newWizard("import", c.initFlags)
	if err != nil {
		return err
	}
	if err := w.run(append(connectionQuestions(), importQuestions()...)); err != nil {
		return err
	}
	w.next("ad-user-sync import --dry-run", "ad-user-sync import")
	return checkImportCommand{checkFlags{Config: w.path, Format: "text"}}.Run(a)
}

// newWizard looks first whether the configuration may be written.
func (a *app) newWizard(side string, flags initFlags) (*wizard, error) {
	w := &wizard{app: a, side: side, yes: flags.Yes, set: map[string]string{}}
	if err := w.target(flags); err != nil {
		return nil, err
	}
	for _, text := range flags.Set {
		key, value, found := strings.Cut(text, "=")
		if !found || key == "" {
			return nil, usageError{fmt.Errorf("--set %s: write it as KEY=VALUE", text)}
		}
		if key == "hmac" {
			return nil, usageError{errors.New("--set hmac: a key on the command line can be read by others, and would stay in the configuration; name a file with hmac_file")}
		}
		if _, err := config.ParseValue(w.document(), key, value); err != nil {
			return nil, usageError{fmt.Errorf("--set %s: %w", key, err)}
		}
		w.set[key] = value
	}
	return w, nil
}

// target decides where the configuration goes. One that exists is replaced only
// where that is asked for, and two of the usual names at once are not made.
func (w *wizard) target(flags initFlags) error {
	path := flags.Config
	usual := usualConfigs(w.side + "_config.json")
	if path == "" {
		path = usual[len(usual)-1]
		for _, other := range usual[:len(usual)-1] {
			if exists(other) {
				return usageError{fmt.Errorf("there is a configuration already: %s; give the new one a name of its own with --config, or move the old one away", other)}
			}
		}
	}
	if ending := strings.ToLower(filepath.Ext(path)); ending != ".yaml" && ending != ".yml" {
		return usageError{fmt.Errorf("%s: a configuration with comments is YAML; let its name end in .yaml", path)}
	}
	if exists(path) && !flags.Force {
		return usageError{fmt.Errorf("%s exists; give --force to replace it, or another name with --config", path)}
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return usageError{err}
	}
	w.path, w.folder = absolute, filepath.Dir(absolute)
	if err := files.Writable(w.folder); err != nil {
		return usageError{err}
	}
	return private(absolute)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func (w *wizard) document() string { return w.side + "_config" }

// next tells how to go on, once the check that follows is fine.
func (w *wizard) next(commands ...string) {
	flag := ""
	if usual := usualConfigs(w.document() + ".json"); filepath.Base(w.path) != usual[len(usual)-1] {
		flag = " --config " + filepath.Base(w.path)
	}
	fmt.Fprintf(w.std.err, "\n%s is written. Next: %s%s\n\n", w.path, strings.Join(commands, flag+", then "), flag)
}
