package approval

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

var jane = plan.Person{AccountName: "jdoe", DisplayName: "Jane Doe", CN: "Jane Doe"}

func TestPassphraseShape(t *testing.T) {
	p, err := newPassphrases(schema.Session{PasswordSuffix: "!x"})
	require.NoError(t, err)
	seen := map[string]bool{}
	for range 200 {
		secret, err := p.of(jane, plan.PasswordPolicy{MinLength: 8, Complex: true}, 0)
		require.NoError(t, err)
		assert.Regexp(t, regexp.MustCompile(`^[A-Z][a-z]*-([A-Za-z]+-)+[0-9]{2}!x$`), secret.Reveal())
		seen[secret.Reveal()] = true
	}
	assert.Len(t, seen, 200)
}

func TestPassphraseIsLengthenedForThePolicy(t *testing.T) {
	p, err := newPassphrases(schema.Session{PasswordWordCount: 2})
	require.NoError(t, err)
	policy := plan.PasswordPolicy{MinLength: 60, Complex: true}
	secret, err := p.of(jane, policy, 0)
	require.NoError(t, err)
	assert.Empty(t, policy.Broken(secret.Reveal(), jane.AccountName, jane.DisplayName))

	_, err = p.of(jane, plan.PasswordPolicy{MinLength: 1000}, 0)
	require.ErrorContains(t, err, "at least 1000 characters")
}

func TestOwnWordList(t *testing.T) {
	file := filepath.Join(t.TempDir(), "words.txt")
	var b strings.Builder
	b.WriteString("# words\n")
	for i := range 1200 {
		fmt.Fprintf(&b, "%05d über%c%c%c\r\n", i, 'a'+i%26, 'a'+i/26%26, 'a'+i/676)
	}
	require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o600))
	p, err := newPassphrases(schema.Session{PasswordWordlist: file, PasswordWordCount: 4})
	require.NoError(t, err)
	secret, err := p.of(jane, plan.PasswordPolicy{}, 0)
	require.NoError(t, err)
	assert.Regexp(t, `^(Über[a-z]{3}-){4}[0-9]{2}$`, secret.Reveal())
}

func TestGermanWords(t *testing.T) {
	words := strings.Fields(germanWords)
	assert.Len(t, words, 2791, "docs/approval.md: 41 bits in three of them and two digits")
	assert.Equal(t, strings.Join(words, "\n")+"\n", germanWords, "one a line")
	for i, word := range words {
		assert.Regexp(t, `^[a-z]{3,9}$`, word)
		assert.NotRegexp(t, `^(andacht|arsenal|fasten|gnade|kaliber|kanzel|kapelle|kippe|kirche|kloster|messe$|pfingsten|pilger|tempel)`, word)
		if i > 0 {
			assert.Less(t, words[i-1], word, "sorted, and none twice")
			assert.NotEqual(t, words[i-1], word[:min(len(words[i-1]), len(word))], "none begins with another")
		}
	}
	p, err := newPassphrases(schema.Session{PasswordWordlist: "de", PasswordWordCount: 4})
	require.NoError(t, err)
	secret, err := p.of(jane, plan.PasswordPolicy{MinLength: 14, Complex: true, History: 24}, 0)
	require.NoError(t, err)
	parts := strings.Split(secret.Reveal(), "-")
	require.Len(t, parts, 5)
	for _, word := range parts[:4] {
		assert.Contains(t, words, strings.ToLower(word))
	}
	assert.Regexp(t, `^[0-9]{2}$`, parts[4])
}

func TestWordListFaults(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	for _, c := range []struct {
		config schema.Session
		want   string
	}{
		{schema.Session{PasswordWordlist: filepath.Join(dir, "missing")}, "missing"},
		{schema.Session{PasswordWordlist: write("few", "one\ntwo\n")}, "2 different words"},
		{schema.Session{PasswordWordlist: write("hidden", "w\u200bord\n")}, "w[U+200B]ord"},
		{schema.Session{PasswordWordlist: write("latin1", "\xfcber\n")}, "not UTF-8"},
		{schema.Session{PasswordWordCount: -1}, "password_word_count"},
		{schema.Session{PasswordSuffix: "\n"}, "password_suffix"},
	} {
		assert.ErrorContains(t, Check(c.config), c.want)
	}
	assert.NoError(t, Check(schema.Session{PasswordWordlist: "eff"}))
}
