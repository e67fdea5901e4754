package export_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/schema"
)

func TestPreviewTellsWhoGoesAndWhyOthersDoNot(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"sAMAccountName": {"adm-*"}} })
	p, err := export.Preview(t.Context(), corp(), cfg)
	require.NoError(t, err)
	var lines []string
	for _, c := range p.Candidates {
		lines = append(lines, c.SAMAccountName+": "+c.LeftOut)
	}
	assert.Equal(t, []string{
		"boss: ", "jdoe: ", "gparty: ", // who goes, by common name
		`Circle: a group in a search group; its members go only where "nested_groups" is true`,
		`adm-jane: exclude: sAMAccountName is "adm-jane", which matches "adm-*"`,
		"jmueller: in none of search_groups", "ngroup: in none of search_groups",
	}, lines)
	assert.Equal(t, `exclude: sAMAccountName matches "adm-*"`, p.Candidates[4].Rule)
	assert.True(t, p.Candidates[2].Disabled)
	file, _ := exported(t, corp(), cfg)
	assert.Len(t, accounts(file), p.Going(), "the preview and the file agree")
}

func TestPreviewMarksTheExpiredAndCountsWhoIsFoundTwice(t *testing.T) {
	d := corp()
	d.SetTime(time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC)) // when jdoe expires
	cfg := config(t, func(c *schema.ExportConfig) {
		c.Queries = []schema.Query{{Base: c.UserPath}, {Base: c.UserPath, Filter: "(sAMAccountName=jdoe)"}}
	})
	p, err := export.Preview(t.Context(), d, cfg)
	require.NoError(t, err)
	assert.Equal(t, 1, p.Twice)
	for _, c := range p.Candidates {
		assert.Equal(t, c.SAMAccountName == "jdoe", c.Expired, c.SAMAccountName)
	}
}

func TestPreviewWarnsWhereTheExportDoes(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups = append(c.SearchGroups, "CN=Circle")
		c.Attributes, c.Exclude = []string{"mail"}, map[string][]string{"mail": {"*"}}
	})
	dir := &blind{corp(), "mail"}
	p, err := export.Preview(t.Context(), dir, cfg)
	require.NoError(t, err)
	_, result := exported(t, dir, cfg)
	assert.Equal(t, result.Warnings, p.Warnings)
	assert.Len(t, p.Warnings, 3)
}

func TestPreviewFailsWhereNobodyGoes(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"cn": {"*"}} })
	p, err := export.Preview(t.Context(), corp(), cfg)
	require.ErrorIs(t, err, export.ErrNoUsers)
	assert.Len(t, p.Candidates, 7, "and tells of whom")
}
