package files_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

// holdEnv makes the test binary a process that holds a lock until its standard
// input ends.
const (
	holdEnv = "FILES_TEST_HOLD_LOCK"
	markEnv = "FILES_TEST_HOLD_MARK" // the same with a mark
	tellEnv = "FILES_TEST_TELL_MARK" // says whose marks it sees
)

func hold(path, prefix string) (release func(), err error) {
	if prefix == "" {
		return files.Lock(context.Background(), path, time.Minute)
	}
	m, err := files.MakeMark(context.Background(), prefix)
	if err != nil {
		return nil, err
	}
	return m.Remove, nil
}

func TestMain(m *testing.M) {
	if prefix := os.Getenv(tellEnv); prefix != "" {
		m, err := files.MakeMark(context.Background(), prefix)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(m.Others())
		m.Remove()
		os.Exit(0)
	}
	path, prefix := os.Getenv(holdEnv), os.Getenv(markEnv)
	if path == "" && prefix == "" {
		os.Exit(m.Run())
	}
	unlock, err := hold(path, prefix)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("held")
	_, _ = io.Copy(io.Discard, os.Stdin)
	unlock()
	os.Exit(0)
}

// holdElsewhere starts another process and returns when it holds the lock.
func holdElsewhere(t *testing.T, path string) (process *exec.Cmd, release func()) {
	t.Helper()
	return elsewhere(t, exec.Command(os.Args[0]), holdEnv+"="+path)
}

func elsewhere(t *testing.T, cmd *exec.Cmd, variable string) (process *exec.Cmd, release func()) {
	t.Helper()
	cmd.Env = append(os.Environ(), variable)
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "held\n", line)
	return cmd, func() { _ = stdin.Close() }
}

func testLockBetweenProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.lock")
	other, release := holdElsewhere(t, path)

	start := time.Now()
	_, err := files.Lock(t.Context(), path, 0)
	require.ErrorIs(t, err, files.ErrLocked)
	assert.Less(t, time.Since(start), 30*time.Second)
	host, _ := os.Hostname()
	assert.Contains(t, err.Error(), fmt.Sprintf("process %d on %s, since 2", other.Process.Pid, host))
	assert.Regexp(t, `, since \d{4}-\d\d-\d\d \d\d:\d\d UTC`, err.Error(), "as people read it")

	release()
	unlock, err := files.Lock(t.Context(), path, time.Minute)
	require.NoError(t, err)
	unlock()
}

func TestLockIsFreeAfterItsProcessWasKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.lock")
	other, _ := holdElsewhere(t, path)
	require.NoError(t, other.Process.Kill())
	unlock, err := files.Lock(t.Context(), path, time.Minute)
	require.NoError(t, err)
	_, err = files.Lock(t.Context(), path, 0)
	require.ErrorContains(t, err, fmt.Sprintf("process %d", os.Getpid()), "the new holder is named")
	unlock()
}

func testLockOnlyOneOfManyHoldsIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.lock")
	inside := make(chan struct{}, 1)
	errs := make(chan error)
	const racers = 8
	for range racers {
		go func() {
			unlock, err := files.Lock(context.Background(), path, time.Minute)
			if err == nil {
				select {
				case inside <- struct{}{}:
					<-inside
				default:
					err = fmt.Errorf("two at once")
				}
				unlock()
			}
			errs <- err
		}()
	}
	for range racers {
		require.NoError(t, <-errs)
	}
}

func TestLockGivesUpWhenCancelled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.lock")
	unlock, err := files.Lock(t.Context(), path, 0)
	require.NoError(t, err)
	defer unlock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = files.Lock(ctx, path, time.Hour)
	require.ErrorIs(t, err, context.Canceled)
}

func TestLockLeavesNoNamesBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.lock")
	unlock, err := files.Lock(t.Context(), path, 0)
	require.NoError(t, err)
	assert.Contains(t, content(t, path), "process")
	unlock()
	assert.Empty(t, strings.TrimSpace(content(t, path)))
	if posix {
		assert.EqualValues(t, 0o600, mode(t, path))
	}
	_, err = files.Lock(t.Context(), filepath.Join(path, "below", "a file"), 0)
	require.Error(t, err)
}

// A link would have the holder's name written over whatever it leads to.
func TestLockFollowsNoLink(t *testing.T) {
	folder := t.TempDir()
	other, path := filepath.Join(folder, "other"), filepath.Join(folder, "lock")
	require.NoError(t, os.WriteFile(other, []byte("kept"), 0o600))
	require.NoError(t, os.Symlink(other, path))
	_, err := files.Lock(t.Context(), path, time.Second)
	require.ErrorContains(t, err, "it is a link or the like, not a file; remove it")
	text, err := os.ReadFile(other)
	require.NoError(t, err)
	assert.Equal(t, "kept", string(text))
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.Symlink(filepath.Join(folder, "nowhere"), path))
	_, err = files.Lock(t.Context(), path, time.Second)
	require.Error(t, err)
	assert.NoFileExists(t, filepath.Join(folder, "nowhere"))
}
