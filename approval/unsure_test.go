package approval

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The answer to an enable is lost: the account may be enabled with a password
// that no one else knows.
func TestPasswordThatWasPerhapsSetIsKept(t *testing.T) {
	desk := &paperDesk{view: sample(), unsure: map[string]bool{"jane.doe": true}}
	s := serve(t, desk, brisk)
	token := s.insider()
	state := func() string { return text(t, s.call("GET", "/api/state", "", as(token))) }
	enable := func() {
		t.Helper()
		before := len(desk.taken())
		require.Equal(t, 202, s.call("POST", "/api/decisions", enableJane, as(token)).StatusCode)
		require.Eventually(t, func() bool { return len(desk.taken()) > before && strings.Contains(state(), `"job":null`) }, patience, 1e7)
	}
	state()
	enable()
	assert.Contains(t, state(), `"unsaved":1`)
	assert.Contains(t, state(), `"perhaps":true`)
	password := desk.taken()[0].Password.Reveal()
	letters := text(t, s.call("POST", "/api/letters", "{}", as(token)))
	assert.Contains(t, letters, password)
	assert.Contains(t, letters, "Perhaps not set")
	assert.Contains(t, string(list(s.session.vault.all())), "perhaps not set")
	s.interrupt <- os.Interrupt
	s.read("1 new password not handed out")

	enable() // the question stood still
	assert.Equal(t, password, desk.taken()[1].Password.Reveal(), "the same, whichever request was carried out")
	assert.Equal(t, 1, strings.Count(text(t, s.call("POST", "/api/letters", "{}", as(token))), password))
	assert.NotContains(t, text(t, s.call("POST", "/api/letters", "{}", as(token))), "Perhaps")
}

func TestAccountThatIsPerhapsEnabledIsNamedAtTheEnd(t *testing.T) {
	desk := &paperDesk{view: sample(), unsure: map[string]bool{"jane.doe": true}}
	s := serve(t, desk, brisk)
	token := s.insider()
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
	require.Equal(t, 202, s.call("POST", "/api/decisions", enableJane, as(token)).StatusCode)
	require.Eventually(t, func() bool { return strings.Contains(s.log.String(), "carried out") }, patience, 1e7)
	s.interrupt <- os.Interrupt
	s.interrupt <- os.Interrupt
	s.read("  jane.doe (perhaps; the answer of the directory was lost)")
	sum, err := s.wait()
	require.NoError(t, err)
	assert.Equal(t, []string{"jane.doe"}, sum.Unsaved)
}

func TestInterruptWarnsWhileDecisionsAreCarriedOut(t *testing.T) {
	desk := &paperDesk{view: sample(), hold: make(chan struct{})}
	s := serve(t, desk, brisk)
	token := s.insider()
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
	require.Equal(t, 202, s.call("POST", "/api/decisions", enableJane, as(token)).StatusCode)
	s.interrupt <- os.Interrupt
	s.read("Decisions are being carried out")
	select {
	case <-s.ended:
		t.Fatal("the first Ctrl-C ends the session")
	default:
	}
	s.interrupt <- os.Interrupt
	_, err := s.wait()
	require.NoError(t, err)
}
