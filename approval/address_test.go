package approval

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

func TestReplayedCodeEndsTheSession(t *testing.T) {
	s := serve(t, &paperDesk{view: sample()}, brisk)
	token := s.signIn(codeOf(s.address))
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)

	require.Equal(t, 403, s.call("POST", "/session", `{"code":"`+codeOf(s.address)+`"}`).StatusCode)
	_, err := s.wait()
	require.ErrorIs(t, err, errReplayed)
	s.read("ALARM")
	assert.Contains(t, s.log.String(), endedByReplay)
	assert.NotContains(t, s.log.String(), token)
	assert.NotContains(t, s.log.String(), codeOf(s.address))
}

func TestAlarmListsWhatWasDecided(t *testing.T) {
	desk := &paperDesk{view: sample()}
	s := serve(t, desk, brisk)
	token := s.insider()
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
	require.Equal(t, 202, s.call("POST", "/api/decisions", `{"decisions":[{"id":"id-join-paul.privileged-p-Administrators","accept":true}],"typed":1}`, as(token)).StatusCode)
	require.Eventually(t, func() bool { return strings.Contains(s.log.String(), "carried out") }, patience, 1e7)
	require.Equal(t, 403, s.call("POST", "/session", `{"code":"`+codeOf(s.address)+`"}`).StatusCode)
	s.read("Check each of its decisions")
	s.read("join p-Administrators of P3KI Paul Privileged (paul.privileged): accepted, done")
	_, err := s.wait()
	require.ErrorIs(t, err, errReplayed)
	assert.Contains(t, s.log.String(), "check its decisions")
}

// What a browser was given lasts as long as the address is worth something.
func TestBrowserIsGivenWhatLastsAsLongAsTheAddress(t *testing.T) {
	short := brisk
	short.code = 50 * time.Millisecond
	for name, c := range map[string]struct {
		timing timing
		until  func(*served)
		lasts  bool
	}{
		"it was exchanged":        {brisk, func(s *served) { s.signIn(codeOf(s.address)) }, false},
		"another was printed":     {brisk, func(s *served) { s.enter() }, false},
		"it expired":              {short, func(*served) {}, false},
		"the session ended":       {brisk, func(s *served) { s.interrupt <- os.Interrupt }, false},
		"somebody guessed a code": {brisk, func(s *served) { s.call("POST", "/session", `{"code":"guess"}`) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			given, gone := make(chan string, 1), make(chan struct{})
			s := serve(t, &paperDesk{view: sample()}, c.timing, func(o *Options) {
				o.Open = func(ctx context.Context, address string) error {
					given <- address
					<-ctx.Done()
					close(gone)
					return nil
				}
			})
			assert.Equal(t, s.address, <-given)
			c.until(s)
			if c.lasts {
				select {
				case <-gone:
					assert.Fail(t, "it is gone too early")
				default:
				}
				return
			}
			select {
			case <-gone:
			case <-time.After(patience):
				assert.Fail(t, "it stays")
			}
		})
	}
}

func TestUnknownCodeIsRefusedAndNothingMore(t *testing.T) {
	s := serve(t, &paperDesk{view: sample()}, brisk)
	assert.Equal(t, 403, s.call("POST", "/session", `{"code":"guess"}`).StatusCode)
	assert.Equal(t, 403, s.call("POST", "/session", `{"code":""}`).StatusCode)
	s.signIn(codeOf(s.address))
}

func TestEnterPrintsANewAddress(t *testing.T) {
	s := serve(t, &paperDesk{view: sample()}, brisk)
	first := s.signIn(codeOf(s.address))
	second := s.enter()
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(first)).StatusCode, "printing an address changes nothing yet")
	token := s.signIn(codeOf(second))
	assert.Equal(t, 401, s.call("GET", "/api/state", "", as(first)).StatusCode, "signing in again takes over")
	assert.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
	third := s.enter()
	fourth := s.enter()
	assert.Equal(t, 403, s.call("POST", "/session", `{"code":"`+codeOf(third)+`"}`).StatusCode, "only the newest address works")
	s.signIn(codeOf(fourth))
}

func TestAlarmListsWhatWasDoneToMany(t *testing.T) {
	desk := &paperDesk{view: silence(3)}
	desk.view.Plan = "plan-1"
	desk.view.Trips = []plan.Trip{{Name: "disable", Accounts: []plan.Person{*asks(plan.Disable, "", "Anna A").Person}}}
	s := serve(t, desk, brisk)
	token := s.insider()
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
	require.Equal(t, 204, s.call("POST", "/api/prolong", `{"offer":"offer of 3","days":14,"reason":"the courier is ill","typed":3}`, as(token)).StatusCode)
	require.Equal(t, 204, s.call("POST", "/api/release", `{"plan":"plan-1","accounts":1}`, as(token)).StatusCode)
	require.Equal(t, 403, s.call("POST", "/session", `{"code":"`+codeOf(s.address)+`"}`).StatusCode)
	s.read("Check each of its decisions")
	s.read("14 days more for 3 accounts (the courier is ill): 3 given more time")
	s.read("limits overridden for 1 account: 1 disabled")
	_, err := s.wait()
	require.ErrorIs(t, err, errReplayed)
}
