package userfile

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func moment(t testing.TB, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return v.UTC()
}

// sampleFile is what testdata/user_file.json holds, which Python wrote.
func sampleFile(t testing.TB) *schema.UserFile {
	expires := moment(t, "2027-01-31T23:59:59Z")
	return &schema.UserFile{
		Timestamp: moment(t, "2026-11-22T08:15:30.123456Z"),
		Zoned:     true,
		Source:    &schema.Source{Domain: "corp.example", Scope: "00ff", Tool: "ad-user-sync 1.0.0"},
		Users: []schema.User{{
			CN: "Jane Doe", SAMAccountName: "jdoe", MemberOf: []string{"CN=t-Viewers", "CN=t-Editors"},
			ObjectGUID: "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
			Attributes: schema.AttributesOf(map[string]schema.Value{
				"department":     {},
				"displayName":    {List: []string{`Jane "JD" Doe\`}},
				"mail":           {List: []string{"jane@corp.example"}},
				"otherTelephone": {List: []string{}, Multi: true},
				"thumbnailPhoto": {List: []string{"\xff\xd8\xff\xe0\x00\x00"}, Binary: true},
				"title":          {List: []string{"a/b\u2028<&>\x7f\x01\t\n"}},
			}),
		}, {
			CN: "Zoë Müller 山田 🙂", SAMAccountName: "zoe", Disabled: true, AccountExpires: &expires,
			ObjectGUID: "0f9619ff-8b86-d011-b42d-00cf4fc964aa",
			Attributes: schema.AttributesOf(map[string]schema.Value{
				"proxies": {List: []string{"ä", "b"}, Multi: true},
				"tokens":  {List: []string{"\x00\x01", "\xff"}, Multi: true, Binary: true},
			}),
		}},
		Complete: &schema.Complete{Users: 2, Searches: []schema.SearchResult{{Base: "OU=Staff,DC=corp,DC=example", Filter: "(objectClass=user)", Entries: 3}}},
	}
}

func encode(t require.TestingT, f *schema.UserFile) []byte {
	var out bytes.Buffer
	w := NewWriter(&out, Head{Timestamp: f.Timestamp, Source: f.Source})
	for _, u := range f.Users {
		require.NoError(t, w.Write(u))
	}
	require.NoError(t, w.Close(f.Complete))
	return out.Bytes()
}

func TestUserFileIsWhatPythonWrites(t *testing.T) {
	golden, err := os.ReadFile("../testdata/user_file.json")
	require.NoError(t, err)
	assert.Equal(t, string(golden), string(encode(t, sampleFile(t))))

	read, err := Decode(golden)
	require.NoError(t, err)
	assert.Equal(t, sampleFile(t), read)
}

func TestOldUserFileIsWhatPythonWrites(t *testing.T) {
	golden, err := os.ReadFile("../testdata/user_file_old.json")
	require.NoError(t, err)
	f := sampleFile(t)
	f.Source, f.Complete = nil, nil
	assert.Equal(t, string(golden), string(encode(t, f)))

	read, err := Decode(golden)
	require.NoError(t, err)
	assert.False(t, read.Zoned)
	assert.False(t, read.Anchored())
	assert.Equal(t, f.Timestamp, read.Timestamp)
	assert.Equal(t, f.Users[1].AccountExpires, read.Users[1].AccountExpires)
	assert.NotContains(t, maps.Collect(read.Users[0].Attributes.All()), "thumbnailPhoto")
}

func TestUserFileRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFile(t)
		read, err := Decode(encode(t, f))
		require.NoError(t, err)
		require.Equal(t, f, read)
	})
}

func drawFile(t *rapid.T) *schema.UserFile {
	anchored := rapid.Bool().Draw(t, "anchored")
	f := &schema.UserFile{Timestamp: drawTime(t), Zoned: anchored}
	n := rapid.IntRange(1, 5).Draw(t, "users")
	for i := range n {
		u := schema.User{
			CN: rapid.StringN(1, 20, -1).Filter(schema.IsText).Draw(t, "cn"), SAMAccountName: string(rune('a'+i)) + drawText(t),
			Disabled: rapid.Bool().Draw(t, "disabled"),
		}
		if rapid.Bool().Draw(t, "expires") {
			expires := drawTime(t)
			u.AccountExpires = &expires
		}
		for range rapid.IntRange(0, 3).Draw(t, "groups") {
			u.MemberOf = append(u.MemberOf, drawText(t))
		}
		for range rapid.IntRange(0, 4).Draw(t, "attributes") {
			u.Attributes.Set(rapid.SampledFrom([]string{"mail", "title", "l", "münze"}).Draw(t, "name"), drawValue(t, anchored))
		}
		if anchored {
			u.ObjectGUID = "6f9619ff-8b86-d011-b42d-00cf4fc9640" + string(rune('0'+i))
		}
		f.Users = append(f.Users, u)
	}
	if anchored {
		f.Source = &schema.Source{Domain: "d" + drawText(t), Scope: "s" + drawText(t), Tool: drawText(t)}
		f.Complete = &schema.Complete{Users: n, Searches: []schema.SearchResult{{Base: drawText(t), Filter: drawText(t), Entries: n}}}
	}
	return f
}

func drawValue(t *rapid.T, binary bool) schema.Value {
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return schema.Value{}
	case 1:
		return schema.Value{List: []string{drawText(t)}}
	case 2:
		if binary {
			return schema.Value{List: []string{string(rapid.SliceOf(rapid.Byte()).Draw(t, "raw"))}, Binary: true}
		}
	}
	v := schema.Value{List: []string{}, Multi: true}
	for range rapid.IntRange(0, 3).Draw(t, "values") {
		v.List = append(v.List, drawText(t))
	}
	return v
}

func drawText(t *rapid.T) string { return rapid.String().Filter(schema.IsText).Draw(t, "text") }

func drawTime(t *rapid.T) time.Time {
	return time.UnixMicro(rapid.Int64Range(-11e15, 250e15).Draw(t, "microseconds")).UTC()
}

func TestUserFileWriterRefuses(t *testing.T) {
	good := sampleFile(t).Users[0]
	for name, spoil := range map[string]func(*schema.User){
		"no cn":           func(u *schema.User) { u.CN = "" },
		"no account name": func(u *schema.User) { u.SAMAccountName = "" },
		"NUL":             func(u *schema.User) { u.CN = "a\x00" },
		"not UTF-8": func(u *schema.User) {
			u.Attributes = schema.AttributesOf(map[string]schema.Value{"a": {List: []string{"\xff"}}})
		},
		"group not UTF-8":  func(u *schema.User) { u.MemberOf = []string{"\xff"} },
		"no anchor":        func(u *schema.User) { u.ObjectGUID = "" },
		"key as attribute": func(u *schema.User) { u.Attributes = schema.AttributesOf(map[string]schema.Value{"CN": {}}) },
		"same but for case": func(u *schema.User) {
			u.Attributes = schema.AttributesOf(map[string]schema.Value{"Mail": {}, "mail": {}})
		},
		"endless name":  func(u *schema.User) { u.CN = strings.Repeat("é", MaxName+1) },
		"endless group": func(u *schema.User) { u.MemberOf = []string{strings.Repeat("é", MaxName+1)} },
		"too many values": func(u *schema.User) {
			u.Attributes = schema.AttributesOf(map[string]schema.Value{"a": {List: make([]string, MaxValues+1), Multi: true}})
		},
		"several in single": func(u *schema.User) {
			u.Attributes = schema.AttributesOf(map[string]schema.Value{"a": {List: make([]string, 2)}})
		},
	} {
		u := good
		spoil(&u)
		w := NewWriter(&bytes.Buffer{}, Head{Source: &schema.Source{}})
		assert.Error(t, w.Write(u), name)
	}
}

func TestUserFileWriterNeedsCompleteness(t *testing.T) {
	w := NewWriter(&bytes.Buffer{}, Head{Source: &schema.Source{}})
	require.NoError(t, w.Write(sampleFile(t).Users[0]))
	assert.ErrorContains(t, w.Close(nil), "complete")
	assert.ErrorContains(t, w.Close(&schema.Complete{Users: 2}), "1 users were written, not 2")
	require.NoError(t, w.Close(&schema.Complete{Users: 1}))
	assert.Error(t, w.Close(&schema.Complete{Users: 1}))
	assert.Error(t, w.Write(schema.User{}))
}

type fullDisk struct{ room int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.room -= len(p); d.room < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

func TestUserFileWriterReportsFullDisk(t *testing.T) {
	u := sampleFile(t).Users[0]
	w := NewWriter(&fullDisk{room: 100_000}, Head{})
	var err error
	for range 1000 {
		err = errors.Join(err, w.Write(u))
	}
	assert.ErrorContains(t, err, "no space left")
	assert.ErrorContains(t, w.Close(nil), "no space left")
}

func TestUserFileWriterKeepsNothing(t *testing.T) {
	u := sampleFile(t).Users[0]
	var out bytes.Buffer
	w := NewWriter(&out, Head{Source: &schema.Source{}})
	for range 5000 {
		require.NoError(t, w.Write(u))
	}
	written := out.Len()
	require.NoError(t, w.Close(&schema.Complete{Users: 5000}))
	assert.Less(t, out.Len()-written, 1<<17, "held back until the end, of %d bytes", out.Len())
}

func TestNewValue(t *testing.T) {
	assert.Equal(t, schema.Value{}, schema.NewValue(nil, false))
	assert.Equal(t, schema.Value{List: []string{}, Multi: true}, schema.NewValue(nil, true))
	assert.Equal(t, schema.Value{List: []string{"a"}}, schema.NewValue([]string{"a"}, false))
	assert.True(t, schema.NewValue([]string{"a", "b"}, false).Multi)
	assert.True(t, schema.NewValue([]string{"a", "b\x00"}, true).Binary)
	assert.True(t, schema.NewValue([]string{"\xff"}, false).Binary)
}

func TestIsUserKey(t *testing.T) {
	assert.True(t, schema.IsUserKey("SAMACCOUNTNAME"))
	assert.False(t, schema.IsUserKey("mail"))
}

// The writer counts as the decoder does, so that it ends where that would.
func TestTheWriterEndsWhereTheDecoderWould(t *testing.T) {
	u := schema.User{CN: "a", SAMAccountName: "a", ObjectGUID: "00000000-0000-0000-0000-000000000001", MemberOf: []string{"CN=g", "CN=h"}, Attributes: schema.AttributesOf(map[string]schema.Value{
		"mail": {List: []string{"x"}}, "none": {}, "several": {List: []string{"1", "2", "3"}, Multi: true}, "empty": {List: []string{}, Multi: true}})}
	var out bytes.Buffer
	w := NewWriter(&out, Head{Timestamp: moment(t, "2026-11-22T08:15:30Z"), Source: &schema.Source{Domain: "d", Scope: "s", Tool: "t"}})
	require.NoError(t, w.Write(u))
	require.NoError(t, w.Close(&schema.Complete{Users: 1, Searches: []schema.SearchResult{{Base: "b", Entries: 1}}}))
	d := &decoder{in: format.NewReader(&out), fold: map[string]string{}, names: map[string]attributeName{}, groups: map[string]string{}}
	require.NoError(t, d.document())
	assert.Equal(t, d.values, w.count)

	w = NewWriter(&out, Head{})
	w.count = MaxAllValues - valuesOf(&u)
	require.NoError(t, w.Write(u))
	require.ErrorContains(t, w.Write(u), `at most 20000000 values, and with user "a" there are more`)
	w = NewWriter(&out, Head{})
	w.users = MaxUsers
	require.ErrorContains(t, w.Write(u), "at most 1000000 users")
}

// Importers that are older than a key refuse it: what is new about the source goes
// into one that they take as it is.
func TestOlderImportersTakeTheSource(t *testing.T) {
	var out bytes.Buffer
	source := schema.Source{Domain: "d", Scope: "s", Tool: "ad-user-sync 1", Controller: "dc1.d"}
	w := NewWriter(&out, Head{Timestamp: moment(t, "2026-11-22T09:00:00Z"), Source: &source})
	require.NoError(t, w.Write(schema.User{CN: "A", SAMAccountName: "a", ObjectGUID: "6f9619ff-8b86-d011-b42d-00cf4fc964ff"}))
	require.NoError(t, w.Close(&schema.Complete{Users: 1, Searches: []schema.SearchResult{{Base: "b", Filter: "f", Entries: 1}}}))
	assert.Regexp(t, `"source": \{\s+"domain": "d",\s+"scope": "s",\s+"tool": "ad-user-sync 1 through dc1.d"\s+\}`, out.String())
	file, err := Decode(out.Bytes())
	require.NoError(t, err)
	assert.Equal(t, source, *file.Source)
}
