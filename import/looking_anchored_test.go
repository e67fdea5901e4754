package importer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// Accounts that carry an anchor while there is no ledger are shown to whoever looks, and no
// action names them: what they are by the start has to be what was seen.
func testAnchoredAccountsAreStartedAsSeen(t *testing.T) {
	const anchor = "ad-user-sync:6f9619ff-8b86-d011-b42d-00cf4fc964aa@corp.example"
	for name, c := range map[string]struct {
		then func(s *scene, anna, by ad.DN)
		says string // "": it is started
	}{
		"nothing":                {then: func(*scene, ad.DN, ad.DN) {}},
		"someone else's account": {then: func(s *scene, _, by ad.DN) { s.set(by, "userAccountControl", "514") }},
		"disabled":               {then: func(s *scene, anna, _ ad.DN) { s.set(anna, "userAccountControl", "514") }, says: "CN=Anna Old"},
		"ends":                   {then: func(s *scene, anna, _ ad.DN) { s.set(anna, "accountExpires", "134000000000000000") }, says: "CN=Anna Old"},
		"in a group":             {then: func(s *scene, anna, _ ad.DN) { s.join("p-Admins", anna) }, says: "CN=Anna Old"},
		"called otherwise":       {then: func(s *scene, anna, _ ad.DN) { s.set(anna, "sAMAccountName", "anna2") }, says: "CN=Anna Old"},
		"gone":                   {then: func(s *scene, anna, _ ad.DN) { s.remove(anna) }, says: "-"},
		"one more":               {then: func(s *scene, _, by ad.DN) { s.set(by, "adminDescription", strings.Replace(anchor, "aa@", "bb@", 1)) }, says: "CN=By Hand"},
		"its anchor is gone":     {then: func(s *scene, anna, _ ad.DN) { s.set(anna, "adminDescription", "") }, says: "CN=Anna Old"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			anna, by := s.account("Anna Old"), s.account("By Hand")
			s.user(anna, "anna", map[string]string{"adminDescription": anchor})
			s.user(by, "by.hand", nil)
			s.observing(5, 13, "")
			file := s.file(s.person("Jane Doe"))
			s.accept = file.SHA256
			s.built = writes(s.admin.Operations())
			r, err := s.onlyLook(file)
			require.NoError(t, err)
			c.then(s, anna, by)
			s.built = writes(s.admin.Operations())
			if c.says == "" {
				assert.Nil(t, s.run(file, starting(r.Plan.Digest)).Report.Guard)
				return
			}
			refused, err := s.onlyLook(file, starting(r.Plan.Digest))
			require.NoError(t, err)
			require.NotNil(t, refused.Report.Guard, "%v", refused.Report)
			assert.Equal(t, GuardObserve, refused.Report.Guard.Name)
			assert.Contains(t, refused.Report.Guard.Reason, "accounts that carry an anchor are not as they were: ")
			assert.Contains(t, refused.Report.Guard.Reason, c.says)
			assert.NotContains(t, refused.Report.Guard.Reason, "configuration")
			s.run(file, starting(refused.Plan.Digest))
		})
	}
}
