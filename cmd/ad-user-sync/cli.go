package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/rs/zerolog"

	"ad-user-sync/schema/config"
)

// cli is the command line.
type cli struct {
	Export      exportCommand      `cmd:"" help:"Write selected users of the source domain to a user file."`
	Import      importCommand      `cmd:"" help:"Reconcile a user file into the managed container of the target domain."`
	Check       checkCommand       `cmd:"" help:"Test connection, certificate, rights, groups and policy; nothing is written."`
	Match       matchCommand       `cmd:"" help:"List whose accounts are there already, before the first import; nothing is written."`
	Status      statusCommand      `cmd:"" help:"How the import stands: last run and file, what waits, whose account ends next."`
	Report      reportCommand      `cmd:"" help:"Show the report of a run that was kept in report_dir."`
	Notify      notifyCommand      `cmd:"" help:"Try the mail that notify in the configuration sends, or tell of a service that failed."`
	Init        initCommand        `cmd:"" help:"Ask, test as it goes, and write a configuration."`
	Attributes  attributesCommand  `cmd:"" help:"List which attributes the selected users have, and what an import may carry."`
	Verify      verifyCommand      `cmd:"" help:"Check a user file without a directory."`
	Resolutions resolutionsCommand `cmd:"" help:"List kept answers, or forget them."`
	Keygen      keygenCommand      `cmd:"" help:"Print a new HMAC key."`
	Schema      schemaCommand      `cmd:"" help:"Print a JSON Schema."`
	Demo        demoCommand        `cmd:"" help:"Both sides in memory, with the approval page; needs nothing."`

	Version    versionCommand    `cmd:"" help:"Print version, commit, Go version and platform."`
	Embed      embedCommand      `cmd:"" help:"Put a configuration into a copy of this program, so that one file is handed out."`
	Completion completionCommand `cmd:"" help:"Print the completion script of a shell."`
	Complete   completeCommand   `cmd:"" hidden:""`
	Man        manCommand        `cmd:"" hidden:""`

	Quiet   bool `short:"q" xor:"said" help:"Say only what went wrong, on standard error."`
	Verbose bool `short:"v" xor:"said" help:"Say on standard error what is done, whatever the log level of the configuration."`

	VersionFlag kong.VersionFlag `name:"version" help:"Print the version and stop."`
}

// app is what every command shares.
type app struct {
	ctx  context.Context
	std  streams
	code int // where the command did its job, but not 0

	quiet, verbose bool

	password string // that init logged on with; the check after it need not ask again

	command  string
	kept     zerolog.Logger // log file and event log alone
	events   *events        // nil: not asked for
	closeLog func() error
}

// keyHelp explains every key of a configuration.
func keyHelp(document, example string) string {
	var s strings.Builder
	fmt.Fprintf(&s, "Keys of the configuration (%s). File names in it are relative to its folder:\n", example)
	for _, key := range config.Keys(document) {
		fmt.Fprintf(&s, "\n%s (%s", key.Name, key.Type)
		if key.Default != "" {
			fmt.Fprintf(&s, ", default %s", key.Default)
		}
		fmt.Fprintf(&s, ")\n  %s\n", key.Description)
		if key.Example != "" {
			fmt.Fprintf(&s, "  Example: %q: %s\n", key.Name, key.Example)
		}
	}
	return s.String()
}
