package adtest

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// finds counts what would fail a test.
type finds struct {
	testing.TB
	said []string
}

func (f *finds) Errorf(format string, args ...any) {
	f.said = append(f.said, fmt.Sprintf(format, args...))
}

func TestSecretsAreFoundInEachEncoding(t *testing.T) {
	const secret = `Pä"ss+wörd/1&`
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "file"), []byte("before "+secret+" behind"), 0o600))
	texts := map[string]string{
		"json": `{"x":"P` + "ä" + `\"ss+wörd/1\u0026"}`, "url": "?p=" + url.QueryEscape(secret), "utf16": "x" + string(utf16LE(secret)), "hex": hex.EncodeToString([]byte(secret)),
		"unicodePwd": base64.StdEncoding.EncodeToString(utf16LE(`"` + secret + `"`)), "clean": "nothing",
	}
	for shift := range 3 {
		texts[fmt.Sprint("base64 ", shift)] = base64.StdEncoding.EncodeToString([]byte(strings.Repeat("u", shift) + secret + "more"))
		texts[fmt.Sprint("base64 for URLs ", shift)] = base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("u", shift) + secret))
	}
	f := &finds{TB: t}
	Secrets{"the password": secret}.Nowhere(f, texts, folder)
	said := strings.Join(f.said, "\n")
	for where := range texts {
		assert.Equal(t, where != "clean", strings.Contains(said, "the password is in "+where+" ("), where)
	}
	assert.Contains(t, said, "file (as it is)")
	assert.NotContains(t, said, secret)
}
