package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is written for programs is looked at on terminals, too.
func TestJSONHasNothingThatATerminalObeys(t *testing.T) {
	name := "CN=J\u009b31mane\u202e <Jörg>"
	var out strings.Builder
	require.NoError(t, writeJSON(&out, []string{name}))
	assert.Equal(t, "[\n    \"CN=J\\u009b31mane\\u202e <Jörg>\"\n]\n", out.String())
	var read []string
	require.NoError(t, json.Unmarshal([]byte(out.String()), &read))
	assert.Equal(t, []string{name}, read)
}
