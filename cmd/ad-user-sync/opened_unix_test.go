//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// opening is a demo that has opened its page in what stands for a desktop.
type opening struct {
	*testing.T
	demo  *exec.Cmd
	temp  string // the program's folder for temporary files
	given string // what the desktop was told to open
	ended chan error
}

func newOpening(t *testing.T) *opening {
	dir := t.TempDir()
	o := &opening{T: t, temp: filepath.Join(dir, "tmp"), ended: make(chan error, 1)}
	require.NoError(t, os.Mkdir(o.temp, 0o777))
	desktop := "#!/bin/sh\nprintf '%s' \"$*\" > '" + dir + "/told' && mv '" + dir + "/told' '" + dir + "/opened'\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(desktop), 0o755))
	o.demo = exec.Command(binary, "demo", "--dir", filepath.Join(dir, "demo"))
	o.demo.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "TMPDIR="+o.temp)
	o.demo.Stderr = io.Discard
	require.NoError(t, o.demo.Start())
	t.Cleanup(func() { _ = o.demo.Process.Kill() })
	go func() { o.ended <- o.demo.Wait() }()
	require.Eventually(t, func() bool {
		told, err := os.ReadFile(filepath.Join(dir, "opened"))
		o.given = string(told)
		return err == nil
	}, patience, 10*time.Millisecond)
	return o
}

// forgotten waits until nothing leads to the page any more.
func (o *opening) forgotten(after string) {
	o.Helper()
	require.Eventually(o, func() bool {
		left, err := os.ReadDir(o.temp)
		return err == nil && len(left) == 0
	}, patience, 10*time.Millisecond, after)
}

func TestBrowserIsGivenNoSecret(t *testing.T) {
	o := newOpening(t)
	path, isFile := strings.CutPrefix(o.given, "file://")
	require.True(t, isFile, o.given)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	_, code, found := strings.Cut(string(content), "#code=")
	require.True(t, found, "%s", content)
	assert.NotContains(t, o.given, code[:26])
	for _, p := range []string{path, filepath.Dir(path)} {
		info, err := os.Stat(p)
		require.NoError(t, err)
		assert.Zero(t, info.Mode().Perm()&0o077, "%s is its owner's alone", p)
	}
	if withoutBrowser() {
		t.Skip("the rest is left out: it needs Chromium, and AD_USER_SYNC_BROWSER=none was given")
	}
	p := open(t, o.given)
	p.until(`document.body.innerText.includes("Approvals for") && "signed in"`)
	o.forgotten("the code was exchanged")
	require.NoError(t, o.demo.Process.Signal(os.Interrupt))
	require.NoError(t, <-o.ended)
}

func TestNothingLeadsToASessionThatEnded(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if signal.Ignored(s) {
			continue // the tests run under nohup, and so does the program
		}
		o := newOpening(t)
		require.NoError(t, o.demo.Process.Signal(s))
		require.NoError(t, <-o.ended, s)
		o.forgotten(s.String())
	}
}
