//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest/mailbox"
	"ad-user-sync/schema"
)

// program is a script that keeps what it is given.
func program(t *testing.T, body string) (path, folder string) {
	t.Helper()
	folder = t.TempDir()
	path = filepath.Join(folder, "done")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700))
	return path, folder
}

func read(t *testing.T, folder, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	require.NoError(t, err)
	return string(text)
}

func TestOnFinishGetsTheReportAndNothingElse(t *testing.T) {
	path, folder := program(t, `cat >report.json; env >environment; for a in "$@"; do echo "<$a>"; done >arguments`)
	p := newPost(t, mailbox.Options{})
	t.Setenv(passwordVariable, secretPassword)
	t.Setenv("LD_PRELOAD_X", "of whoever started the run")
	p.keys = fmt.Sprintf(`, "on_finish": [%q, "a b", "$(id)"]`, path)
	code, said := p.run(0, "Jane Doe")
	if os.Geteuid() != 0 { // whoever tests owns the program
		require.Equal(t, exitUsage, code, said)
		require.Contains(t, said, "can be changed by its owner")
		return
	}
	require.Equal(t, exitDone, code, said)
	var r schema.Report
	require.NoError(t, json.Unmarshal([]byte(read(t, folder, "report.json")), &r))
	assert.Equal(t, []string{"Jane Doe"}, r.Created)
	assert.Equal(t, exitDone, *r.ExitCode)
	assert.Equal(t, "<a b>\n<$(id)>\n", read(t, folder, "arguments"))
	assert.NotContains(t, read(t, folder, "environment"), secretPassword)
	assert.NotContains(t, read(t, folder, "environment"), "AD_USER_SYNC")
	assert.NotContains(t, read(t, folder, "environment"), "LD_PRELOAD_X")

	require.NoError(t, os.Remove(filepath.Join(folder, "arguments")))
	_, said = p.again("--dry-run")
	assert.NoFileExists(t, filepath.Join(folder, "arguments"), said)
	p.run(0, "-Jane Doe") // so that nothing is left to ask
	require.NoError(t, os.Remove(filepath.Join(folder, "arguments")))
	code, said = p.again("--interactive", "--no-browser")
	require.Equal(t, exitDone, code, said)
	assert.NoFileExists(t, filepath.Join(folder, "arguments"), "a person is there: %s", said)
	code, _ = p.run(40*24*time.Hour, "Jane Doe")
	assert.Equal(t, exitRefused, code)
	require.NoError(t, json.Unmarshal([]byte(read(t, folder, "report.json")), &r))
	assert.Equal(t, exitRefused, *r.ExitCode, "of a run that was refused, too")
}

// Who could say what it runs would run it with the rights of the task.
func TestOnFinishIsRefusedWhereOthersCanChangeIt(t *testing.T) {
	path, folder := program(t, "true")
	p := newPost(t, mailbox.Options{})
	p.keys = fmt.Sprintf(`, "on_finish": [%q]`, path)
	for _, open := range []string{path, folder, filepath.Join(p.folder, "import_config.json"), p.folder} {
		p.configure()
		before, err := os.Stat(open)
		require.NoError(t, err)
		require.NoError(t, os.Chmod(open, before.Mode().Perm()|0o022))
		if os.Geteuid() == 0 {
			require.NoError(t, os.Chown(open, 0, 54321))
			require.NoError(t, os.Chmod(open, before.Mode().Perm()|0o020)) // a group, which other checks let pass
		}
		code, said := p.command("import")
		assert.Equal(t, exitUsage, code, said)
		assert.Contains(t, said, "on_finish runs a program after each scheduled import, and "+open)
		code, said = p.command("check", "import", "--format", "text")
		assert.Equal(t, exitFault, code)
		assert.Contains(t, said, "on_finish")
		require.NoError(t, os.Chmod(open, before.Mode().Perm()))
	}
}

func TestOnFinishThatFailsFailsNoRun(t *testing.T) {
	path, _ := program(t, "echo it broke; exit 3")
	err := runProgram(t.Context(), finishTime, []string{path}, bytes.NewBufferString(strings.Repeat("x", 1<<20)))
	require.ErrorContains(t, err, "exit status 3; it said: it broke")
	path, _ = program(t, "head -c 3000000 /dev/zero | tr '\\0' x; echo it broke; exit 3")
	err = runProgram(t.Context(), finishTime, []string{path}, new(bytes.Buffer))
	require.ErrorContains(t, err, "xxxit broke")
	require.ErrorContains(t, err, "it said much, and in the last 500 bytes")
	assert.Less(t, len(err.Error()), 1000)
	path, folder := program(t, `sleep 60 & echo $! >child; sleep 60`)
	began := time.Now()
	err = runProgram(t.Context(), 2*time.Second, []string{path}, new(bytes.Buffer))
	require.ErrorContains(t, err, "took longer than 2s")
	assert.Less(t, time.Since(began), 20*time.Second)
	child, err := strconv.Atoi(strings.TrimSpace(read(t, folder, "child")))
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child))
		return err != nil || strings.Contains(string(state), ") Z ") // no one waits for it in a container
	}, 10*time.Second, 10*time.Millisecond, "what it started ends with it")
	require.ErrorContains(t, runProgram(t.Context(), finishTime, []string{"/nowhere/program"}, new(bytes.Buffer)), "/nowhere/program")
	if os.Geteuid() == 0 {
		p := newPost(t, mailbox.Options{})
		path, _ = program(t, "exit 3")
		p.keys = fmt.Sprintf(`, "on_finish": [%q]`, path)
		code, said := p.run(0, "Jane Doe")
		assert.Equal(t, exitDone, code)
		assert.Contains(t, said, "on_finish failed; the run is no worse for it")
	}
}
