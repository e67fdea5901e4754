package config

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExamplesLoad(t *testing.T) {
	e, warnings, err := LoadExport("../../examples/export_config.json")
	require.NoError(t, err)
	assert.Empty(t, warnings)
	assert.True(t, filepath.IsAbs(e.ExportFile))

	i, warnings, err := LoadImport("../../examples/import_config.json")
	require.NoError(t, err)
	assert.Empty(t, warnings)
	assert.Equal(t, e.ExportFile, i.InputFile, "the import takes what the export wrote")
	assert.Equal(t, e.HMACFile, i.HMACFile)
	for name, rule := range i.Attributes {
		if rule.OnCreate != nil {
			continue
		}
		from := name
		if rule.From != "" {
			from = rule.From
		}
		assert.Contains(t, e.Attributes, from, "the export carries what the import wants")
	}
	for source := range i.GroupMap {
		if source != "*" {
			assert.Contains(t, e.SearchGroups, source)
		}
	}
}

func TestLabConfigurationsLoad(t *testing.T) {
	_, warnings, err := LoadExport("../../examples/lab/export_config.json")
	require.NoError(t, err)
	assert.Empty(t, warnings)
	_, warnings, err = LoadImport("../../examples/lab/import_config.json")
	require.NoError(t, err)
	assert.Empty(t, warnings)
}
