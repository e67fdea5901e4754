package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What was answered about an account holds when it is seen again.
func TestAnswersOutlastARunThatSeesTheAccountNowhere(t *testing.T) {
	disabled := func(u schema.User) schema.User { u.Disabled = true; return u }
	hideAndShow := func(s *scene, jane, meanwhile schema.User, max schema.User) *Result {
		s.unlisted("Jane Doe")
		s.run(s.file(meanwhile, max))
		s.visible()
		return s.run(s.file(jane, max))
	}
	t.Run("membership that was kept", func(t *testing.T) {
		s := newScene(t)
		jane, max := s.person("Jane Doe"), s.person("Max Muster")
		s.staffed(max)
		s.user(s.account("Jane Doe"), "jane", nil)
		s.join("p-Editors", s.account("Jane Doe"))
		s.takeOver(s.desk(s.file(jane, max)), plan.Adopt, "Jane Doe", plan.Keeps{Password: true, Expiry: true, Memberships: true})
		s.run(s.file(jane, max))
		s.leave("p-Editors", s.account("Jane Doe")) // else its member shows the account
		hideAndShow(s, jane, jane, max)
		s.join("p-Editors", s.account("Jane Doe"))
		s.run(s.file(jane, max))
		assert.Equal(t, []string{"Jane Doe"}, s.members("p-Editors"))
	})
	for name, change := range map[string]func(schema.User) schema.User{"active": func(u schema.User) schema.User { return u }, "disabled in the source": disabled} {
		t.Run("rejected enable, "+name, func(t *testing.T) {
			s := newScene(t)
			jane, max := s.person("Jane Doe"), s.person("Max Muster")
			s.staffed(max)
			d := s.desk(s.file(jane, max))
			s.decide(d, plan.Answer{ID: s.question(d, plan.Enable, "Jane Doe").ID, Reason: "never"})
			assert.Empty(t, hideAndShow(s, jane, change(jane), max).Plan.Questions)
			assert.Len(t, s.keptAnswers(), 1)
		})
	}
}
