package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

func (s *scene) descriptor(cn string) []byte {
	return s.get(s.account(cn), "nTSecurityDescriptor").Values("nTSecurityDescriptor")[0]
}

func (s *scene) mayChangePassword(cn string) bool {
	_, denied, err := acl.AllowChangePassword(s.descriptor(cn))
	require.NoError(s.t, err)
	return !denied
}

// left is a desk before which Jane Doe returns, under other options than those
// of her first password.
func (s *scene) left(now string) *Desk {
	s.run(s.file(s.person("Max Muster")))
	s.with(now)
	return s.desk(s.file(s.person("Jane Doe"), s.person("Max Muster")))
}

func testOurDenyEntriesGoOnceTheOptionIsOff(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		s.with(`"users_can_not_change_password": true`)
		s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
		require.False(t, s.mayChangePassword("Jane Doe"))

		s.enable(s.left(`"users_must_change_password": true`), "Jane Doe")
		assert.True(t, s.mayChangePassword("Jane Doe"))
		assert.Equal(t, "0", s.get(s.account("Jane Doe"), "pwdLastSet").Text("pwdLastSet"))
		assert.False(t, s.mayChangePassword("Max Muster"), "nobody sets a password there")
	})
}

func testNobodyHasToChangeAPasswordThatTheyCanNotChange(t *testing.T) {
	s := newScene(t)
	s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	denied, _, err := acl.DenyChangePassword(s.descriptor("Jane Doe"))
	require.NoError(t, err)
	require.NoError(t, s.dir.Modify(t.Context(), s.account("Jane Doe"), []ad.Change{{Attribute: "nTSecurityDescriptor", Values: [][]byte{denied}}}))

	d := s.left(`"users_must_change_password": true`)
	q := s.question(d, plan.Enable, "Jane Doe")
	usn := s.usn()
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Contains(t, r[0].Problem, "User cannot change password")
	assert.Equal(t, usn, s.usn(), "an entry that an administrator wrote is not taken away, and no password is set")

	s.with(`"users_must_change_password": true, "accept_from_file": true`)
	jane, password := s.person("Jane Doe"), testPassword
	file := s.file(jane, s.person("Max Muster"))
	require.NoError(t, SaveResolutions(s.cfg.ResolutionsFile, []schema.Resolution{
		{Type: "enable", User: "Jane Doe", Anchor: jane.ObjectGUID, Accept: true, Password: &password, Timestamp: s.now}}))
	dry, err := s.start(file, func(o *Options) { o.DryRun = true }).Run(t.Context())
	require.NoError(t, err)
	require.Len(t, dry.Report.Failed, 1)
	assert.Contains(t, dry.Report.Failed[0].Reason, "User cannot change password")
	run, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, run.Report.Failed, dry.Report.Failed, "a dry run says the same")
	require.NoError(t, SaveResolutions(s.cfg.ResolutionsFile, nil))

	s.with("")
	s.enable(s.desk(s.file(s.person("Jane Doe"), s.person("Max Muster"))), "Jane Doe")
	assert.False(t, s.mayChangePassword("Jane Doe"))
}
