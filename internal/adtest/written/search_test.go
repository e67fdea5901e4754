package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// taped is a tape of these names and texts, in turns.
func taped(t *testing.T, records ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	var tape []byte
	for i := 0; i < len(records); i += 2 {
		tape = binary.LittleEndian.AppendUint32(tape, uint32(len(records[i])))
		tape = binary.LittleEndian.AppendUint32(tape, uint32(len(records[i+1])))
		tape = append(append(tape, records[i]...), records[i+1]...)
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "tapes"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "tapes", "1"), append(tape, 9, 0), 0o644)) // the last record was cut
	return dir
}

func TestASecretIsFoundWhereverItIsWritten(t *testing.T) {
	const secret = "Supervise-Implosion-11"
	var wide []byte
	for _, unit := range utf16.Encode([]rune(secret)) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	for name, c := range map[string]struct {
		records []string
		found   bool
	}{
		"a report":                 {[]string{"/tmp/x/report.json", `{"x": "` + secret + `"}`}, true},
		"in two writes":            {[]string{"/tmp/x/import.log", "said Supervise-Imp", "/tmp/x/import.log", "losion-11\n"}, true},
		"in two files":             {[]string{"/tmp/x/a", "Supervise-Imp", "/tmp/x/b", "losion-11"}, false},
		"UTF-16":                   {[]string{"/tmp/x/a.csv", "\xff\xfe" + string(wide)}, true},
		"base64":                   {[]string{"/dev/stderr", base64.StdEncoding.EncodeToString([]byte("PLANT\\svc:" + secret))}, true},
		"an argument":              {[]string{"argument", "tool", "argument", secret}, true},
		"a temporary file":         {[]string{"/tmp/x/.import_config.yaml.ABCDEFGHIJ.tmp", secret}, true},
		"said without a process":   {[]string{"said by a command", secret}, true},
		"a password file":          {[]string{"/tmp/x/import.password", secret}, false},
		"a password file at first": {[]string{"/tmp/x/.import.password.ABCDEFGHIJ.tmp", secret}, false},
		"typed by a test":          {[]string{"argument", "/tmp/x/approval.test", "/dev/ptmx", secret}, false},
		"given on by the program":  {[]string{"argument", "/tmp/x/ad-user-sync", "|1", secret}, true},
		"an entry that waits":      {[]string{"/tmp/x/.resolutions.json.ABCDEFGHIJ.tmp", `{"resolutions": [{"type": "enable", "accept": true, "password": "` + secret + `"}]}`}, false},
		"an entry that is done":    {[]string{"/tmp/x/.resolutions.json.ABCDEFGHIJ.tmp", `{"resolutions": [{"type": "enable", "accept": true, "done": true, "password": "` + secret + `"}]}`}, true},
		"beside one that waits":    {[]string{"/tmp/x/resolutions.json", `{"resolutions": [{"type": "enable", "accept": true, "password": "` + secret + `", "reason": "` + secret + `"}]}`}, true},
		"something else":           {[]string{"/tmp/x/report.json", "{}"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := taped(t, append(c.records, secretMark+"password", secret+"\n")...)
			var out bytes.Buffer
			err := search(dir, &out)
			assert.NotContains(t, out.String(), secret)
			if !c.found {
				require.NoError(t, err, out.String())
				assert.NoDirExists(t, dir, "it is searched once")
				return
			}
			require.ErrorContains(t, err, "secrets were written")
			assert.Contains(t, out.String(), "\na password (")
			assert.DirExists(t, dir)
		})
	}
}

// The one-time address is told on the terminal and to the browser, and nowhere else.
func TestACodeIsFoundWhereNoOneIsLed(t *testing.T) {
	for name, found := range map[string]bool{
		"/dev/stderr": false, "/tmp/x/approvals.html": false, "/tmp/x/.approvals.html.ABCDEFGHIJ.tmp": false,
		"/tmp/x/import.log": true, "/tmp/x/report.json": true, "argument": true, "|1": true,
	} {
		var out bytes.Buffer
		err := search(taped(t, "argument", "/tmp/x/ad-user-sync", name, "http://127.0.0.1:1/#code=ABCDEFGHIJKLMNOPQRSTUVWXYZ", secretMark+oneTimeCode, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), &out)
		assert.Equal(t, found, err != nil, "%s: %s", name, out.String())
	}
}

func TestASearchOfNothingFails(t *testing.T) {
	var out bytes.Buffer
	require.ErrorContains(t, search(taped(t), &out), "did not run with the overlay")
	require.ErrorContains(t, search(taped(t, "/tmp/a", strings.Repeat("x", 9)), &out), "did not run with the overlay")
}

// The edits are of the program and the Go of now.
func TestTheOverlayFits(t *testing.T) {
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	path, err := writeOverlay(root, filepath.Join(t.TempDir(), "overlay"))
	require.NoError(t, err)
	assert.FileExists(t, path)
}
