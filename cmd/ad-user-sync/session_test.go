package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	importer "ad-user-sync/import"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// sitting is the built program while it waits for a person at the page.
type sitting struct {
	cmd     *exec.Cmd
	out     *bytes.Buffer // the report, at the end
	address string
	drained chan struct{}
	secrets adtest.Secrets // the passwords that are set in it are added

	mu  sync.Mutex
	log strings.Builder
}

func (x *crossing) sit(t *testing.T, more ...string) *sitting {
	t.Helper()
	cmd, out, _ := x.command(append([]string{"import", "--interactive", "--no-browser", "--format", "json"}, more...)...)
	cmd.Stderr = nil
	pipe, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	w := &sitting{cmd: cmd, out: out, drained: make(chan struct{}), secrets: x.secrets}
	x.sessions = append(x.sessions, w)
	lines := bufio.NewScanner(pipe)
	for w.address == "" && lines.Scan() {
		w.note(lines.Text())
		w.address = regexp.MustCompile(`^http://127\.0\.0\.1:\d+/#code=\S+$`).FindString(lines.Text())
	}
	require.NotEmpty(t, w.address, w.shown())
	go func() {
		defer close(w.drained)
		for lines.Scan() {
			w.note(lines.Text())
		}
	}()
	return w
}

// open opens its page.
func (w *sitting) open(t *testing.T) *page {
	t.Helper()
	p := open(t, w.address)
	p.secrets = w.secrets
	return p
}

func (w *sitting) note(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintln(&w.log, line)
}

// shown is what the terminal has shown so far.
func (w *sitting) shown() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log.String()
}

// interrupt is Ctrl-C; it waits until the terminal says something of it.
func (w *sitting) interrupt(t *testing.T, answer string) {
	t.Helper()
	require.NoError(t, w.cmd.Process.Signal(os.Interrupt))
	require.Eventually(t, func() bool { return strings.Contains(w.shown(), answer) }, patience, 10*time.Millisecond, "%s", w.shown())
}

// ended is all that the terminal showed, once the program has ended well.
func (w *sitting) ended(t *testing.T) string {
	t.Helper()
	select {
	case <-w.drained:
	case <-time.After(patience):
		_ = w.cmd.Process.Kill()
		require.Failf(t, "the program does not end", "%s", w.shown())
	}
	require.NoError(t, w.cmd.Wait(), w.shown())
	return w.shown()
}

func (w *sitting) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, w.cmd.Process.Kill())
	<-w.drained
	_ = w.cmd.Wait()
}

// configured adds keys to the import's configuration.
func (x *crossing) configured(more map[string]any) {
	text, err := os.ReadFile(x.imports)
	require.NoError(x, err)
	config := map[string]any{}
	require.NoError(x, json.Unmarshal(text, &config))
	for key, value := range more {
		config[key] = value
	}
	x.write(filepath.Base(x.imports), config)
}

// questions are those that a run leaves open.
func (x *crossing) questions(r schema.Report) (open []string) {
	for _, q := range r.RequiredInteractions {
		open = append(open, q.Type+" "+q.User)
	}
	return open
}

// TestKilledSessionConverges ends the program by force while it carries out
// what a person accepted, just after it said that something is rejected.
func TestKilledSessionConverges(t *testing.T) {
	if withoutBrowser() {
		t.Skip("left out: this needs Chromium, and AD_USER_SYNC_BROWSER=none was given")
	}
	x := newCrossing(t)
	x.runExport()
	x.runImport()

	w := x.sit(t)
	p := w.open(t)
	p.decide(p.card(x.name(1), "Enable"), "Reject")
	w.kill(t)
	kept, err := importer.LoadResolutions(filepath.Join(x.dir, "resolutions.json"))
	require.NoError(t, err)
	require.Len(t, kept, 1, "on disk before the page said so")
	assert.Equal(t, "EXT "+x.name(1), kept[0].User)
	p.until(`document.body.textContent.includes("The program does not answer") && "told"`)

	w = x.sit(t)
	p = w.open(t)
	p.until(fmt.Sprintf(`document.querySelectorAll("#open article").length === %d && "all"`, people)) // enables but one, and a join
	p.until(`(document.querySelector("#open .all input").click(), "selected")`)
	p.click(".bulk", "Accept")
	p.until(`(() => { const i = document.querySelector("dialog input[inputmode]"); i.value = "` + fmt.Sprint(people-1) + `"; i.dispatchEvent(new Event("input")); return "typed"; })()`)
	p.click("dialog", "Accept")
	p.until(`/Carrying out ([3-9]|[1-4]\d) of/.test(document.querySelector(".working").textContent) && "working"`)
	w.kill(t)

	var enabled []string // the controller may still carry out what it was asked last
	require.Eventually(t, func() bool {
		was := enabled
		enabled = x.enabled()
		return slices.Equal(was, enabled)
	}, patience, 500*time.Millisecond)
	assert.Greater(t, len(enabled), 2, "some were done")
	assert.Less(t, len(enabled), people-1, "some were not")
	r := x.runImport()
	assert.Empty(t, r.Failed)
	assert.Equal(t, enabled, x.enabled(), "nobody is touched who was enabled")
	assert.Len(t, x.questions(r), people-len(enabled), "and the rest is asked again: not who was rejected, but the join")
	before := x.state()
	r = x.runImport()
	assert.Equal(t, before, x.state())
	assert.Zero(t, r.Operations.Adds+r.Operations.Modifies+r.Operations.Renames)

	w = x.sit(t)
	p = w.open(t)
	p.decide(p.card(x.name(2), "Add to group"), "Add to group")
	w.interrupt(t, "The approval session ended")
	w.ended(t)
	assert.Equal(t, []string{x.managed(2)}, x.members("p-Administrators"))
}

// enabled are the accounts that are not disabled.
func (x *crossing) enabled() (accounts []string) {
	for i := range people {
		if x.target.Read(x.managed(i), "userAccountControl")["userAccountControl"][0] == "512" {
			accounts = append(accounts, x.account(i))
		}
	}
	return accounts
}

func TestPortOfTheSession(t *testing.T) {
	x := newCrossing(t)
	x.runExport()
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	port := free.Addr().(*net.TCPAddr).Port
	x.configured(map[string]any{"port": port, "log_file": "other.log"})

	cmd, _, log := x.command("import", "--interactive", "--no-browser")
	require.Error(t, cmd.Run())
	assert.Equal(t, 1, cmd.ProcessState.ExitCode())
	assert.Contains(t, log.String(), fmt.Sprintf("listen for the browser on port %d", port))
	assert.Contains(t, log.String(), "choose another with the configuration key port, or leave it out")

	require.NoError(t, free.Close())
	w := x.sit(t)
	assert.Contains(t, w.address, fmt.Sprintf("http://127.0.0.1:%d/", port))
	answer, err := http.Get(strings.Split(w.address, "#")[0])
	require.NoError(t, err)
	answer.Body.Close()
	assert.Equal(t, 200, answer.StatusCode)
	w.interrupt(t, "The approval session ended (interrupted at the terminal): 0 done, 0 rejected, 0 failed, 0 changed meanwhile, ")
	w.ended(t)
}
