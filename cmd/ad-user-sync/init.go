package main

import (
	"fmt"

	"ad-user-sync/internal/setup"
)

type initCommand struct {
	Export initExportCommand `cmd:"" help:"Asks, tests as it goes, and writes the configuration of the source side."`
	Import initImportCommand `cmd:"" help:"Asks, tests as it goes, and writes the configuration of the target side."`
}

type initFlags struct {
	Config string   `placeholder:"FILE" help:"Configuration to write, *.yaml; default: export_config.yaml or import_config.yaml."`
	Yes    bool     `help:"Ask nothing: take the values of --set, and defaults."`
	Set    []string `sep:"none" placeholder:"KEY=VALUE" help:"Answer beforehand, by the configuration's key, as directory.domain=corp.example; lists as \"a; b\", objects as \"a: b; c: d\"."`
	From   string   `placeholder:"FILE" help:"Take the answers of this configuration as defaults, and its other keys as they are."`
	Force  bool     `help:"Replace a configuration that exists."`
}

type (
	initExportCommand struct{ initFlags }
	initImportCommand struct{ initFlags }
)

// Run writes the configuration of the source side, and checks it.
func (c initExportCommand) Run(a *app) error {
	made, err := setup.Export(a.ctx, a.asking("export_config.json"), setup.Flags(c.initFlags))
	if err != nil {
		return err
	}
	a.password = made.Password
	return a.onward(made.Next, checkExportCommand{checkFlags{Config: made.Path, Format: "text"}}.check(a, true))
}

// Run writes the configuration of the target side, and checks it.
func (c initImportCommand) Run(a *app) error {
	made, err := setup.Import(a.ctx, a.asking("import_config.json"), setup.Flags(c.initFlags))
	if err != nil {
		return err
	}
	a.password = made.Password
	return a.onward(made.Next, checkImportCommand{checkFlags{Config: made.Path, Format: "text"}}.check(a, true))
}

// onward says which commands are next, below a check that found nothing in their way.
func (a *app) onward(next string, checked error) error {
	if checked == nil && a.code == exitDone {
		_, _ = fmt.Fprintf(a.std.err, "Next: %s\n", next)
	}
	return checked
}

// asking is what the questions get of this program.
func (a *app) asking(standard string) setup.Program {
	return setup.Program{
		In: a.std.in, Out: a.std.err, Tool: tool(), Usual: usualConfigs(standard), PasswordVariable: passwordVariable,
		Hidden: a.prompt, Private: private, Trusted: trusted, ReadSecret: a.readSecret, ParseKeys: a.parseKeys, OpenInput: a.openInput, Progress: a.counter,
	}
}
