package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// An account that a killed run made is this program's also where an administrator
// moved it before the next run: its leaver does not work on once it is back.
func TestMadeByAKilledRunAndMovedOut(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max M")
	s.crashAt(1, true)
	require.True(t, s.crashed(s.file(jane)))
	s.mem.Fail(nil)
	made, away := s.account("Jane Doe"), s.mem.AddOU("OU=Away").Child("CN", "Jane Doe")
	require.NoError(t, s.admin.Rename(t.Context(), made, away))
	r, err := s.start(s.file(jane, max)).Run(t.Context())
	require.NoError(t, err)
	require.Equal(t, "moved-out", r.Report.RequiredInteractions[0].Code)

	require.NoError(t, s.admin.Rename(t.Context(), away, made))
	s.set(made, "unicodePwd", string(ad.PasswordValue("By-Hand-4711!")))
	s.set(made, "userAccountControl", "512")
	r, err = s.start(s.file(max)).Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Disabled)
}
