package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A configuration is read wherever the program is started: names of folders are no part of
// the address of a schema.
func TestSchemasAreReadInAnyFolder(t *testing.T) {
	for _, name := range []string{"100%", "sp ace%n", "a#b?c", "ümlaut%zz", "[x]", `back\slash`} {
		folder := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.Mkdir(folder, 0o700))
		t.Chdir(folder)
		for _, schema := range schemaNames() {
			require.NotPanics(t, func() { compile(schema) }, name)
		}
	}
}
