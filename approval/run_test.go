package approval

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// patience is how long a test waits for something that must happen.
const patience = time.Minute

var brisk = timing{code: 10 * time.Minute, idle: 15 * time.Minute, grace: 3 * time.Second, tick: 10 * time.Millisecond}

// served is a running session with its terminal.
type served struct {
	t         testing.TB
	address   string // with the first code
	host      string
	lines     chan string // of the terminal
	keyboard  *io.PipeWriter
	interrupt chan os.Signal
	cancel    context.CancelFunc
	log       *safeBuffer
	terminal  *safeBuffer // all that it showed
	session   *session
	secrets   adtest.Secrets // besides those of the session,
	written   []string       // and the folders that must have none

	ended   chan struct{}
	summary Summary
	err     error
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
func (s *safeBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

func serve(t testing.TB, desk Desk, t0 timing, change ...func(*Options)) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	in, keyboard := io.Pipe()
	out, terminal := io.Pipe()
	s := &served{t: t, lines: make(chan string, 1000), keyboard: keyboard, interrupt: make(chan os.Signal, 2), cancel: cancel,
		secrets: adtest.Secrets{}, log: &safeBuffer{}, terminal: &safeBuffer{}, ended: make(chan struct{})}
	o := Options{Desk: desk, Operator: "jdoe", Stderr: terminal, Stdin: in, Interrupt: s.interrupt, Logger: zerolog.New(s.log),
		Config: schema.Session{HeartbeatInterval: 1, TerminateOnBrowserClose: true}}
	for _, f := range change {
		f(&o)
	}
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			_, _ = fmt.Fprintln(s.terminal, lines.Text())
			s.lines <- lines.Text()
		}
	}()
	var err error
	s.session, err = newSession(o, t0)
	require.NoError(t, err)
	go func() {
		s.summary, s.err = s.session.run(ctx)
		close(s.ended)
		terminal.Close()
		in.Close()
	}()
	t.Cleanup(func() { cancel(); <-s.ended; s.keepsSecrets() })
	s.address = s.nextAddress()
	s.host = regexp.MustCompile(`^http://([^/]+)/`).FindStringSubmatch(s.address)[1]
	return s
}

// keepsSecrets looks for the passwords that were set, and for the archive's, in log, terminal and
// what was written.
func (s *served) keepsSecrets() {
	if s.session == nil {
		return
	}
	secrets := maps.Clone(s.secrets)
	for _, i := range s.session.vault.all() {
		if password := i.password.Reveal(); password != "" {
			secrets["the password of "+i.person.AccountName] = password
		}
	}
	if archive := s.session.vault.unnoted().Reveal(); archive != "" {
		secrets["the passphrase of the archive"] = archive
	}
	secrets.Nowhere(s.t, map[string]string{"the log": s.log.String(), "the terminal": s.terminal.String()}, s.written...)
}

// read waits for a line of the terminal that contains text.
func (s *served) read(text string) string {
	s.t.Helper()
	limit := time.After(patience)
	for {
		select {
		case line := <-s.lines:
			if strings.Contains(line, text) {
				return line
			}
		case <-limit:
			require.Failf(s.t, "the terminal stays silent", "waiting for %q", text)
		}
	}
}

func (s *served) nextAddress() string { s.t.Helper(); return s.read("http://127.0.0.1:") }

func (s *served) enter() string {
	s.t.Helper()
	_, err := io.WriteString(s.keyboard, "\n")
	require.NoError(s.t, err)
	return s.nextAddress()
}

// wait returns what Run returned.
func (s *served) wait() (Summary, error) {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		require.Fail(s.t, "the session does not end")
	}
	return s.summary, s.err
}

// leaveIdle lets so much time pass without anybody at the page.
func (s *served) leaveIdle(d time.Duration) {
	a := s.session.access
	a.mu.Lock()
	defer a.mu.Unlock()
	a.activity = a.activity.Add(-d)
}

func codeOf(address string) string { return address[strings.Index(address, "#code=")+6:] }

// call sends what the page would send; change makes it an attack.
func (s *served) call(method, path, body string, change ...func(*http.Request)) *http.Response {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, "http://"+s.host+path, strings.NewReader(body))
	require.NoError(s.t, err)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Sec-Fetch-Mode", "cors")
	r.Header.Set("Sec-Fetch-Dest", "empty")
	if method == http.MethodPost {
		r.Header.Set("Origin", "http://"+s.host)
		r.Header.Set("Content-Type", "application/json")
	}
	for _, f := range change {
		f(r)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	answer, err := client.Do(r)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { answer.Body.Close() })
	return answer
}

func header(key, value string) func(*http.Request) {
	return func(r *http.Request) {
		if value == "" {
			r.Header.Del(key)
			return
		}
		r.Header.Set(key, value)
	}
}
