package export_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/schema"
)

func TestPreviewTellsWhoGoesAndWhyOthersDoNot(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"sAMAccountName": {"adm-*"}} })
	leftOut := map[string]string{}
	require.NoError(t, export.Preview(t.Context(), corp(), cfg, func(c export.Candidate) error {
		leftOut[c.SAMAccountName] = c.LeftOut
		return nil
	}))
	assert.Equal(t, map[string]string{
		"boss": "", "jdoe": "", "gparty": "", "jmueller": "in none of search_groups", "ngroup": "in none of search_groups",
		"adm-jane": `exclude: sAMAccountName is "adm-jane", which matches "adm-*"`,
	}, leftOut)
	file, _ := exported(t, corp(), cfg)
	for _, name := range accounts(file) {
		assert.Empty(t, leftOut[name], "the preview and the file agree")
	}
}

func TestPreviewFailsWhereNobodyGoes(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"cn": {"*"}} })
	err := export.Preview(t.Context(), corp(), cfg, func(export.Candidate) error { return nil })
	require.ErrorIs(t, err, export.ErrNoUsers)
}
