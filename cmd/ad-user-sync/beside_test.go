package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSessionsBesideOneAnother(t *testing.T) {
	folder := t.TempDir()
	resolutions := filepath.Join(folder, "resolutions.json")
	var said bytes.Buffer
	log := zerolog.New(&said)
	others, leave := beside(t.Context(), resolutions, log)
	colleagues, leaveToo := beside(t.Context(), resolutions, log)
	elsewhere, leaveElsewhere := beside(t.Context(), filepath.Join(folder, "other.json"), log)
	assert.Len(t, others(), 1)
	assert.Len(t, colleagues(), 1)
	assert.Empty(t, elsewhere())
	leaveToo()
	assert.Empty(t, others())
	leave()
	leaveElsewhere()
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
	assert.Empty(t, said.String())

	others, leave = beside(t.Context(), filepath.Join(folder, "nowhere", "resolutions.json"), log)
	assert.Nil(t, others)
	leave()
	assert.Contains(t, said.String(), "other approval sessions cannot be told of this one")
}
