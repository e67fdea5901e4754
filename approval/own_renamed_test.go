package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// The own account is the own one also while it is to get another name, or is to be
// taken over.
func TestNobodyApprovesTheOwnAccountUnderAnotherName(t *testing.T) {
	for _, how := range []string{"renamed", "taken over"} {
		for _, c := range []struct{ operator, identity string }{{`CORP\Jane.Doe`, "svc"}, {"jdoe", `PLANT\JANE.DOE`}, {"jdoe", "jane.doe@plant.example"}} {
			desk := &paperDesk{view: sample()}
			desk.view.Identity, desk.view.Current = c.identity, map[adrules.GUID]plan.LogonNames{}
			for i := range desk.view.Questions {
				q := &desk.view.Questions[i]
				names := plan.LogonNames{AccountName: q.Person.AccountName, UPN: q.Person.UPN}
				q.Person.GUID, q.Person.AccountName, q.Person.UPN = adrules.GUID{byte(i + 1)}, "coming", "coming@plant.example"
				if how == "renamed" {
					desk.view.Current[q.Person.GUID] = names
				} else {
					q.Holder = &plan.Account{AccountName: names.AccountName, UPN: names.UPN}
				}
			}
			s := serve(t, desk, brisk, func(o *Options) { o.Operator = c.operator })
			token := s.insider()
			require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
			answer := s.call("POST", "/api/decisions", enableJane, as(token))
			assert.Equal(t, 422, answer.StatusCode, "%s %v", how, c)
			assert.Contains(t, text(t, answer), "the account you run as")
		}
	}
}
