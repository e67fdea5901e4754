package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	_ "embed"
)

// tape is what package os gets: func Tape(name string, text []byte).
//
//go:embed tape.go.txt
var tape string

// An edit puts something in place of a text that must be there once.
type edit struct{ file, old, new string }

// Below GOROOT: whatever is written to a file goes through these.
var writes = []edit{
	{"os/file.go", "func (f *File) Write(b []byte) (n int, err error) {", "$old\n\tif f != nil {\n\t\tTape(f.name, b)\n\t}"},
	{"os/file.go", "func (f *File) WriteAt(b []byte, off int64) (n int, err error) {", "$old\n\tif f != nil {\n\t\tTape(f.name, b)\n\t}"},
	{"os/file.go", "n, handled, e := f.readFrom(r)", "n, handled, e := int64(0), false, error(nil)"}, // the kernel would copy it
}

// Below the project: where secrets are made, read, or used, and what commands
// say that a test calls without a process of their own.
var uses = []edit{
	{"schema/config.go", "func (s Secret) Reveal() string {", `$old tape("secret", string(s));`},
	{"internal/ad/write.go", "func PasswordValue(password string) []byte {", `$old tape("password", password)`},
	{"hmacfile/key.go", "func ParseKey(text string) (Key, error) {", `$old tape("HMAC key", text)`},
	{"hmacfile/key.go", "return hex.EncodeToString(secret)", `tape("HMAC key", hex.EncodeToString(secret)); $old`},
	{"approval/code.go", "token = rand.Text()", `$old; tape("token of a session", token)`},
	{"approval/code.go", "code := rand.Text()", `$old; tape("` + oneTimeCode + `", code)`},
	{"internal/ad/bind.go", "return w.conn.Bind(o.Username, string(o.Password))", `tape("password", string(o.Password)); $old`},
	{"internal/ad/ticket.go", "return named(client.NewWithPassword(", `tape("password", string(o.Password)); $old`},
	{"cmd/ad-user-sync/secrets.go", `return strings.TrimRight(string(text), "\r\n"), nil`, `tape("secret of a file", string(text)); $old`},
	{"cmd/ad-user-sync/main.go", "app := &app{ctx: ctx, std: std,", "std.out, std.err = taped(std.out), taped(std.err); $old"},
	{"internal/adtest/lab_admin.go", "func (d Domain) bind(account, password string) (*ldap.Conn, error) {", `$old tape("password", password)`},
	{"internal/adtest/lab_admin.go", "func (a *Admin) User(dn, account, password string, more map[string][]string) {", `$old tape("password", password)`},
	{"internal/adtest/lab_admin.go", "func (a *Admin) SetPassword(dn, password string) {", `$old tape("password", password)`},
	{"internal/memad/identity.go", "func (d *Directory) Logon(accountName, password string) error {", `$old tape("password", password)`},
}

// What each package of uses gets beside it.
const forSecrets = `package %s

import "os"

func tape(kind, secret string) { os.Tape("secret:"+kind, []byte(secret)) }
`

const forCommands = `package main

import ("io"; "os")

type tapedWriter struct{ io.Writer }

func (w tapedWriter) Write(b []byte) (int, error) { os.Tape("said by a command", b); return w.Writer.Write(b) }

func taped(w io.Writer) io.Writer {
	if _, file := w.(*os.File); file || w == nil {
		return w
	}
	return tapedWriter{w}
}
`

// writeOverlay makes dir anew, and returns the path of the overlay in it.
func writeOverlay(root, dir string) (path string, err error) {
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	tapes := filepath.Join(dir, "tapes")
	if err := os.MkdirAll(tapes, 0o755); err != nil {
		return "", err
	}
	if err := os.Chmod(tapes, 0o777|os.ModeSticky); err != nil { // for whatever account a test becomes
		return "", err
	}
	o := overlay{dir: dir, replaced: map[string]string{}}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOROOT: %w", err)
	}
	src := filepath.Join(strings.TrimSpace(string(goroot)), "src")
	o.add(filepath.Join(src, "os/tape.go"), strings.ReplaceAll(tape, "DIR", tapes))
	o.edit(src, writes)
	o.edit(root, uses)
	for _, e := range uses {
		text := fmt.Sprintf(forSecrets, packageOf(filepath.Join(root, e.file)))
		o.add(filepath.Join(root, filepath.Dir(e.file), "tape.go"), text)
	}
	o.add(filepath.Join(root, "cmd/ad-user-sync/tapedwriter.go"), forCommands)
	return o.write()
}

type overlay struct {
	dir      string
	replaced map[string]string // file: what stands in its place
	faults   []string
}

func (o *overlay) add(file, text string) { o.replaced[file] = text }

func (o *overlay) edit(root string, edits []edit) {
	for _, e := range edits {
		file := filepath.Join(root, e.file)
		text, changed := o.replaced[file]
		if !changed {
			content, err := os.ReadFile(file)
			if err != nil {
				o.faults = append(o.faults, err.Error())
				continue
			}
			text = string(content)
		}
		if strings.Count(text, e.old) != 1 {
			o.faults = append(o.faults, fmt.Sprintf("%s: there is not one %q; the edit in overlay.go has to follow", file, e.old))
		}
		o.replaced[file] = strings.Replace(text, e.old, strings.ReplaceAll(e.new, "$old", e.old), 1)
	}
}

func packageOf(file string) string {
	content, _ := os.ReadFile(file) // a file that is not there is a fault already
	for line := range strings.Lines(string(content)) {
		if name, ok := strings.CutPrefix(line, "package "); ok {
			return strings.TrimSpace(name)
		}
	}
	return ""
}

func (o *overlay) write() (path string, err error) {
	if len(o.faults) > 0 {
		return "", errors.New(strings.Join(o.faults, "\n"))
	}
	in := map[string]string{}
	for i, file := range slices.Sorted(maps.Keys(o.replaced)) {
		in[file] = filepath.Join(o.dir, fmt.Sprintf("%d-%s", i, filepath.Base(file)))
		if err := os.WriteFile(in[file], []byte(o.replaced[file]), 0o644); err != nil {
			return "", err
		}
	}
	content, err := json.MarshalIndent(map[string]any{"Replace": in}, "", "\t")
	if err != nil {
		return "", err
	}
	path = filepath.Join(o.dir, "overlay.json")
	return path, os.WriteFile(path, content, 0o644)
}
