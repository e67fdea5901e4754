//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest/mailbox"
)

// Passwords are made of words that administrators or the approver chose.
func TestASessionRefusesWordsOfOthers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make a file of others")
	}
	path := filepath.Join(t.TempDir(), "words.txt")
	var words strings.Builder
	for i := range 8000 {
		_, _ = fmt.Fprintf(&words, "word%c%c%c%c\n", 'a'+i%20, 'a'+i/20%20, 'a'+i/400%20, 'a'+i/8000)
	}
	require.NoError(t, os.WriteFile(path, []byte(words.String()), 0o600))
	p := newPost(t, mailbox.Options{})
	p.keys = fmt.Sprintf(`, "password_wordlist": %q`, path)
	p.configure()
	_, checked := p.command("check", "import", "--format", "text")
	assert.NotContains(t, checked, "password_wordlist")

	require.NoError(t, os.Chown(path, 54321, 54321))
	code, said := p.command("import", "--interactive", "--no-browser")
	assert.Equal(t, exitUsage, code)
	_, checked = p.command("check", "import", "--format", "text")
	for _, told := range []string{said, checked} {
		assert.Contains(t, told, "can guess the passwords that are set from it, and "+path+" can be changed by its owner")
	}
	_, said = p.command("import")
	assert.NotContains(t, said, "password_wordlist", "a scheduled import sets no password")
}
