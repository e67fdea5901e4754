package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// echoes reports whether a terminal shows what is typed.
func echoes(t *testing.T, terminal *os.File) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	require.NoError(t, err)
	return state.Lflag&unix.ECHO != 0
}

// paper looks at the terminal whenever something is written.
type paper struct {
	look func()
	text string
}

func (p *paper) Write(text []byte) (int, error) {
	p.look()
	p.text += string(text)
	return len(text), nil
}

// Who pastes a password, or has a program type it, does not wait.
func TestTheEchoIsOffBeforeAPasswordIsAskedFor(t *testing.T) {
	ask := func(t *testing.T, answer func(person *os.File, giveUp func())) (text string, err error, out *paper) {
		person, program := pseudoTerminal(t, 80)
		t.Cleanup(func() { _, _ = person.Close(), program.Close() })
		ctx, giveUp := context.WithCancel(context.Background())
		defer giveUp()
		out = &paper{}
		out.look = func() {
			if out.text == "" {
				assert.False(t, echoes(t, person), "when the prompt is there")
				answer(person, giveUp)
			}
		}
		text, err = hidden(ctx, program, out, "Password: ")
		assert.True(t, echoes(t, person), "afterwards")
		return text, err, out
	}
	t.Run("typed at once", func(t *testing.T) {
		text, err, out := ask(t, func(person *os.File, _ func()) { fmt.Fprintln(person, "Pasted-Secret-1") })
		require.NoError(t, err)
		assert.Equal(t, "Pasted-Secret-1", text)
		assert.Equal(t, "Password: \n", out.text)
	})
	t.Run("given up", func(t *testing.T) {
		_, err, _ := ask(t, func(_ *os.File, giveUp func()) { giveUp() })
		assert.ErrorContains(t, err, "interrupted while a password was asked for")
	})
}

// The program cannot write its prompt as long as the pipe is full.
func TestTheProgramTurnsTheEchoOffFirst(t *testing.T) {
	dir := t.TempDir()
	config := `{"user_path": "DC=corp,DC=example", "export_file": "users.json", "directory": {"servers": ["ldaps://127.0.0.1:1"], "username": "CORP\\svc", "auth": "simple"}}`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "export_config.json"), []byte(config), 0o600))
	var pipe [2]int
	require.NoError(t, unix.Pipe2(pipe[:], unix.O_CLOEXEC))
	reader, writer := os.NewFile(uintptr(pipe[0]), "reader"), os.NewFile(uintptr(pipe[1]), "writer")
	t.Cleanup(func() { _, _ = reader.Close(), writer.Close() })
	size, err := unix.FcntlInt(writer.Fd(), unix.F_GETPIPE_SZ, 0)
	require.NoError(t, err)
	_, err = writer.Write(make([]byte, size))
	require.NoError(t, err)

	x := onTerminalWith(t, 80, dir, writer, "export")
	require.Eventually(t, func() bool { return !echoes(t, x.side) }, 20*time.Second, 10*time.Millisecond, "the prompt comes first")
	_, err = reader.Read(make([]byte, size))
	require.NoError(t, err)
	_, err = x.side.WriteString("\x03")
	require.NoError(t, err)
	assert.Equal(t, exitFault, x.ends(), "the first Ctrl-C is enough")
	assert.True(t, echoes(t, x.side))
	said := make([]byte, size)
	n, err := reader.Read(said)
	require.NoError(t, err)
	assert.Contains(t, string(said[:n]), "Password of CORP\\svc: \nad-user-sync: interrupted while a password was asked for\n")
}
