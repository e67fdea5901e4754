package hmacfile_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"ad-user-sync/hmacfile"
)

// The reference vector was made with openssl.
const (
	referenceBody = `{"users": []}`
	referenceMAC  = "2cd847a115418e7b7775f3892c165cd2ade374075d4f76a526b5c90ce55387fd"
	referenceFile = referenceBody + "\n" + referenceMAC
)

func seal(t testing.TB, body string, k hmacfile.Key) string {
	t.Helper()
	var file bytes.Buffer
	s := hmacfile.NewSealer(&file, &k)
	_, err := s.Write([]byte(body))
	require.NoError(t, err)
	require.NoError(t, s.Close())
	return file.String()
}

func TestReferenceVector(t *testing.T) {
	assert.Equal(t, referenceFile, seal(t, referenceBody, key(t, referenceKey)))
	opened, err := hmacfile.Open([]byte(referenceFile), []hmacfile.Key{key(t, referenceKey)})
	require.NoError(t, err)
	assert.Equal(t, hmacfile.Opened{Body: []byte(referenceBody), Signed: true, Key: 1, Form: hmacfile.FormExact}, opened)
}

func testOpenRefuses(t *testing.T) {
	right, wrong := []hmacfile.Key{key(t, referenceKey)}, []hmacfile.Key{key(t, hmacfile.NewKey())}
	emptyBody := seal(t, "", right[0])
	for _, c := range []struct {
		name string
		file string
		keys []hmacfile.Key
		want error
	}{
		{"nothing", "", right, hmacfile.ErrEmpty},
		{"nothing, no key", "", nil, hmacfile.ErrEmpty},
		{"blanks only", " \r\n\t\n", nil, hmacfile.ErrEmpty},
		{"signed nothing", emptyBody, right, hmacfile.ErrEmpty},
		{"key without trailer", referenceBody, right, hmacfile.ErrNoTrailer},
		{"trailer cut off", referenceFile[:len(referenceFile)-1], right, hmacfile.ErrNoTrailer},
		{"trailer without LF before", referenceBody + referenceMAC, right, hmacfile.ErrNoTrailer},
		{"trailer alone", referenceMAC, right, hmacfile.ErrNoTrailer},
		{"trailer after CR alone", referenceBody + "\r" + referenceMAC, right, hmacfile.ErrNoTrailer},
		{"blank before the digits", referenceBody + "\n " + referenceMAC, right, hmacfile.ErrNoTrailer},
		{"65 digits", referenceBody + "\n0" + referenceMAC, right, hmacfile.ErrNoTrailer},
		{"text after the trailer", referenceFile + "\n{}", right, hmacfile.ErrNoTrailer},
		{"trailer without key", referenceFile, nil, hmacfile.ErrNoKey},
		{"wrong key", referenceFile, wrong, hmacfile.ErrMismatch},
		{"upper case", referenceBody + "\n" + strings.ToUpper(referenceMAC), right, hmacfile.ErrMismatch},
		{"upper case without key", referenceBody + "\n" + strings.ToUpper(referenceMAC), nil, hmacfile.ErrNoKey},
		{"neither encoding", "{\"a\": \"\xfc\x81\"}", nil, hmacfile.ErrEncoding},
		{"two trailers", referenceFile + "\n" + referenceMAC, right, hmacfile.ErrMismatch},
	} {
		t.Run(c.name, func(t *testing.T) {
			opened, err := hmacfile.Open([]byte(c.file), c.keys)
			require.ErrorIs(t, err, c.want)
			assert.Zero(t, opened)
		})
	}
}

func TestBlanksMayFollowTheTrailer(t *testing.T) {
	for _, tail := range []string{"\n", "\r\n", " ", "\t \r\n\n"} {
		opened, err := hmacfile.Open([]byte(referenceFile+tail), []hmacfile.Key{key(t, referenceKey)})
		require.NoError(t, err, "%q", tail)
		assert.Equal(t, referenceBody, string(opened.Body))
	}
}

func testSeveralKeysForRotation(t *testing.T) {
	keys := []hmacfile.Key{key(t, hmacfile.NewKey()), key(t, referenceKey)}
	opened, err := hmacfile.Open([]byte(referenceFile), keys)
	require.NoError(t, err)
	assert.Equal(t, 2, opened.Key)
}

// What the older tool writes: the MAC is over LF and UTF-8, the file is what
// its system makes of it.
func TestFormsOfTheOlderTool(t *testing.T) {
	const body = "{\n    \"users\": [\n        {\"cn\": \"Jörg Müller – €\"}\n    ]\n}"
	k := key(t, referenceKey)
	file := seal(t, body, k)
	windows, err := charmap.Windows1252.NewEncoder().String(file)
	require.NoError(t, err)
	for form, data := range map[string]string{
		hmacfile.FormExact:           file,
		hmacfile.FormCRLF:            strings.ReplaceAll(file, "\n", "\r\n") + "\r\n",
		hmacfile.FormWindows1252:     windows,
		hmacfile.FormCRLFWindows1252: strings.ReplaceAll(windows, "\n", "\r\n"),
	} {
		t.Run(form, func(t *testing.T) {
			opened, err := hmacfile.Open([]byte(data), []hmacfile.Key{k})
			require.NoError(t, err)
			assert.Equal(t, hmacfile.Opened{Body: []byte(body), Signed: true, Key: 1, Form: form}, opened)
		})
		t.Run(form+" without a key", func(t *testing.T) {
			unsealed := data[:strings.LastIndex(strings.TrimSpace(data), "\n")]
			opened, err := hmacfile.Open([]byte(strings.TrimSuffix(unsealed, "\r")), nil)
			require.NoError(t, err)
			assert.Equal(t, hmacfile.Opened{Body: []byte(body), Form: form}, opened)
		})
	}
}

func TestExactBytesComeFirst(t *testing.T) {
	const body = "{\r\n\"a\": 1\r\n}"
	opened, err := hmacfile.Open([]byte(seal(t, body, key(t, referenceKey))), []hmacfile.Key{key(t, referenceKey)})
	require.NoError(t, err)
	assert.Equal(t, hmacfile.FormExact, opened.Form)
	assert.Equal(t, body, string(opened.Body))
}

func testEveryFlippedBitIsRefused(t *testing.T) {
	var body strings.Builder
	body.WriteString("{\n    \"users\": [")
	for i := range 50 {
		fmt.Fprintf(&body, "\n        {\"cn\": \"Jörg Müller %d\", \"sAMAccountName\": \"user%d\", \"disabled\": false},", i, i)
	}
	body.WriteString("\n    ]\n}")
	keys := []hmacfile.Key{key(t, referenceKey)}
	file := []byte(seal(t, body.String(), keys[0]))
	_, err := hmacfile.Open(file, keys)
	require.NoError(t, err)
	for i := range file {
		for bit := range 8 {
			file[i] ^= 1 << bit
			if _, err := hmacfile.Open(file, keys); err == nil {
				t.Fatalf("bit %d of byte %d of %d: accepted", bit, i, len(file))
			}
			file[i] ^= 1 << bit
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(referenceFile), true)
	f.Add([]byte(referenceFile), false)
	f.Add([]byte("{\r\n\xfc\r\n"+referenceMAC+"\r\n"), true)
	f.Add([]byte("\n"+referenceMAC), true)
	f.Add([]byte("\x00"), false)
	k := key(f, referenceKey)
	f.Fuzz(func(t *testing.T, data []byte, with bool) {
		before := bytes.Clone(data)
		var keys []hmacfile.Key
		if with {
			keys = append(keys, k)
		}
		opened, err := hmacfile.Open(data, keys)
		assert.Equal(t, before, data, "the input was changed")
		opens(t, data, k, with)
		if err != nil {
			assert.Zero(t, opened)
			return
		}
		assert.Equal(t, with, opened.Signed)
		if bytes.IndexByte(opened.Body, 0) >= 0 {
			return // no export writes one; by where it stands, the sealed file is taken for UTF-16
		}
		again, err := hmacfile.Open([]byte(seal(t, string(opened.Body), k)), []hmacfile.Key{k})
		require.NoError(t, err)
		assert.Equal(t, opened.Body, again.Body)
		assert.Equal(t, hmacfile.FormExact, again.Form)
	})
}

// What Windows programs make of a file that they take for text.
func TestFilesThatWereSavedAgainAreNamed(t *testing.T) {
	k := key(t, referenceKey)
	for _, body := range []string{referenceFile, referenceBody} {
		windows := strings.ReplaceAll(body, "\n", "\r\n")
		little, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(windows)
		require.NoError(t, err)
		big, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(windows)
		require.NoError(t, err)
		for text, want := range map[string]error{
			little: hmacfile.ErrUTF16, little + "\r\x00\n\x00": hmacfile.ErrUTF16, big: hmacfile.ErrUTF16,
			"\ufeff" + body: hmacfile.ErrBOM, windows + "\x1a": hmacfile.ErrCtrlZ, windows + "\r\n\x1a\r\n": hmacfile.ErrCtrlZ,
		} {
			for _, keys := range [][]hmacfile.Key{nil, {k}} {
				_, err := hmacfile.Open([]byte(text), keys)
				assert.ErrorIs(t, err, want, "%.20q with %d keys", text, len(keys))
			}
		}
	}
}
