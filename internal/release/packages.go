package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// packages makes the .deb and the .rpm of a target, whose layout is in
// linux/nfpm.yaml.
func (r *release) packages(t target, contents tree) error {
	stage := filepath.Join(r.work, t.system+"-"+t.arch, "stage")
	for _, name := range []string{"sysusers.conf", "tmpfiles.conf"} {
		body, err := os.ReadFile("internal/release/linux/" + name)
		if err != nil {
			return err
		}
		contents = append(contents, file{name, 0o644, body})
	}
	if err := contents.unpack(stage); err != nil {
		return err
	}
	for _, kind := range []string{"deb", "rpm"} {
		env := []string{"VERSION=" + r.version, "ARCH=" + t.arch, "STAGE=" + stage}
		if err := r.tool(env, nfpm, "package", "-f", "internal/release/linux/nfpm.yaml", "-p", kind, "-t", filepath.Join(r.out, r.name(t)+"."+kind)); err != nil {
			return err
		}
	}
	return nil
}

// unpack writes files as a package has them: the program lies elsewhere than
// where the examples expect it, and no umask has a say.
func (t tree) unpack(stage string) error {
	for _, f := range t {
		if filepath.Dir(f.name) == "examples/systemd" {
			f.body = bytes.ReplaceAll(f.body, []byte("/usr/local/bin/"), []byte("/usr/bin/"))
		}
		path := filepath.Join(stage, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := errors.Join(os.WriteFile(path, f.body, f.mode), os.Chmod(path, f.mode)); err != nil {
			return err
		}
	}
	return filepath.WalkDir(stage, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return os.Chmod(path, 0o755)
	})
}

// components lists what a program is made of (CycloneDX).
func (r *release) components(t target, program string) error {
	return r.tool(nil, cyclonedx, "bin", "-json", "-std", "-noserial", "-notimestamp", "-version", "v"+r.version,
		"-output", filepath.Join(r.out, r.name(t)+".cdx.json"), program)
}

// sums writes the checksums as sha256sum reads them.
func (r *release) sums() error {
	entries, err := os.ReadDir(r.out)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	for _, entry := range entries {
		body, err := os.ReadFile(filepath.Join(r.out, entry.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&text, "%x  %s\n", sha256.Sum256(body), entry.Name())
	}
	return os.WriteFile(filepath.Join(r.out, "SHA256SUMS"), text.Bytes(), 0o644)
}
