package hmacfile_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"ad-user-sync/hmacfile"
)

// cut separates body and MAC, where there is one.
func cut(data []byte) (body, mac []byte, sealed bool) {
	solid := bytes.TrimRight(data, " \t\r\n")
	at := len(solid) - 64
	if at < 1 || solid[at-1] != '\n' || len(bytes.Trim(solid[at:], "0123456789abcdefABCDEF")) > 0 {
		return nil, nil, false
	}
	return solid[:at-1], solid[at:], true
}

// whole is what doc.go says, for a file that is in memory as a whole.
func whole(data []byte, secret []byte) (opened hmacfile.Opened, err error) {
	solid := bytes.TrimRight(data, " \t\r\n")
	switch {
	case len(solid) == 0:
		return opened, hmacfile.ErrEmpty
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.Count(data[:min(2, len(data))], []byte{0}) == 1:
		return opened, hmacfile.ErrUTF16
	case bytes.HasPrefix(data, []byte("\ufeff")):
		return opened, hmacfile.ErrBOM
	case solid[len(solid)-1] == 0x1a:
		return opened, hmacfile.ErrCtrlZ
	}
	switch _, _, signed := cut(data); {
	case signed && secret == nil:
		return opened, hmacfile.ErrNoKey
	case !signed && secret != nil:
		return opened, hmacfile.ErrNoTrailer
	}
	forms := []hmacfile.Opened{{Body: data, Form: hmacfile.FormExact}}
	lines := func(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) }
	if bytes.Contains(data, []byte("\r\n")) {
		forms = append(forms, hmacfile.Opened{Body: lines(data), Form: hmacfile.FormCRLF})
	}
	text := utf8.Valid(data)
	if !text && !slices.ContainsFunc(data, func(c byte) bool { return slices.Contains([]byte("\x81\x8d\x8f\x90\x9d"), c) }) {
		text = true
		ansi, _ := charmap.Windows1252.NewDecoder().Bytes(data)
		forms = append(forms, hmacfile.Opened{Body: ansi, Form: hmacfile.FormWindows1252})
		if len(lines(data)) < len(data) {
			forms = append(forms, hmacfile.Opened{Body: lines(ansi), Form: hmacfile.FormCRLFWindows1252})
		}
	}
	if secret == nil {
		if !text {
			return opened, hmacfile.ErrEncoding
		}
		return forms[len(forms)-1], nil
	}
	for _, form := range forms {
		body, end, _ := cut(form.Body)
		mac := hmac.New(sha256.New, secret)
		mac.Write(body)
		if hex.EncodeToString(mac.Sum(nil)) != string(end) {
			continue
		}
		if len(bytes.Trim(body, " \t\r\n")) == 0 {
			return opened, hmacfile.ErrEmpty
		}
		form.Body, form.Signed, form.Key = body, true, 1
		return form, nil
	}
	return opened, hmacfile.ErrMismatch
}

// opens compares what is read in pieces with what is read as a whole.
func opens(t *testing.T, data []byte, k hmacfile.Key, with bool) {
	t.Helper()
	var keys []hmacfile.Key
	var secret []byte
	if with {
		keys = []hmacfile.Key{k}
		secret, _ = hex.DecodeString(referenceKey)
	}
	want, wantErr := whole(data, secret)
	got, err := hmacfile.Open(data, keys)
	require.Equal(t, wantErr, err, "%.100q", data)
	require.Equal(t, want.Form, got.Form, "%.100q", data)
	require.True(t, bytes.Equal(want.Body, got.Body), "%.100q: %.100q, not %.100q", data, got.Body, want.Body)
	require.Equal(t, want.Signed, got.Signed)
}

// What stands where one piece ends and the next begins is read like anything else.
func TestAnyTextWhereOnePieceEnds(t *testing.T) {
	const piece = 64 << 10
	k := key(t, referenceKey)
	for _, odd := range []string{"\r\n", "\r\r\n", "\r", "€", "😀", "\xe2\x82", "\xfc", "\xfc\r\n", "\x81", "\ufffd", " \r\n\t ", "\x00"} {
		for at := piece - 3; at <= piece; at++ {
			for _, behind := range []string{"", "ä\r\n" + strings.Repeat(" ", piece)} {
				body := strings.Repeat("x", at) + odd + behind
				opens(t, []byte(body), k, false)
				file := seal(t, body, k)
				opens(t, []byte(file), k, true)
				opens(t, []byte(strings.ReplaceAll(file, "\n", "\r\n")+"\r\n"), k, true)
			}
		}
	}
	for n := range 80 { // the trailer, too
		file := seal(t, strings.Repeat("x", piece-75+n)+"\r", k)
		opens(t, []byte(file), k, true)
		opens(t, []byte(file+strings.Repeat("\n", piece)), k, true)
	}
}

func TestFileTellsTheDigestOfAllBytes(t *testing.T) {
	f, err := hmacfile.OpenFile(strings.NewReader(referenceFile+"\n"), []hmacfile.Key{key(t, referenceKey)})
	require.NoError(t, err)
	assert.Equal(t, sha256.Sum256([]byte(referenceFile+"\n")), f.SHA256)
}

// turncoat changes once it was read so many times.
type turncoat struct {
	now, then string
	reads     int
}

func (c *turncoat) ReadAt(p []byte, off int64) (int, error) {
	if c.reads--; c.reads < 0 {
		return strings.NewReader(c.then).ReadAt(p, off)
	}
	return strings.NewReader(c.now).ReadAt(p, off)
}

// Whenever a file changes: no byte comes out that is not of the file that was accepted.
func testNothingIsReadOfAFileThatChanges(t *testing.T) {
	k := key(t, referenceKey)
	body := strings.Repeat("0123456789abcdef", 10_000)
	file := seal(t, body, k)
	for name, then := range map[string]string{
		"another byte": file[:70_000] + "X" + file[70_001:], "shorter": file[:100_000], "empty": "",
		"another begin": "X" + file[1:], "another MAC": file[:len(file)-1] + "X", "another file": strings.Repeat("X", len(file)),
	} {
		for reads := range 20 {
			t.Run(fmt.Sprintf("%s after %d", name, reads), func(t *testing.T) {
				f, err := hmacfile.OpenFile(&turncoat{file, then, reads}, []hmacfile.Key{k})
				if err != nil {
					return
				}
				got, err := io.ReadAll(f.Body())
				assert.True(t, strings.HasPrefix(body, string(got)), "what is read is of the accepted file")
				if len(got) < len(body) {
					assert.ErrorIs(t, err, hmacfile.ErrChanged)
				}
			})
		}
	}
}

func TestFileThatCannotBeRead(t *testing.T) {
	_, err := hmacfile.OpenFile(broken{}, nil)
	var failed *hmacfile.ReadError
	require.ErrorAs(t, err, &failed)
	assert.ErrorIs(t, err, io.ErrNoProgress)
}

type broken struct{}

func (broken) ReadAt([]byte, int64) (int, error) { return 0, io.ErrNoProgress }
