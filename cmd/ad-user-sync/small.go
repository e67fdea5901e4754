package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

type keygenCommand struct{}

// Run prints a key.
func (keygenCommand) Run(a *app) error {
	_, err := fmt.Fprintln(a.std.out, hmacfile.NewKey())
	return err
}

type schemaCommand struct {
	Name string `arg:"" help:"One of: check, export_config, import_config, report, resolutions, status, user_file."`
}

// Run prints a schema.
func (c schemaCommand) Run(a *app) error {
	text, err := config.Schema(strings.TrimSuffix(c.Name, ".json"))
	if err != nil {
		return usageError{err}
	}
	_, err = fmt.Fprintln(a.std.out, strings.TrimRight(string(text), "\n"))
	return err
}

type verifyCommand struct {
	File string  `arg:"" help:"The user file; - for standard input."`
	HMAC *string `name:"hmac" placeholder:"KEY" help:"The HMAC key; better --hmac-file, or the environment variable AD_USER_SYNC_HMAC."`

	HMACFile string `name:"hmac-file" placeholder:"FILE" help:"File that holds the key, or several, one a line."`
}

// Run checks a user file as the import would.
func (c verifyCommand) Run(a *app) error {
	keys, err := a.hmacKeys(c.HMAC, nil, c.HMACFile)
	if err != nil {
		return err
	}
	in, err := a.openInput(c.File, keys)
	if err != nil {
		return err
	}
	return describe(a.std.out, in)
}

func describe(w io.Writer, in *importer.Input) error {
	disabled := 0
	for i := range in.File.Users {
		if in.File.Users[i].Disabled {
			disabled++
		}
	}
	lines := []string{fmt.Sprintf("%s: sound", schema.Visible(in.Name)), "sha256:    " + in.SHA256,
		fmt.Sprintf("users:     %d (%d of them disabled)", len(in.File.Users), disabled)}
	if in.File.Timestamp.IsZero() {
		lines = append(lines, "written:   not stated")
	} else {
		lines = append(lines, "written:   "+in.File.Timestamp.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	if s := in.File.Source; s != nil {
		lines = append(lines, "source:    "+schema.Visible(s.Domain), "scope:     "+schema.Visible(s.Scope), "tool:      "+schema.Visible(s.Tool))
	}
	lines = append(lines, "complete:  "+yesNo(in.File.Complete != nil), "anchors:   "+yesNo(in.File.Anchored()), "signed:    "+yesNo(in.Signed))
	if in.Form != hmacfile.FormExact {
		lines = append(lines, "read as:   "+in.Form)
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// openInput reads a user file, from standard input for "-", and proves it. It yields to
// an interrupt: a pipe may never end.
func (a *app) openInput(path string, keys []hmacfile.Key) (*importer.Input, error) {
	type result struct {
		in  *importer.Input
		err error
	}
	done := make(chan result, 1)
	go func() {
		in, err := a.readInput(path, keys)
		done <- result{in, err}
	}()
	select {
	case r := <-done:
		return r.in, r.err
	case <-a.ctx.Done():
		return nil, unread(fmt.Errorf("reading was interrupted: %w", a.ctx.Err()))
	}
}

func (a *app) readInput(path string, keys []hmacfile.Key) (*importer.Input, error) {
	if path == "-" {
		data, err := a.readStandardInput()
		if err != nil {
			return nil, unread(err)
		}
		return importer.Open(path, data, keys)
	}
	file, err := files.OpenLimited(path, importer.MaxFile)
	if err != nil {
		return nil, unread(err)
	}
	defer func() { _ = file.Close() }()
	return importer.Read(path, file, keys)
}

// unread is why there is no user file.
func unread(err error) *importer.Refusal {
	refusal := &importer.Refusal{Reason: fmt.Sprintf("user file: %v", err)}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, files.ErrEmpty) {
		refusal.WayOn = "Look whether the export has run, and whether its file was carried across"
	}
	return refusal
}

func (a *app) readStandardInput() ([]byte, error) {
	if a.std.in == nil {
		return nil, os.ErrInvalid
	}
	return files.ReadLimitedFrom(a.std.in, "standard input", importer.MaxFile)
}
