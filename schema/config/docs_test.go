package config

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestDocumentedKeys keeps docs/configuration.md in line with the schemas.
func TestDocumentedKeys(t *testing.T) {
	var s strings.Builder
	s.WriteString("# Every key of the configurations\n\nWritten from the JSON Schemas in [schema/config](../schema/config); `export --help` and `import --help` print the same.\nFile names in a configuration are relative to its folder.\n")
	for _, document := range []string{"export_config", "import_config"} {
		fmt.Fprintf(&s, "\n## %s.json\n\n| key | type | default | meaning | example |\n|---|---|---|---|---|\n", document)
		for _, key := range Keys(document) {
			fmt.Fprintf(&s, "| `%s` | %s | %s | %s | %s |\n", key.Name, cell(key.Type), code(key.Default), cell(key.Description), code(key.Example))
		}
	}
	golden := filepath.Join("..", "..", "docs", "configuration.md")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(s.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), s.String(), "renew it with: go test ./schema/config -run TestDocumentedKeys -update")
}

func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}

func code(text string) string {
	if text == "" || text == "required" {
		return text
	}
	return "`" + cell(text) + "`"
}
