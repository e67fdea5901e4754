package adtest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Secrets are the passwords and keys of a test, by a name that may be printed.
type Secrets map[string]string

// Nowhere fails where a secret, or a usual encoding of it, is in one of the texts
// or in a file below one of the folders. It never prints one.
func (s Secrets) Nowhere(t testing.TB, texts map[string]string, folders ...string) {
	t.Helper()
	all := map[string][]byte{}
	for name, text := range texts {
		all[name] = []byte(text)
	}
	for _, folder := range folders {
		require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			all[path], err = os.ReadFile(path)
			return err
		}))
	}
	for name, secret := range s {
		require.NotEmpty(t, secret, name)
		for how, form := range Encodings(secret) {
			for where, text := range all {
				if bytes.Contains(text, form) {
					t.Errorf("%s is in %s (%s)", name, where, how)
				}
			}
		}
	}
}

// Encodings are the forms in which a secret may end up somewhere.
func Encodings(secret string) map[string][]byte {
	quoted, _ := json.Marshal(secret) // a string always can be
	forms := map[string][]byte{"as it is": []byte(secret), "JSON": quoted[1 : len(quoted)-1], "HTML": []byte(html.EscapeString(secret)),
		"URL query": []byte(url.QueryEscape(secret)), "URL path": []byte(url.PathEscape(secret)), "UTF-16LE": utf16LE(secret),
		"hex": []byte(hex.EncodeToString([]byte(secret)))}
	if key, err := hex.DecodeString(secret); err == nil { // an HMAC key
		forms["bytes of the key"] = key
		forms["upper case"] = []byte(strings.ToUpper(secret))
	}
	for how, raw := range map[string][]byte{"base64": []byte(secret), "base64 of UTF-16LE": utf16LE(secret), "base64 of unicodePwd": utf16LE(`"` + secret + `"`)} {
		for shift := range 3 { // whatever stands before and behind it
			whole := base64.StdEncoding.EncodeToString(append(make([]byte, shift), raw...))
			inner := strings.TrimRight(whole, "=")[(shift*8+5)/6:]
			inner = inner[:len(inner)-1]
			forms[how+strings.Repeat("'", shift)] = []byte(inner)
			forms[how+" for URLs"+strings.Repeat("'", shift)] = []byte(strings.NewReplacer("+", "-", "/", "_").Replace(inner))
		}
	}
	return forms
}
