package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var shell = filepath.Join(os.Getenv("SystemRoot"), "System32", "cmd.exe")

func TestOnFinishRunsAProgram(t *testing.T) {
	require.NoError(t, runProgram(t.Context(), finishTime, []string{shell, "/c", "exit 0"}, new(bytes.Buffer)))
	require.ErrorContains(t, runProgram(t.Context(), finishTime, []string{shell, "/c", "exit 3"}, new(bytes.Buffer)), "exit status 3")
	began := time.Now()
	require.ErrorContains(t, runProgram(t.Context(), time.Second, []string{shell, "/c", "ping -n 60 127.0.0.1"}, new(bytes.Buffer)), "took longer than 1s")
	assert.Less(t, time.Since(began), 20*time.Second)
}

// It can start no other program before it is in the job that ends them all.
func TestOnFinishRunsOnceItIsInItsJob(t *testing.T) {
	ran := filepath.Join(t.TempDir(), "ran")
	program := exec.Command(shell, "/c", "echo ran>ran")
	program.Dir = filepath.Dir(ran)
	require.NoError(t, startSuspended(program))
	time.Sleep(time.Second)
	assert.NoFileExists(t, ran)
	require.NoError(t, resume(program.Process.Pid))
	require.NoError(t, program.Wait())
	assert.FileExists(t, ran)
}
