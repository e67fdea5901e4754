package config

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEmbedding(t *testing.T) {
	program := []byte("\x7fELF and more")
	one, err := Embed(program, "import", []byte("a: 1\n"))
	require.NoError(t, err)
	assert.True(t, bytes.HasPrefix(one, program))
	two, err := Embed(one, "export", []byte("b: 2\n"))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "program")
	for side, of := range map[string][]byte{"import": one, "export": two, "": program} {
		require.NoError(t, os.WriteFile(path, of, 0o600))
		found, text, err := Embedded(path)
		require.NoError(t, err)
		assert.Equal(t, side, found)
		assert.Equal(t, map[string]string{"import": "a: 1\n", "export": "b: 2\n"}[side], string(text))
	}
	assert.Len(t, two, len(one), "the second took the place of the first")

	_, err = Embed(program, "import", []byte(strings.Repeat("x", maxConfigBytes+1)))
	assert.ErrorContains(t, err, "larger than")
	require.NoError(t, os.WriteFile(path, one[len(program)+1:], 0o600))
	_, _, err = Embedded(path)
	assert.ErrorContains(t, err, "damaged", "longer than the file")
	_, _, err = LoadImport(path)
	assert.ErrorContains(t, err, "damaged")
}
