package approval

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// TestArchiveOpensWithItsPassphraseOnly uses 7-Zip, which people will use.
func TestArchiveOpensWithItsPassphraseOnly(t *testing.T) {
	withBrowser(t)
	secret, err := archivePassphrase()
	require.NoError(t, err)
	require.GreaterOrEqual(t, strings.Count(secret.Reveal(), "-"), archiveWords-1)
	for name, content := range map[string][]byte{
		"letters": []byte(strings.Repeat("Account:      jörg\r\nPassword:     Plum-Harbour-77\r\n", 500)),
		"empty":   nil,
	} {
		t.Run(name, func(t *testing.T) {
			packed, err := aesZip(innerName, time.Now(), content, secret)
			require.NoError(t, err)
			dir := t.TempDir()
			path := filepath.Join(dir, "list.zip")
			require.NoError(t, os.WriteFile(path, packed, 0o600))

			out, err := exec.Command("7z", "x", "-y", "-p"+secret.Reveal(), "-o"+filepath.Join(dir, "out"), path).CombinedOutput()
			require.NoError(t, err, string(out))
			got, err := os.ReadFile(filepath.Join(dir, "out", innerName))
			require.NoError(t, err)
			assert.Equal(t, string(content), string(got))

			listed, err := exec.Command("7z", "l", "-slt", path).CombinedOutput()
			require.NoError(t, err)
			assert.Contains(t, string(listed), "AES-256")
			_, err = exec.Command("7z", "x", "-y", "-pwrong", "-o"+filepath.Join(dir, "wrong"), path).CombinedOutput()
			assert.Error(t, err, "it opens with a wrong passphrase")

			reader, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
			require.NoError(t, err)
			assert.Equal(t, uint32(0), reader.File[0].CRC32, "AE-2 tells no checksum of the content")
			damaged := bytes.Clone(packed)
			damaged[60] ^= 1
			require.NoError(t, os.WriteFile(path, damaged, 0o600))
			_, err = exec.Command("7z", "t", "-p"+secret.Reveal(), path).CombinedOutput()
			assert.Error(t, err, "a changed archive is accepted")
		})
	}
}

func TestListIsPlainText(t *testing.T) {
	got := string(list([]issued{{person: plan.Person{CN: "=cmd|' /C calc'!A0\nPassword: x", AccountName: "j\u202edoe"}, domain: "plant.example", password: schema.Secret("Plum-77"), mustChange: true}}))
	assert.NotContains(t, got, "\u202e")
	assert.Contains(t, got, "=cmd|' /C calc'!A0[U+000A]Password: x\r\n")
	assert.Contains(t, got, "Account:      j[U+202E]doe\r\n")
	assert.Contains(t, got, "Password:     Plum-77\r\n              to be changed at the next logon\r\n")
}
