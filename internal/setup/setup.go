// Package setup asks a person for the configuration of one side, tests every
// answer against the domain, and writes it.
package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/schema/config"
)

// Program is what the questions need of the program that asks them.
type Program struct {
	In   *os.File  // where a person answers; nil: nowhere
	Out  io.Writer // what is said to that person
	Tool string    // name and version, for the head of the configuration

	Usual            []string // names under which the configuration is looked for; init writes the last
	PasswordVariable string   // environment variable that holds the password of the directory

	Hidden     func(prompt string) (string, error) // reads what does not show on the terminal that In is
	Private    func(path string) error             // refuses a file that others could have written
	Trusted    func(byKey map[string]string) error // does so for files that decide whom to trust
	ReadSecret func(key, path string) (string, error)
	ParseKeys  func(texts []string) ([]hmacfile.Key, error)
	OpenInput  func(path string, keys []hmacfile.Key) (*importer.Input, error)
	Progress   func(what string) func(int)
}

// Flags say what was decided before anything is asked.
type Flags struct {
	Config string   // to write; "": the last of the usual names
	Yes    bool     // ask nothing
	Set    []string // answers, as KEY=VALUE
	From   string   // configuration whose answers are the defaults; "": none
	Force  bool     // replace a configuration that exists
}

// Written is a configuration that was made.
type Written struct {
	Path     string
	Password string // that was logged on with, "" where none was needed
	Next     string // the commands to go on with, once the configuration was checked
}

// UsageError is a fault of the flags or of an answer given by them.
type UsageError struct{ error }

// Export writes the configuration of the source side.
func Export(ctx context.Context, program Program, flags Flags) (Written, error) {
	w, err := newWizard(ctx, program, "export", flags)
	if err != nil {
		return Written{}, err
	}
	return w.run(append(w.connectionQuestions(), exportQuestions()...), "ad-user-sync export --preview", "ad-user-sync export")
}

// Import writes the configuration of the target side.
func Import(ctx context.Context, program Program, flags Flags) (Written, error) {
	w, err := newWizard(ctx, program, "import", flags)
	if err != nil {
		return Written{}, err
	}
	return w.run(append(w.connectionQuestions(), importQuestions()...), "ad-user-sync import --dry-run", "ad-user-sync import")
}

// newWizard looks first whether the configuration may be written.
func newWizard(ctx context.Context, program Program, side string, flags Flags) (*wizard, error) {
	draft := &draft{program: program, side: side, given: map[string]string{}}
	if err := draft.target(flags); err != nil {
		return nil, err
	}
	for _, text := range flags.Set {
		key, value, found := strings.Cut(text, "=")
		if !found || key == "" {
			return nil, UsageError{fmt.Errorf("--set %s: write it as KEY=VALUE", text)}
		}
		if key == "hmac" {
			return nil, UsageError{errors.New("--set hmac: a key on the command line can be read by others, and would stay in the configuration; name a file with hmac_file")}
		}
		if _, err := config.ParseValue(draft.document(), key, value); err != nil {
			return nil, UsageError{fmt.Errorf("--set %s: %w", key, err)}
		}
		draft.given[key] = value
	}
	if err := draft.remember(flags.From); err != nil {
		return nil, err
	}
	return &wizard{ctx: ctx, program: program, yes: flags.Yes, console: newConsole(ctx, program), draft: draft}, nil
}

// next is how to go on.
func (w *wizard) next(commands ...string) string {
	flag := ""
	if usual := w.program.Usual; filepath.Base(w.draft.path) != usual[len(usual)-1] {
		flag = " --config " + filepath.Base(w.draft.path)
	}
	return strings.Join(commands, flag+", then ") + flag
}
