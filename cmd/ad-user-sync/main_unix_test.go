//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const deafProgram = "AD_USER_SYNC_TEST_DEAF"

// A program that is too busy to look at the first signal is ended by the second.
func TestSecondSignalEndsTheProgram(t *testing.T) {
	if os.Getenv(deafProgram) != "" {
		ctx, stop := untilSignalled()
		defer stop()
		_, _ = os.Stdout.WriteString("ready")
		<-ctx.Done()
		_, _ = os.Stdout.WriteString("heard")
		for {
			time.Sleep(time.Hour)
		}
	}
	self, err := os.Executable()
	require.NoError(t, err)
	deaf := exec.Command(self, "-test.run=^"+t.Name()+"$")
	deaf.Env = append(os.Environ(), deafProgram+"=1")
	out, err := deaf.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, deaf.Start())
	t.Cleanup(func() { _ = deaf.Process.Kill() })
	says := func(word string) {
		said := make([]byte, len(word))
		_, err := out.Read(said)
		require.NoError(t, err)
		require.Equal(t, word, string(said))
	}
	says("ready")
	require.NoError(t, deaf.Process.Signal(syscall.SIGTERM))
	says("heard")
	ended := make(chan error, 1)
	go func() { ended <- deaf.Wait() }()
	for { // the second may come before the first is dealt with to the end
		_ = deaf.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-ended:
			var exit *exec.ExitError
			require.True(t, errors.As(err, &exit))
			assert.Equal(t, syscall.SIGTERM, exit.Sys().(syscall.WaitStatus).Signal())
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}
