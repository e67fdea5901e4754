package userfile

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecodeOldUserFile(t *testing.T) {
	f, err := Decode([]byte(`{"timestamp": "2026-11-22T08:15:30.123456", "users": [
		{"cn": "Jane", "sAMAccountName": "jane", "disabled": false, "accountExpires": "2026-12-24 00:00:00", "memberOf": ["CN=t-Viewers"]},
		{"cn": "Bob", "sAMAccountName": "JANE", "disabled": true, "accountExpires": null, "memberOf": []}]}` + "\r\n "))
	require.NoError(t, err)
	expires := time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)
	assert.Equal(t, &schema.UserFile{
		Timestamp: time.Date(2026, 11, 22, 8, 15, 30, 123456000, time.UTC),
		Users: []schema.User{
			{CN: "Jane", SAMAccountName: "jane", AccountExpires: &expires, MemberOf: []string{"CN=t-Viewers"}},
			{CN: "Bob", SAMAccountName: "JANE", Disabled: true}, // the second is a question, not a fault
		},
	}, f)
	assert.False(t, f.Anchored())
}

func TestDecodeWithoutTimestamp(t *testing.T) {
	f, err := Decode([]byte(`{"users": [{"cn": "a", "sAMAccountName": "a"}]}`))
	require.NoError(t, err)
	assert.True(t, f.Timestamp.IsZero())
}

func TestDecodeTimestamps(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-22T08:15:30Z":             "2026-11-22T08:15:30Z",
		"2026-11-22T08:15:30+02:00":        "2026-11-22T06:15:30Z",
		"2026-11-22T08:15:30.123456+00:00": "2026-11-22T08:15:30.123456Z",
		"2026-11-22 08:15:30.5":            "2026-11-22T08:15:30.5Z",
		"2026-11-22T08:15:30":              "2026-11-22T08:15:30Z",
	} {
		got, zoned, err := format.ParseTimestamp(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got.Format(time.RFC3339Nano))
		assert.Equal(t, len(text) == 20 || len(text) > 24, zoned, text)
	}
	for _, text := range []string{"", "now", "2026-11-22", "2026-11-22T08:15", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00", "0001-01-01T00:00:00Z", "20261122T081530Z"} {
		_, _, err := format.ParseTimestamp(text)
		assert.Error(t, err, text)
	}
}

func TestDecodeNormalisesAnchor(t *testing.T) {
	f, err := Decode([]byte(`{"users": [{"cn": "a", "sAMAccountName": "a", "objectGUID": "6F9619FF-8B86-D011-B42D-00CF4FC964FF"}]}`))
	require.NoError(t, err)
	assert.Equal(t, "6f9619ff-8b86-d011-b42d-00cf4fc964ff", f.Users[0].ObjectGUID)
}

const (
	guidA    = `"objectGUID": "6f9619ff-8b86-d011-b42d-00cf4fc964ff"`
	guidB    = `"objectGUID": "0f9619ff-8b86-d011-b42d-00cf4fc964aa"`
	jane     = `"cn": "Jane", "sAMAccountName": "jane"`
	source   = `"source": {"domain": "corp.example", "scope": "00"}`
	complete = `"complete": {"users": 1, "searches": [{"base": "", "filter": "", "entries": 1, "referrals": 0}]}`
)

func TestDecodeMixedValuesAreBinary(t *testing.T) {
	f, err := Decode([]byte(`{"users": [{` + jane + `, "x": ["ä", {"base64": "/w=="}]}]}`))
	require.NoError(t, err)
	assert.Equal(t, schema.Value{List: []string{"ä", "\xff"}, Multi: true, Binary: true}, got(f.Users[0].Attributes.Get("x")))
}

// The users of a large file cost a small multiple of its size.
func TestDecodeMemory(t *testing.T) {
	user := `{"cn": "User %08d", "sAMAccountName": "u%08d", "disabled": false, "accountExpires": null, "memberOf": ["CN=t-Viewers"],
		"objectGUID": "6f9619ff-8b86-d011-b42d-%012d", "mail": "u%d@corp.example", "displayName": "User", "department": null}`
	var b bytes.Buffer
	b.WriteString(`{"users": [`)
	const users = 20_000
	for i := range users {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, user, i, i, i, i)
	}
	b.WriteString(`]}`)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f, err := Decode(b.Bytes())
	require.NoError(t, err)
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Len(t, f.Users, users)
	assert.Less(t, after.HeapAlloc-before.HeapAlloc, uint64(6*b.Len()))
}

func BenchmarkDecodeUserFile(b *testing.B) {
	body, err := os.ReadFile("../testdata/user_file.json")
	require.NoError(b, err)
	_, tail, _ := bytes.Cut(body, []byte(`{
            "cn"`))
	one, _, _ := bytes.Cut(tail, []byte("\n        },"))
	var big bytes.Buffer
	big.WriteString(`{"users": [`)
	for i := range 50_000 {
		if i > 0 {
			big.WriteByte(',')
		}
		big.WriteString(`{"cn"`)
		big.Write(bytes.Replace(one, []byte(`"objectGUID": "6f9619ff-8b86-d011-b42d-00cf4fc964ff",`), nil, 1))
		big.WriteByte('}')
	}
	big.WriteString(`]}`)
	b.SetBytes(int64(big.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(big.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzDecodeUserFile(f *testing.F) {
	for _, file := range []string{"../testdata/user_file.json", "../testdata/user_file_old.json"} {
		body, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(body)
	}
	f.Add([]byte(`{"users": [{` + jane + `, "x": ["ä", {"base64": "/w=="}], "accountExpires": "2026-12-24 00:00:00"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		file, err := Decode(body)
		if !bytes.Equal(before, body) {
			t.Fatal("the body was changed")
		}
		if err != nil {
			_ = err.Error()
			return
		}
		if file.Anchored() != (file.Source != nil) {
			return // the writer knows these two only together
		}
		again, err := Decode(encode(t, file))
		if err != nil {
			t.Fatal(err)
		}
		if len(again.Users) != len(file.Users) || again.Users[0].CN != file.Users[0].CN {
			t.Fatalf("%+v became %+v", file, again)
		}
	})
}

func got(v schema.Value, _ bool) schema.Value { return v }
