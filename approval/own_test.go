package approval

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
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

func TestNobodyGivesTheOwnAccountMoreTime(t *testing.T) {
	for _, now := range []string{"", "former"} { // what it is called while it waits for another name
		desk := &paperDesk{view: silence(3)}
		own := &desk.view.Offer.People[2].Person
		operator := own.AccountName
		if now != "" {
			own.GUID, operator = adrules.GUID{1}, now
			desk.view.Current = map[adrules.GUID]plan.LogonNames{own.GUID: {AccountName: now}}
		}
		s := serve(t, desk, brisk, func(o *Options) { o.Operator = `CORP\` + operator })
		token := s.insider()
		state := text(t, s.call("GET", "/api/state", "", as(token)))
		assert.NotContains(t, state, `"offered-2"`)
		assert.Contains(t, state, `{"user":"P3KI Person 002","reason":"the account you run as; another administrator has to decide"}`)
		give := func(one string, typed int) int {
			return s.call("POST", "/api/prolong", fmt.Sprintf(`{"offer":"offer of 3","one":%q,"days":14,"reason":"r","typed":%d}`, one, typed), as(token)).StatusCode
		}
		assert.Equal(t, 422, give("offered-2", 1))
		assert.Equal(t, 422, give("", 3))
		require.Equal(t, 204, give("", 2))
		assert.Equal(t, map[string]bool{"offered-0": true, "offered-1": true}, desk.granted[0].IDs)
	}
}
