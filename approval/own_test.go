package approval

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNobodyApprovesTheOwnAccount(t *testing.T) {
	for _, c := range []struct{ operator, identity string }{{`CORP\Jane.Doe`, "svc"}, {"jdoe", `PLANT\JANE.DOE`}, {"jdoe", "jane.doe@plant.example"}} {
		desk := &paperDesk{view: sample()}
		desk.view.Identity = c.identity
		s := serve(t, desk, brisk, func(o *Options) { o.Operator = c.operator })
		token := s.insider()
		require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
		answer := s.call("POST", "/api/decisions", enableJane, as(token))
		assert.Equal(t, 422, answer.StatusCode)
		assert.Contains(t, text(t, answer), "the account you run as")
	}
}

// A rejection would keep someone's own account or membership.
func TestNobodyRejectsWhatIsTakenFromTheOwnAccount(t *testing.T) {
	for operator, body := range map[string]string{
		"dora.disable": `{"decisions":[{"id":"id-disable-dora.disable","accept":false}],"typed":1}`,
		"lea.leave":    `{"decisions":[{"id":"id-leave-lea.leave-p-Viewers","accept":false}],"typed":1}`,
	} {
		desk := &paperDesk{view: sample()}
		s := serve(t, desk, brisk, func(o *Options) { o.Operator = operator })
		token := s.insider()
		require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
		answer := s.call("POST", "/api/decisions", body, as(token))
		assert.Equal(t, 422, answer.StatusCode)
		assert.Contains(t, text(t, answer), "the account you run as")
		assert.Empty(t, desk.taken())
		other := strings.Replace(enableJane, `"accept":true,"password":"generated"`, `"accept":false`, 1)
		assert.Equal(t, 202, s.call("POST", "/api/decisions", other, as(token)).StatusCode)
	}
}
