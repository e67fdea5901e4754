//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The demo ends in the approval page; Ctrl-C ends that.
func TestDemoEndsInThePage(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "demo")
	demo := exec.Command(binary, "demo", "--no-browser", "--dir", folder)
	var out bytes.Buffer
	demo.Stdout = &out
	pipe, err := demo.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, demo.Start())
	t.Cleanup(func() { _ = demo.Process.Kill() })

	lines := bufio.NewReader(pipe)
	address := ""
	for !strings.HasPrefix(address, "http://127.0.0.1:") {
		address, err = lines.ReadString('\n')
		require.NoError(t, err, "an address of the page is printed")
	}
	page, err := url.Parse(strings.TrimSpace(address))
	require.NoError(t, err)
	assert.NotEmpty(t, page.Fragment)
	answer, err := http.Get("http://" + page.Host + "/")
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	assert.Equal(t, http.StatusOK, answer.StatusCode)

	require.NoError(t, demo.Process.Signal(os.Interrupt))
	rest, err := io.ReadAll(lines)
	require.NoError(t, err)
	assert.Contains(t, string(rest), "The approval session ended")
	require.NoError(t, demo.Wait(), "exit code 0")
	assert.Contains(t, out.String(), "Nothing is left to do")
	assert.Contains(t, out.String(), "Left open: ")
	assert.FileExists(t, filepath.Join(folder, "reports", "7-decisions.json"))
}
