package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
	"ad-user-sync/schema/text"
)

type keygenCommand struct {
	Out string `placeholder:"FILE" help:"Write it to a new file that is closed to everybody else, instead of printing it; - prints it."`
}

// Run makes a key. One that is there is never replaced: files are signed with it.
func (c keygenCommand) Run(a *app) error {
	write := func(w io.Writer) error {
		_, err := fmt.Fprintln(w, hmacfile.NewKey())
		return err
	}
	if c.Out == "" || c.Out == "-" {
		return write(a.std.out)
	}
	err := files.Create(c.Out, write)
	if errors.Is(err, fs.ErrExist) {
		return usageError{fmt.Errorf("--out: %s is there already; a key in use is changed by adding a second line to its file (docs/operation.md)", c.Out)}
	}
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

	HMACFile string `name:"hmac-file" placeholder:"FILE" help:"File that holds the key, or several, one a line; default: what the configuration in this folder names."`
	Format   string `enum:"text,json" default:"text" help:"text or json."`
}

// Run checks a user file as the import would.
func (c verifyCommand) Run(a *app) error {
	keys, err := a.hmacKeys(c.HMAC, nil, c.HMACFile)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		keys = a.keysHere()
	}
	in, err := a.openInput(c.File, keys)
	if err != nil {
		return err
	}
	v := verified(in)
	if c.Format == "json" {
		return writeJSON(a.std.out, v)
	}
	return v.write(a.std.out)
}

// keysHere are those of a configuration in the working folder, none where there is none. One
// that cannot be used is told of.
func (a *app) keysHere() []hmacfile.Key {
	here, err := keyPlaceHere()
	if err != nil {
		a.warn("the key of the configuration in this folder is not used: " + err.Error())
		return nil
	}
	keys, err := a.hmacKeys(nil, here.configured, here.file)
	if err != nil {
		a.warn(here.config + ": " + err.Error())
	}
	if len(keys) > 0 && here.config != "" { // whose folder it is, the person has to know
		_, _ = fmt.Fprintf(a.std.err, "The key is that of %s.\n", absolute(here.config))
	}
	return keys
}

// keyPlace is where a configuration has its key.
type keyPlace struct {
	config     string // its path, "" where there is none
	configured []schema.Secret
	file       string
}

// keyPlaceHere is that of the configuration of the working folder, the import's before the
// export's.
func keyPlaceHere() (keyPlace, error) {
	path, err := configPath("", "import_config.json")
	if !isMissing(err) {
		return keyPlaceOf(path, err, config.LoadImport, func(c *schema.ImportConfig) ([]schema.Secret, string) { return c.HMAC, c.HMACFile })
	}
	if path, err = configPath("", "export_config.json"); !isMissing(err) {
		return keyPlaceOf(path, err, config.LoadExport, func(c *schema.ExportConfig) ([]schema.Secret, string) { return c.Keys(), c.HMACFile })
	}
	return keyPlace{}, nil
}

func isMissing(err error) bool {
	usage, is := errors.AsType[usageError](err)
	return is && errors.Is(usage.error, errNoConfig)
}

func keyPlaceOf[C any](path string, err error, load func(string) (*C, []string, error), key func(*C) ([]schema.Secret, string)) (keyPlace, error) {
	if err != nil {
		return keyPlace{}, err
	}
	cfg, _, err := load(path)
	if err != nil {
		return keyPlace{}, err
	}
	configured, file := key(cfg)
	return keyPlace{path, configured, file}, nil
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// verification is what a user file says of itself.
type verification struct {
	File     string     `json:"file"`
	SHA256   string     `json:"digest"`
	Users    int        `json:"users"`
	Disabled int        `json:"disabled"` // of them
	Written  *time.Time `json:"written"`  // nil: not stated
	Domain   string     `json:"domain,omitempty"`
	Scope    string     `json:"scope,omitempty"`
	Tool     string     `json:"tool,omitempty"`
	Complete bool       `json:"complete"`
	Anchors  bool       `json:"anchors"`
	Signed   bool       `json:"signed"`
	ReadAs   string     `json:"read_as"`
}

func verified(in *importer.Input) verification {
	v := verification{File: in.Name, SHA256: in.SHA256, Users: len(in.File.Users), Complete: in.File.Complete != nil, Anchors: in.File.Anchored(), Signed: in.Signed, ReadAs: in.Form}
	for i := range in.File.Users {
		if in.File.Users[i].Disabled {
			v.Disabled++
		}
	}
	if at := in.File.Timestamp; !at.IsZero() {
		v.Written = &at
	}
	if s := in.File.Source; s != nil {
		v.Domain, v.Scope, v.Tool = s.Domain, s.Scope, s.Tool
	}
	return v
}

func (v verification) write(w io.Writer) error {
	written := "not stated"
	if v.Written != nil {
		written = v.Written.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	lines := []string{schema.Visible(v.File) + ": sound", "sha256:    " + v.SHA256,
		fmt.Sprintf("users:     %d (%d of them disabled)", v.Users, v.Disabled), "written:   " + written}
	if v.Domain+v.Scope+v.Tool != "" {
		lines = append(lines, "source:    "+schema.Visible(v.Domain), "scope:     "+schema.Visible(v.Scope), "tool:      "+schema.Visible(v.Tool))
	}
	lines = append(lines, "complete:  "+yesNo(v.Complete), "anchors:   "+yesNo(v.Anchors), "signed:    "+yesNo(v.Signed))
	if v.ReadAs != hmacfile.FormExact {
		lines = append(lines, "read as:   "+v.ReadAs)
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// writeJSON writes a value for programs, with what a terminal would obey as JSON escapes.
func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(text.Plainly(w))
	encoder.SetIndent("", "    ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// openInput reads a user file, from standard input for "-", and proves it. It yields to
// an interrupt: standard input may never end.
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
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, files.ErrEmpty):
		refusal.WayOn = "Look whether the export has run, and whether its file was carried across"
	case errors.Is(err, files.ErrNotRegular):
		refusal.WayOn = "Name a file; what another program writes is taken from standard input, named as -"
	}
	return refusal
}

func (a *app) readStandardInput() ([]byte, error) {
	if a.std.in == nil {
		return nil, os.ErrInvalid
	}
	return files.ReadLimitedFrom(a.std.in, "standard input", importer.MaxFile)
}
