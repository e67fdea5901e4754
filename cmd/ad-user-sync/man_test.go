package main

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheManualPage(t *testing.T) {
	page, err := exec.Command(binary, "man").Output()
	require.NoError(t, err)
	assert.Contains(t, string(page), `.SS "resolutions forget`)
	assert.Contains(t, string(page), `.B \-\-dry\-run`)
	assert.NotContains(t, string(page), ".SS complete", "what people do not type")

	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	codes := regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllStringSubmatch(string(readme), -1)
	require.Len(t, exitMeanings, len(codes), "the README has the exit codes")
	for _, code := range codes {
		n, err := strconv.Atoi(code[1])
		require.NoError(t, err)
		assert.NotEmpty(t, exitMeanings[n])
	}
}
