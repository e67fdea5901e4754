package export_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/schema"
)

// refused runs an export, a preview and a check that have to fail, the old file
// staying, and gives what each says.
func refused(t *testing.T, d export.Directory, cfg *schema.ExportConfig) (run string, preview *export.Previewed, check string) {
	t.Helper()
	require.NoError(t, os.WriteFile(cfg.ExportFile, []byte("old"), 0o600))
	_, err := export.Run(t.Context(), d, cfg, options)
	require.Error(t, err)
	data, readErr := os.ReadFile(cfg.ExportFile)
	require.NoError(t, readErr)
	assert.Equal(t, "old", string(data))
	preview, previewErr := export.Preview(t.Context(), d, cfg)
	require.EqualError(t, previewErr, err.Error(), "the preview says what the export says")
	failed, check := checked(t, d, cfg)
	assert.Positive(t, failed)
	return err.Error(), preview, check
}

// checked gives the lines of a check, and how many of them failed.
func checked(t *testing.T, d export.Directory, cfg *schema.ExportConfig) (failed int, text string) {
	t.Helper()
	var lines []string
	export.Check(t.Context(), d, cfg, func(s schema.CheckStep) {
		if s.State == schema.CheckFailed {
			failed++
		}
		lines = append(lines, string(s.State)+" "+s.Step+": "+s.Text)
	})
	return failed, strings.Join(lines, "\n")
}

// A global catalog gives no accountExpires to anybody, whatever the access
// lists say.
func TestNobodyGoesAsIfNeverExpiring(t *testing.T) {
	run, preview, check := refused(t, &blind{corp(), "accountExpires"}, config(t, nil))
	for _, cn := range []string{"Ada Okonkwo", `Doe\, Jane`, "Gone Party", "Adm Jane"} {
		assert.Contains(t, run, "\n  accountExpires of CN="+cn+",OU=People,DC=corp,DC=example cannot be read\n")
		assert.Contains(t, check, "failed selection: accountExpires of CN="+cn+",OU=People,DC=corp,DC=example cannot be read")
	}
	assert.Contains(t, run, "of 4 users")
	assert.Contains(t, run, "global catalog")
	assert.Equal(t, "accountExpires cannot be read", preview.Candidates[0].Rule)
}

func TestEverybodyWhoCanNotBeJudgedIsNamed(t *testing.T) {
	d := &denied{Directory: corp(), t: t, by: map[string][]string{
		"CN=Ada Okonkwo,OU=People": {"objectGUID"}, `CN=Doe\, Jane,OU=People`: {"userAccountControl"}, "CN=Gone Party,OU=People": {"sAMAccountName"},
		"CN=Nina Keller,OU=Lab,OU=People": {"accountExpires"}, // in no group
	}}
	run, preview, _ := refused(t, d, config(t, nil))
	assert.Contains(t, run, "of 3 users")
	assert.Contains(t, run, "objectGUID of CN=Ada Okonkwo,")
	assert.Contains(t, run, `userAccountControl of CN=Doe\, Jane,`)
	assert.Contains(t, run, "sAMAccountName of CN=Gone Party,")
	assert.NotContains(t, run, "Nina")
	assert.Equal(t, 1, strings.Count(run, "needs the right"))
	assert.Equal(t, 1, preview.Going(), "adm-jane")

	d.by = map[string][]string{"CN=Nina Keller,OU=Lab,OU=People": {"accountExpires"}}
	_, err := export.Run(t.Context(), d, config(t, nil), options)
	require.NoError(t, err, "who does not go need not be read")
	_, err = export.TakeInventory(t.Context(), d, config(t, func(c *schema.ExportConfig) { c.SearchGroups = nil }), nil)
	require.ErrorContains(t, err, "accountExpires of CN=Nina Keller,")
}
