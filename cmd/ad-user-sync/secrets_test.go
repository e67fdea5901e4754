//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// Windows PowerShell redirects as UTF-16 with a byte order mark.
func TestSecretsInTheEncodingOfTheirFile(t *testing.T) {
	for name, content := range map[string]string{
		"plain": "abc\n", "UTF-8 with mark": "\xef\xbb\xbfabc\r\n", "UTF-16": "\xff\xfea\x00b\x00c\x00\r\x00\n\x00",
	} {
		path := filepath.Join(t.TempDir(), "secret")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		a := &app{std: streams{err: &bytes.Buffer{}}}
		secret, err := a.readSecret("hmac_file", path)
		require.NoError(t, err, name)
		assert.Equal(t, "abc", secret, name)
	}
	_, err := (&app{}).readSecret("hmac_file", filepath.Join(t.TempDir(), "missing"))
	require.ErrorContains(t, err, "hmac_file")
	assert.Equal(t, exitUsage, exitCode(err))
}

// A controller would call the password wrong.
func TestSecretsInACodePageAreNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	for name, content := range map[string]string{"Windows-1252": "Gr\xfc\xdfe-4711", "code page 850": "Gr\x81\xe1e-4711"} {
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		_, err := (&app{std: streams{err: &bytes.Buffer{}}}).readSecret("password_file", path)
		require.ErrorContains(t, err, "is neither UTF-8 nor UTF-16 text", name)
		assert.NotContains(t, err.Error(), "4711")
		assert.Equal(t, exitUsage, exitCode(err))
	}
}

// Someone who logs off, or a service that stops, is not asked twice.
func TestTerminateCountsTwice(t *testing.T) {
	passed, stop := interrupted()
	defer stop()
	require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGTERM))
	assert.Equal(t, syscall.SIGTERM, <-passed)
	assert.Equal(t, syscall.SIGTERM, <-passed)
}

// Only a password that would be read from the environment is advised to go there.
func TestTheWayToGiveAPasswordIsTrue(t *testing.T) {
	t.Setenv(passwordVariable, "")
	require.NoError(t, os.Unsetenv(passwordVariable))
	a := &app{}
	for _, environment := range []bool{true, false} {
		_, err := a.givenPassword(&schema.Directory{Username: "anna"}, environment)
		require.Error(t, err)
		assert.Equal(t, environment, strings.Contains(err.Error(), passwordVariable))
	}
}
