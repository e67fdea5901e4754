package export_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// An import would refuse the file, after the good one was replaced.
func TestAFileThatAnImportWouldNotReadIsNotWritten(t *testing.T) {
	d := memad.New("corp.example", memad.At(clock))
	for i := range 20 {
		d.AddUser(memad.User{Parent: "OU=People", AccountName: fmt.Sprint("user", i), Attributes: map[string]string{
			"thumbnailPhoto": "\xff" + strings.Repeat("x", 3000), "info": strings.Repeat("y", 500), "department": "IT"}})
	}
	key, err := hmacfile.ParseKey("d8b1619ae68eec643255a74014233f6d")
	require.NoError(t, err)
	cfg := excluding(t, nil)
	cfg.Attributes = []string{"department", "info", "thumbnailPhoto"}
	signed := export.Options{Tool: "t", Key: &key}
	_, err = export.Run(t.Context(), d, cfg, signed)
	require.NoError(t, err)
	whole, err := os.Stat(cfg.ExportFile)
	require.NoError(t, err)

	export.LimitFile(t, whole.Size())
	_, err = export.Run(t.Context(), d, cfg, signed)
	require.NoError(t, err, "to the byte")
	export.LimitFile(t, whole.Size()-1)
	_, err = export.Run(t.Context(), d, cfg, signed)
	require.ErrorContains(t, err, "larger than an import takes", "the trailer counts")

	export.LimitFile(t, 40_000)
	run, _, check := refused(t, d, cfg)
	assert.Contains(t, run, "the largest attributes are thumbnailPhoto 0.0 MiB, info 0.0 MiB, department 0.0 MiB. Take thumbnailPhoto out of \"attributes\"")
	assert.Contains(t, check, "larger than an import takes")
}

func TestAFileWithMoreUsersThanAnImportTakesSaysWhatToDo(t *testing.T) {
	err := export.Explained(fmt.Errorf("%w: it has at most 3 users", userfile.ErrFull))
	require.ErrorIs(t, err, userfile.ErrFull)
	assert.ErrorContains(t, err, "it has at most 3 users; that much is reached with 0 users. Export fewer users, by several configurations")
}

func TestWhoHasMoreValuesThanAnImportTakesIsNamed(t *testing.T) {
	d := corp()
	for _, account := range []string{"many", "more"} {
		dn := d.AddUser(memad.User{Parent: "OU=People", AccountName: account})
		values(t, d, dn, "otherTelephone", userfile.MaxValues+1)
	}
	dn := d.AddUser(memad.User{Parent: "OU=People", AccountName: "most"})
	values(t, d, dn, "otherTelephone", userfile.MaxValues)
	cfg := excluding(t, nil)
	cfg.Attributes = []string{"otherTelephone"}
	run, preview, check := refused(t, d, cfg)
	for _, account := range []string{"many", "more"} {
		text := "otherTelephone of CN=" + account + ",OU=People,DC=corp,DC=example has 1001 values, and an import takes at most 1000 of one attribute"
		assert.Contains(t, run, "\n  "+text)
		assert.Contains(t, check, text)
	}
	assert.Contains(t, run, `take otherTelephone out of "attributes"`)
	assert.Equal(t, 7, preview.Going())
	cfg.Exclude = map[string][]string{"sAMAccountName": {"many", "more"}}
	file, _ := exported(t, d, cfg)
	assert.Len(t, find(t, file, "most").Attributes.List("otherTelephone"), userfile.MaxValues)
}

func TestMoreAttributesThanAnImportTakes(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		for i := range userfile.MaxAttributes + 1 {
			c.Attributes = append(c.Attributes, fmt.Sprint("a", i))
		}
	})
	require.ErrorIs(t, export.Validate(cfg), export.ErrConfig)
	cfg.Attributes = cfg.Attributes[1:]
	require.NoError(t, export.Validate(cfg))
}

func values(t *testing.T, d *memad.Directory, dn ad.DN, attribute string, n int) {
	t.Helper()
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint(i))
	}
	require.NoError(t, d.Modify(t.Context(), dn, []ad.Change{{Kind: ad.Replace, Attribute: attribute, Values: ad.Values(all...)}}))
}
