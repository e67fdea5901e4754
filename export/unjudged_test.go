package export_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
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

// checked returns the lines of a check, and how many of them failed.
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
	for _, c := range preview.Candidates {
		assert.Equal(t, c.SAMAccountName == "boss", c.CN == "Ada Okonkwo" && c.Rule == "accountExpires cannot be read", c.CN)
	}
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

// replicated shows one object under the name that a conflict gave it.
type replicated struct {
	*memad.Directory
	made ad.DN
	cn   string
}

func (r replicated) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	return r.Directory.Search(ctx, s, func(e ad.Entry) error {
		dn, values := r.made.Parent().Child("CN", r.cn), map[string][][]byte{}
		for _, name := range e.Names() {
			values[name] = e.Values(name)
		}
		for i, member := range values["member"] {
			if string(member) == r.made.String() {
				values["member"][i] = []byte(dn.String())
			}
		}
		if !e.DN.Equal(r.made) {
			return each(ad.NewEntry(e.DN, values))
		}
		values["cn"], values["distinguishedname"] = ad.Values(r.cn), ad.Values(dn.String())
		return each(ad.NewEntry(dn, values))
	})
}

func TestConflictObjectsAreNamedUnlessExcluded(t *testing.T) {
	memory := corp()
	made := memory.AddUser(memad.User{Parent: "OU=People", AccountName: "boss2", Groups: []string{"CN=t-Viewers,OU=Groups"}})
	d := replicated{memory, made, "Ada Okonkwo\nCNF:7a1c2b3d-8b86-d011-b42d-00cf4fc964aa"}
	twin := d.AddUser(memad.User{Parent: "OU=People", CN: "Twin", AccountName: "twin", Groups: []string{"CN=t-Viewers,OU=Groups"}})
	d.Overwrite(twin, map[string]string{"sAMAccountName": "$DUPLICATE-45f"})
	run, preview, _ := refused(t, d, config(t, nil))
	assert.Contains(t, run, `CN=Ada Okonkwo\0ACNF:7a1c2b3d-8b86-d011-b42d-00cf4fc964aa,OU=People,DC=corp,DC=example is what a replication conflict left`)
	assert.Contains(t, run, "CN=Twin,OU=People,DC=corp,DC=example is what a replication conflict left")
	assert.Contains(t, run, `"exclude"`)
	assert.NotContains(t, run, "needs the right")
	assert.Equal(t, 4, preview.Going())

	for name, exclude := range map[string]map[string][]string{
		"as the message says": {"cn": {"*CNF:*"}, "sAMAccountName": {"$DUPLICATE-*"}},
		"by name":             {"distinguishedName": {"*\\0ACNF:*"}, "cn": {"Twin"}},
	} {
		t.Run(name, func(t *testing.T) {
			file, result := exported(t, d, config(t, func(c *schema.ExportConfig) { c.Exclude = exclude }))
			assert.Len(t, file.Users, 4)
			assert.Equal(t, 3, result.LeftOut, "and the group in a group")
		})
	}
}
