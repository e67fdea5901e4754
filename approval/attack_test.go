package approval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

const tabName = "0123456789abcdef"

// insider is someone who signed in and whose event stream is open.
func (s *served) insider() (token string) {
	s.t.Helper()
	token = s.signIn(codeOf(s.address))
	stream := s.call("GET", "/api/events", "", header("Authorization", "Bearer "+token), header("Tab", tabName))
	require.Equal(s.t, 200, stream.StatusCode)
	line, err := bufio.NewReader(stream.Body).ReadString('\n')
	require.NoError(s.t, err)
	require.Contains(s.t, line, "hello")
	return token
}

func (s *served) signIn(code string) string {
	s.t.Helper()
	answer := s.call("POST", "/session", `{"code":"`+code+`"}`)
	require.Equal(s.t, 200, answer.StatusCode)
	var out struct{ Token string }
	require.NoError(s.t, json.NewDecoder(answer.Body).Decode(&out))
	require.GreaterOrEqual(s.t, len(out.Token), 26) // base32: 130 bits
	return out.Token
}

func as(token string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Tab", tabName)
	}
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(b)
}

const enableJane = `{"decisions":[{"id":"id-enable-jane.doe","accept":true,"password":"generated"}],"typed":1}`

func TestAttacks(t *testing.T) {
	desk := &paperDesk{view: sample()}
	s := serve(t, desk, brisk)
	token := s.insider()
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
	host := func(h string) func(*http.Request) { return func(r *http.Request) { r.Host = h } }
	port := s.host[strings.LastIndexByte(s.host, ':'):]

	for _, c := range []struct {
		name, method, path, body string
		change                   []func(*http.Request)
		want                     int
	}{
		{"foreign Host", "GET", "/api/state", "", []func(*http.Request){host("evil.example" + port)}, 403},
		{"localhost as Host", "GET", "/api/state", "", []func(*http.Request){host("localhost" + port)}, 403},
		{"Host without port", "GET", "/", "", []func(*http.Request){host("127.0.0.1")}, 403},
		{"no token", "GET", "/api/state", "", []func(*http.Request){header("Authorization", "")}, 401},
		{"wrong token", "GET", "/api/state", "", []func(*http.Request){header("Authorization", "Bearer "+strings.Repeat("A", 26))}, 401},
		{"token of another scheme", "GET", "/api/state", "", []func(*http.Request){header("Authorization", "Basic "+token)}, 401},
		{"token as a cookie", "GET", "/api/state", "", []func(*http.Request){header("Authorization", ""), header("Cookie", "token="+token)}, 401},
		{"no token for the stream", "GET", "/api/events", "", []func(*http.Request){header("Authorization", "")}, 401},
		{"no token for a decision", "POST", "/api/decisions", enableJane, []func(*http.Request){header("Authorization", "")}, 401},
		{"foreign Origin", "POST", "/api/decisions", enableJane, []func(*http.Request){header("Origin", "http://evil.example")}, 403},
		{"Origin of another port", "POST", "/api/decisions", enableJane, []func(*http.Request){header("Origin", "http://127.0.0.1:1")}, 403},
		{"null Origin", "POST", "/api/decisions", enableJane, []func(*http.Request){header("Origin", "null")}, 403},
		{"no Origin", "POST", "/api/decisions", enableJane, []func(*http.Request){header("Origin", "")}, 403},
		{"cross-site fetch", "POST", "/api/decisions", enableJane, []func(*http.Request){header("Sec-Fetch-Site", "cross-site")}, 403},
		{"same-site fetch", "GET", "/api/state", "", []func(*http.Request){header("Sec-Fetch-Site", "same-site")}, 403},
		{"cross-site script", "GET", "/page/main.js", "", []func(*http.Request){header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "no-cors"), header("Sec-Fetch-Dest", "script")}, 403},
		{"shell in a frame", "GET", "/", "", []func(*http.Request){header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "navigate"), header("Sec-Fetch-Dest", "iframe")}, 403},
		{"GET for a decision", "GET", "/api/decisions", "", nil, 405},
		{"PUT for a decision", "PUT", "/api/decisions", enableJane, nil, 405},
		{"preflight", "OPTIONS", "/api/decisions", "", []func(*http.Request){header("Access-Control-Request-Method", "POST")}, 405},
		{"form instead of JSON", "POST", "/api/decisions", enableJane, []func(*http.Request){header("Content-Type", "application/x-www-form-urlencoded")}, 415},
		{"text instead of JSON", "POST", "/api/decisions", enableJane, []func(*http.Request){header("Content-Type", "text/plain")}, 415},
		{"unknown field", "POST", "/api/decisions", `{"decisions":[],"typed":0,"force":true}`, nil, 400},
		{"a key twice", "POST", "/api/decisions", `{"decisions":[],"decisions":[],"typed":0}`, nil, 400},
		{"something behind the JSON", "POST", "/api/decisions", enableJane + `{}`, nil, 400},
		{"too much", "POST", "/api/decisions", `{"decisions":[{"id":"` + strings.Repeat("x", maxBody) + `"}]}`, nil, 400},
		{"another tab", "POST", "/api/decisions", enableJane, []func(*http.Request){header("Tab", "another-tab")}, 409},
		{"files of the program", "GET", "/page/../session.go", "", nil, 404},
		{"take-over where it is barred", "POST", "/api/decisions", `{"decisions":[{"id":"id-name-boris.barred","accept":true,"takeOver":true}],"typed":1}`, nil, 422},
		{"keep where there is no password", "POST", "/api/decisions", `{"decisions":[{"id":"id-enable-jane.doe","accept":true,"password":"keep"}],"typed":1}`, nil, 422},
		{"a weak password", "POST", "/api/decisions", `{"decisions":[{"id":"id-enable-jane.doe","accept":true,"password":"typed","typed":"secret"}],"typed":1}`, nil, 422},
		{"no password", "POST", "/api/decisions", `{"decisions":[{"id":"id-enable-jane.doe","accept":true}],"typed":1}`, nil, 422},
		{"single ones in bulk", "POST", "/api/decisions", `{"decisions":[{"id":"id-adopt-alma.adopt","accept":true},{"id":"id-disable-dora.disable","accept":true}],"typed":2}`, nil, 422},
		{"an end too late", "POST", "/api/decisions", `{"decisions":[{"id":"id-disable-dora.disable","accept":false,"until":"2099-01-01"}],"typed":1}`, nil, 422},
		{"an end for a rejected enable", "POST", "/api/decisions", `{"decisions":[{"id":"id-enable-jane.doe","accept":false,"until":"2099-01-01"}],"typed":1}`, nil, 422},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := s.call(c.method, c.path, c.body, append([]func(*http.Request){as(token)}, c.change...)...)
			assert.Equal(t, c.want, answer.StatusCode, text(t, answer))
			assert.Empty(t, answer.Header.Values("Set-Cookie"))
			assert.Empty(t, answer.Header.Values("Access-Control-Allow-Origin"))
			assert.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
		})
	}
	assert.Empty(t, desk.taken(), "nothing of this reached the directory")
	require.Equal(t, 202, s.call("POST", "/api/decisions", enableJane, as(token)).StatusCode, "the session still works")
}

func TestShellHoldsNoData(t *testing.T) {
	s := serve(t, &paperDesk{view: sample()}, brisk)
	answer := s.call("GET", "/", "", header("Sec-Fetch-Site", "none"), header("Sec-Fetch-Mode", "navigate"), header("Sec-Fetch-Dest", "document"))
	body := text(t, answer)
	require.Equal(t, 200, answer.StatusCode)
	for _, secret := range []string{"plant.example", "Jane", codeOf(s.address)} {
		assert.NotContains(t, body, secret)
	}
	assert.NotContains(t, body, "<script>")
	assert.NotContains(t, body, "style=")
	assert.Equal(t, contentSecurityPolicy, answer.Header.Get("Content-Security-Policy"))
	assert.Equal(t, "nosniff", answer.Header.Get("X-Content-Type-Options"))
	assert.Equal(t, "no-referrer", answer.Header.Get("Referrer-Policy"))
	assert.Equal(t, "DENY", answer.Header.Get("X-Frame-Options"))
	assert.Equal(t, "same-origin", answer.Header.Get("Cross-Origin-Opener-Policy"))
	assert.Equal(t, "same-origin", answer.Header.Get("Cross-Origin-Resource-Policy"))
}

func TestReplayedDigestIsChangedMeanwhile(t *testing.T) {
	desk := &paperDesk{view: sample()}
	s := serve(t, desk, brisk)
	token := s.insider()
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
	for range 2 {
		require.Equal(t, 202, s.call("POST", "/api/decisions", enableJane, as(token)).StatusCode)
		require.Eventually(t, func() bool {
			return !strings.Contains(text(t, s.call("GET", "/api/state", "", as(token))), `"what":"decisions"`)
		}, patience, 1e7)
	}
	assert.Len(t, desk.taken(), 1, "a digest is carried out once")
	state := text(t, s.call("GET", "/api/state", "", as(token)))
	assert.Contains(t, state, string(plan.Changed))
}

func TestBulkNeedsItsNumber(t *testing.T) {
	desk := &paperDesk{view: many(21)}
	s := serve(t, desk, brisk)
	token := s.insider()
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
	var ds []decision
	for _, q := range desk.view.Questions {
		ds = append(ds, decision{ID: q.ID, Accept: true, Password: generated})
	}
	send := func(typed int) int {
		body, err := json.Marshal(map[string]any{"decisions": ds, "typed": typed})
		require.NoError(t, err)
		return s.call("POST", "/api/decisions", string(body), as(token)).StatusCode
	}
	assert.Equal(t, 422, send(0))
	assert.Equal(t, 422, send(20))
	assert.Equal(t, 202, send(21))
}

func TestTakenPortIsAnError(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	_, err = Run(t.Context(), Options{Desk: &paperDesk{}, Config: schema.Session{Port: port}})
	require.ErrorContains(t, err, "on port")
}

func TestEveryDecisionIsLogged(t *testing.T) {
	desk := &paperDesk{view: sample()}
	s := serve(t, desk, brisk)
	token := s.insider()
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
	typedPassword := "Plum-Harbour-Quilt-77"
	require.Equal(t, 202, s.call("POST", "/api/decisions",
		`{"decisions":[{"id":"id-enable-jane.doe","accept":true,"password":"typed","typed":"`+typedPassword+`"}],"typed":1}`, as(token)).StatusCode)
	require.Eventually(t, func() bool { return len(desk.taken()) == 1 && strings.Contains(s.log.String(), "carried out") }, patience, 1e7)
	for _, part := range []string{`"operator":"jdoe"`, `"identity":"PLANT\\approver"`, `"digest":"id-enable-jane.doe"`, `"decision":"accepted"`, `"outcome":"done"`} {
		assert.Contains(t, s.log.String(), part)
	}
	s.cancel()
	sum, err := s.wait()
	require.NoError(t, err)
	assert.Equal(t, []string{"jane.doe"}, sum.Unsaved)
	assert.NotContains(t, s.log.String(), typedPassword)
	assert.NotContains(t, s.log.String(), token)
	assert.Equal(t, typedPassword, desk.taken()[0].Password.Reveal())
}

func TestInterruptWarnsOnceOfUnsavedPasswords(t *testing.T) {
	desk := &paperDesk{view: sample()}
	s := serve(t, desk, brisk)
	token := s.insider()
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
	require.Equal(t, 202, s.call("POST", "/api/decisions", enableJane, as(token)).StatusCode)
	require.Eventually(t, func() bool { return strings.Contains(s.log.String(), "carried out") }, patience, 1e7)

	s.interrupt <- os.Interrupt
	s.read("1 new password not handed out")
	select {
	case <-s.ended:
		t.Fatal("the first Ctrl-C ends the session")
	default:
	}
	s.interrupt <- os.Interrupt
	s.read("These accounts have a new password")
	s.read("jane.doe")
	sum, err := s.wait()
	require.NoError(t, err)
	assert.Equal(t, Summary{Ended: "interrupted at the terminal", Done: 1, What: []string{"1 enabled"}, Open: len(sample().Questions) - 1, Unsaved: []string{"jane.doe"}}, sum)
}

func TestInterruptEndsAtOnceWithoutPasswords(t *testing.T) {
	s := serve(t, &paperDesk{view: sample()}, brisk)
	s.interrupt <- os.Interrupt
	sum, err := s.wait()
	require.NoError(t, err)
	assert.Empty(t, sum.Unsaved)
}

// Whoever comes back after a night has time to open the stream, however long
// ago the last tab went.
func TestComingBackDoesNotEndTheSession(t *testing.T) {
	still := brisk
	still.tick, still.grace = time.Hour, time.Hour
	s := serve(t, &paperDesk{view: sample()}, still)
	s.signIn(codeOf(s.address))
	s.leaveIdle(still.idle)
	require.Empty(t, s.session.watch(), "locked")
	s.session.hub.left = time.Now().Add(-2 * still.grace)
	require.Empty(t, s.session.watch(), "a locked page is not missed")
	s.signIn(codeOf(s.enter()))
	assert.Empty(t, s.session.watch())
}

// Any user of the machine can send wrong codes.
func TestWrongCodesDoNotKeepAClosedSessionAlive(t *testing.T) {
	still := brisk
	still.tick, still.grace = time.Hour, time.Hour
	s := serve(t, &paperDesk{view: sample()}, still)
	s.signIn(codeOf(s.address))
	s.session.hub.left = time.Now().Add(-2 * still.grace)
	for _, code := range []string{"", "AAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		require.Equal(t, 403, s.call("POST", "/session", `{"code":"`+code+`"}`).StatusCode)
	}
	require.Equal(t, 401, s.call("POST", "/api/active", "{}", as("wrong")).StatusCode)
	assert.Equal(t, "the page was closed", s.session.watch())
}

func TestHeartbeatOfTheEventStream(t *testing.T) {
	t.Parallel() // it waits
	for _, seconds := range []int{1, 2} {
		s := serve(t, &paperDesk{view: sample()}, brisk, func(o *Options) { o.Config.HeartbeatInterval = seconds })
		token := s.signIn(codeOf(s.address))
		stream := s.call("GET", "/api/events", "", as(token))
		require.Equal(t, 200, stream.StatusCode)
		began, beats := time.Now(), 0
		for lines := bufio.NewScanner(stream.Body); beats < 2 && lines.Scan(); {
			if strings.Contains(lines.Text(), "heartbeat") {
				beats++
			}
		}
		assert.GreaterOrEqual(t, time.Since(began), 2*time.Duration(seconds)*time.Second-100*time.Millisecond)
		state := text(t, s.call("GET", "/api/state", "", as(token)))
		assert.Contains(t, state, fmt.Sprintf(`"heartbeat":%d`, seconds), "the page knows when silence is strange")
	}
}
