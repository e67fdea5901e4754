//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest/mailbox"
)

// A template of letters is given passwords: it is read where administrators alone can
// have written it, and held against what it may say before anything is done.
func TestLettersAreTakenFromAdministratorsAlone(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "letter.txt")
	require.NoError(t, os.WriteFile(path, []byte("{{.Account}}: {{.Password}}"), 0o600))
	p := newPost(t, mailbox.Options{})
	p.keys = fmt.Sprintf(`, "letter_template": %q`, path)
	p.configure()
	ask := func() (code int, said, checked string) {
		t.Helper()
		code, said = p.command("import", "--interactive", "--no-browser")
		_, checked = p.command("check", "import", "--format", "text")
		return code, said, checked
	}
	if os.Geteuid() != 0 { // whoever tests owns the template
		_, said, checked := ask()
		assert.Contains(t, said, "letter_template is given every new password, and "+path+" can be changed by its owner")
		assert.Contains(t, checked, "can be changed by its owner")
		return
	}
	_, said, checked := ask()
	assert.NotContains(t, said+checked, "letter_template")

	require.NoError(t, os.Chown(path, 54321, 54321))
	code, said, checked := ask()
	assert.Equal(t, exitUsage, code)
	for _, told := range []string{said, checked} {
		assert.Contains(t, told, "letter_template is given every new password, and "+path+" can be changed by its owner")
	}

	require.NoError(t, os.Chown(path, 0, 0))
	require.NoError(t, os.WriteFile(path, []byte("{{.Account}}: {{.Passwort}}"), 0o600))
	code, said, checked = ask()
	assert.Equal(t, exitUsage, code)
	for _, told := range []string{said, checked} {
		assert.Contains(t, told, "letter_template "+path)
		assert.Contains(t, told, "can't evaluate field Passwort")
	}
	code, said = p.command("import")
	assert.NotContains(t, said, "letter_template", "a scheduled import prints no letters: exit code %d", code)
}
