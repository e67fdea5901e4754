package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

type manCommand struct{}

// Run prints the manual page. It has no date, so that the same program has the
// same page.
func (manCommand) Run(k *kong.Context, a *app) error {
	var m manual
	m.line(`.TH AD\-USER\-SYNC 1 "" %s ""`, quoted(tool()))
	m.line(".SH NAME\nad\\-user\\-sync \\- %s", roff(strings.ToLower(k.Model.Help[:1])+strings.TrimSuffix(k.Model.Help[1:], ".")))
	m.line(".SH SYNOPSIS\n.B ad\\-user\\-sync\n.I command\n.RI [ option ...]")
	m.line(".SH COMMANDS")
	for _, leaf := range k.Model.Leaves(true) {
		m.command(leaf)
	}
	m.line(".SH OPTIONS")
	m.flags(k.Model.Flags)
	m.line(".SH EXIT STATUS")
	for code, meaning := range exitMeanings {
		m.line(".TP\n.B %d\n%s", code, roff(meaning))
	}
	m.line(".SH ENVIRONMENT")
	for _, variable := range [][2]string{{hmacVariable, "The HMAC key, where neither option nor configuration has one."}, {passwordVariable, "The password of the directory's user."}} {
		m.line(".TP\n.B %s\n%s", roff(variable[0]), roff(variable[1]))
	}
	m.line(".SH SEE ALSO\n%s", roff("ad-user-sync export --help and ad-user-sync import --help explain every key of the configurations."))
	_, err := fmt.Fprint(a.std.out, m.String())
	return err
}

// exitMeanings are those of the exit codes, in their order.
var exitMeanings = []string{
	exitDone:    "Done; open questions are no failure.",
	exitFault:   "Could not do the job, or not all of it.",
	exitUsage:   "Usage or configuration invalid; nothing was contacted.",
	exitRefused: "The user file was refused.",
	exitLimit:   "A limit stopped the run; nothing was written.",
	exitPartial: "The run finished, and some actions, or decisions of the session, failed.",
	exitPending: "Questions remain, and --fail-on-pending was given.",
	exitOverdue: "The run finished, and a newer user file is overdue.",
	exitTooOld:  "status --check: the last run is too old, or there was none.",
	exitObserve: "The import only looks (observe) and is over with that, or another plan was to be started: a person starts it.",
}

type manual struct{ strings.Builder }

func (m *manual) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

func (m *manual) command(leaf *kong.Command) {
	m.line(".SS %s", quoted(strings.TrimPrefix(leaf.Summary(), "ad-user-sync ")))
	m.line("%s", roff(leaf.Help))
	for _, argument := range leaf.Positional {
		m.line(".TP\n.I %s\n%s", roff(argument.Name), roff(argument.Help))
	}
	m.flags(leaf.Flags)
}

func (m *manual) flags(flags []*kong.Flag) {
	for _, flag := range flags {
		if !flag.Hidden {
			m.line(".TP\n.B %s\n%s", roff(flag.String()), roff(flag.Help))
		}
	}
}

func quoted(text string) string { return `"` + strings.ReplaceAll(roff(text), `"`, `\(dq`) + `"` }

// roff escapes what man(7) would take for itself.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}
