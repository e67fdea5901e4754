package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

type embedCommand struct {
	Config  string `placeholder:"FILE" help:"Configuration to embed; it may hold no key and no command. Names of files in it are relative to the folder of the program."`
	Out     string `placeholder:"FILE" help:"Program to write."`
	Program string `placeholder:"FILE" help:"Program to take, for Linux or Windows; default: this one."`
	Show    bool   `help:"Print the configuration that the program has, and write nothing."`
}

// Run writes a program that has its configuration in it, or prints that.
func (c embedCommand) Run(a *app) error {
	if c.Program == "" {
		this, err := os.Executable()
		if err != nil {
			return err
		}
		c.Program = this
	}
	if c.Show {
		return c.show(a)
	}
	if c.Config == "" || c.Out == "" {
		return usageError{errors.New("name the configuration by --config and the program to write by --out, or give --show")}
	}
	return c.write(a)
}

func (c embedCommand) show(a *app) error {
	side, text, err := config.Embedded(c.Program)
	switch {
	case err != nil:
		return err
	case side == "":
		return fmt.Errorf("%s has no configuration in it", c.Program)
	}
	_, err = a.std.out.Write(text)
	return err
}

func (c embedCommand) write(a *app) error {
	side, err := embeddable(c.Config)
	if err != nil {
		return usageError{err}
	}
	text, err := files.ReadLimited(c.Config, maxEmbedded)
	if err != nil {
		return usageError{err}
	}
	if at := keyInComment.FindIndex(text); at != nil {
		return usageError{fmt.Errorf("%s:%d has a key in a comment, and whoever gets the program could read it: take the line out", c.Config, 1+bytes.Count(text[:at[0]], []byte("\n")))}
	}
	program, err := os.ReadFile(c.Program)
	if err != nil {
		return usageError{err}
	}
	if !bytes.HasPrefix(program, []byte("\x7fELF")) && !bytes.HasPrefix(program, []byte("MZ")) {
		return usageError{fmt.Errorf("%s is no program for Linux or Windows; no other system starts one with something behind it", c.Program)}
	}
	program, err = config.Embed(program, side, text)
	if err != nil {
		return err
	}
	if err := c.replace(program); err != nil {
		return err
	}
	a.warn("a signature of the program would not cover the configuration, so " + c.Out + " has none: sign it, where programs are signed")
	_, err = fmt.Fprintf(a.std.out, "%s uses this configuration for %s and whatever reads it, unless --config names another one\n", c.Out, side)
	return err
}

func (c embedCommand) replace(program []byte) error {
	if from, err := os.Stat(c.Program); err == nil {
		if to, err := os.Stat(c.Out); err == nil && os.SameFile(from, to) {
			return usageError{fmt.Errorf("--out %s is the program that is read; name another file", c.Out)}
		}
	}
	err := files.Replace(c.Out, 0o755, func(w io.Writer) error {
		_, err := w.Write(program)
		return err
	})
	if err != nil {
		return err
	}
	return os.Chmod(c.Out, 0o755) // whoever it is handed to runs it; it holds no secret
}

const maxEmbedded = 4 << 20

// keyInComment is what was once a key of the configuration, or a list of them, and would be
// embedded; blanks and marks between the digits count for nothing.
var keyInComment = regexp.MustCompile(`(?mi)#.*\bhmac["']?\s*:(?:(?:[^0-9a-z\n]|\n[ \t]*#)*[0-9a-f]){24}`)

// embeddable is the side of a configuration that may be handed out.
func embeddable(path string) (side string, err error) {
	imported, _, err := config.LoadImport(path)
	if err == nil {
		return "import", noSecrets(imported.HMAC != nil, imported.OnFinish != nil)
	}
	exported, _, exportErr := config.LoadExport(path)
	if exportErr == nil {
		return "export", noSecrets(exported.HMAC != nil, false)
	}
	if strings.Contains(filepath.Base(path), "export") {
		err = exportErr
	}
	return "", err
}

func noSecrets(key, command bool) error {
	switch {
	case key:
		return errors.New(`the configuration holds a key ("hmac"), and whoever gets the program could read it: name a file in "hmac_file" instead`)
	case command:
		return errors.New(`the configuration names a command ("on_finish"), which is no part of a program that is handed out: keep that configuration in a file`)
	}
	return nil
}

// embeddedConfig is this program where it has a configuration of the side in it,
// and else "".
func embeddedConfig(standard string) (string, error) {
	this, err := os.Executable()
	if err != nil {
		return "", nil
	}
	side, _, err := config.Embedded(this)
	switch {
	case errors.Is(err, fs.ErrNotExist): // an update has replaced it
		return "", nil
	case err != nil:
		return "", usageError{fmt.Errorf("%s: %w", schema.Visible(this), err)}
	}
	if side == "" || !strings.HasPrefix(standard, side) {
		return "", nil
	}
	return this, nil
}
