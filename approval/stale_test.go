package approval

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// A "no" to a card that is out of date is not kept: the person is told so, as of a "yes",
// and asked again.
func TestARejectionOfWhatIsNotAskedAnyMoreIsTold(t *testing.T) {
	for _, verb := range []string{"rejected", "accepted"} {
		desk := &paperDesk{view: sample()}
		s := serve(t, desk, brisk)
		token := s.insider()
		state := func() string {
			r := s.call("GET", "/api/state", "", as(token))
			require.Equal(t, 200, r.StatusCode)
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			return string(body)
		}
		state()
		const old, fresh = "id-adopt-alma.adopt", "id-adopt-alma.adopt-new"
		desk.change(old, func(q *plan.Question) { q.ID = fresh })
		state() // in another tab, or after another answer
		accept := map[bool]string{true: "true", false: "false"}[verb == "accepted"]
		require.Equal(t, 202, s.call("POST", "/api/decisions", `{"decisions":[{"id":"`+old+`","accept":`+accept+`}],"typed":1}`, as(token)).StatusCode)
		require.Eventually(t, func() bool { return strings.Contains(s.log.String(), askedNoMore) }, patience, 1e7)
		assert.Empty(t, desk.taken())
		now := state()
		assert.Contains(t, now, fresh)
		assert.Contains(t, now, "This changed meanwhile.")
		assert.Contains(t, now, "nothing was done or kept")
		s.call("POST", "/api/end", `{"leave":true}`, as(token))
		s.read("0 done, 0 rejected, 0 failed, 1 changed meanwhile")
	}
}
