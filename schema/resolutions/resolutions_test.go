package resolutions

import (
	"encoding/json"
	"testing"
	"time"

	"ad-user-sync/schema"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const oldResolutions = `{"resolutions": [
    {"type": "enable", "user": "P3KI Jane Doe", "accept": false, "timestamp": "2026-11-22T08:15:30.123456"},
    {"type": "enable", "user": "P3KI Bob", "accept": true, "password": "Correct-Horse-1", "timestamp": "2026-11-22T08:15:30Z"},
    {"type": "join", "user": "P3KI Müller", "group": "p-Administrators", "accept": false},
    {"type": "join", "user": "P3KI Müller", "group": "p-Administrators", "accept": false},
    {"type": "name", "user": "P3KI Eve", "name": "eve", "accept": true, "new_name": "eve2", "x": {"y": [1.0, null]}},
    {"type": "promote", "user": ["a", {"b": 1e2}], "accept": "maybe"}
]}`

func TestDecodeOldResolutions(t *testing.T) {
	list, err := Decode([]byte(oldResolutions))
	require.NoError(t, err)
	password := schema.Secret("Correct-Horse-1")
	join := schema.Resolution{Type: schema.KindJoin, User: "P3KI Müller", Group: "p-Administrators"}
	assert.Equal(t, []schema.Resolution{
		{Type: schema.KindEnable, User: "P3KI Jane Doe", Timestamp: moment(t, "2026-11-22T08:15:30.123456Z")},
		{Type: schema.KindEnable, User: "P3KI Bob", Accept: true, Password: &password, Timestamp: moment(t, "2026-11-22T08:15:30Z")},
		join, join,
		{Type: schema.KindName, User: "P3KI Eve", Name: "eve", Accept: true, NewName: "eve2", Extra: map[string]json.RawMessage{"x": json.RawMessage(`{"y": [1.0, null]}`)}},
		{Unknown: json.RawMessage(`{"type": "promote", "user": ["a", {"b": 1e2}], "accept": "maybe"}`)},
	}, list)

	again, err := Encode(list)
	require.NoError(t, err)
	assert.Contains(t, string(again), `            "user": "P3KI Müller",`)
	assert.Contains(t, string(again), `"Correct-Horse-1"`)
	back, err := Decode(again)
	require.NoError(t, err)
	assert.Equal(t, list, back)
}

func TestResolutionsInWindows1252(t *testing.T) {
	list, err := Decode([]byte("{\"resolutions\": [{\"type\": \"enable\", \"user\": \"M\xfcller\", \"accept\": false}]}"))
	require.NoError(t, err)
	assert.Equal(t, "Müller", list[0].User)
}

func TestEncodeResolutionsLooks(t *testing.T) {
	password := schema.Secret("used")
	out, err := Encode([]schema.Resolution{{Type: schema.KindEnable, User: "Bob", Accept: true, Password: &password, Done: true, Timestamp: moment(t, "2026-11-22T08:15:30Z")}})
	require.NoError(t, err)
	assert.Equal(t, `{
    "resolutions": [
        {
            "type": "enable",
            "user": "Bob",
            "accept": true,
            "timestamp": "2026-11-22T08:15:30Z",
            "password": "",
            "done": true
        }
    ]
}
`, string(out))
	out, err = Encode(nil)
	require.NoError(t, err)
	assert.Equal(t, "{\n    \"resolutions\": []\n}\n", string(out))
	list, err := Decode(out)
	require.NoError(t, err)
	assert.Empty(t, list)
	_, err = Encode([]schema.Resolution{{Unknown: json.RawMessage("{")}})
	assert.ErrorContains(t, err, "entry 1")
}

func TestDecodeResolutionsRefuses(t *testing.T) {
	entry := func(s string) string { return "{\"resolutions\": [\n{\"type\": \"join\", " + s + "}]}" }
	for body, want := range map[string]string{
		``:                            "truncated",
		`[]`:                          `line 1: it must be an object with a list "resolutions"`,
		`{}`:                          `it must be an object with a list "resolutions"`,
		`{"resolutions": null}`:       `it must be an object with a list "resolutions"`,
		`{"resolutions": [`:           `truncated`,
		`{"resolutions": []} x`:       `something follows`,
		`{"resolutions": [], "x": 1}`: `the key "x" is not known`,
		"{\"resolutions\": [\n1]}":    `line 2: entry 1: it must be an object with a text "type"`,
		"{\"resolutions\": [{}]}":     `entry 1: it must be an object with a text "type"`,
		entry(``):                     `not valid JSON`,
		entry(`"accept": false`):      `line 2: entry 1: join without user`,
		entry(`"user": "", "group": "g", "accept": false`):                            `join without user`,
		entry(`"user": "a", "accept": false`):                                         `join without group`,
		entry(`"user": "a", "group": "g"`):                                            `join without accept`,
		entry(`"user": "a", "group": "g", "accept": "no"`):                            `accept must be true or false, not text`,
		entry(`"user": 1, "group": "g", "accept": false`):                             `user must be text, not a number`,
		entry(`"user": "a", "user": "b", "group": "g", "accept": false`):              `the key "user" appears twice`,
		entry(`"user": "a", "group": "g", "accept": false, "timestamp": "yesterday"`): `timestamp "yesterday" is not a time`,
		entry(`"user": "a", "group": "g", "accept": false, "timestamp": 5`):           `timestamp must be text, not a number`,
		entry(`"user": "a", "group": "g", "accept": false, "until": ""`):              `until "" is not a time`,
		entry(`"user": "a", "group": "g", "accept": false, "anchor": "x"`):            `anchor is not a GUID`,
		`{"resolutions": [{"type": "name", "user": "a", "accept": false}]}`:           `name without name`,
	} {
		_, err := Decode([]byte(body))
		var faults *Error
		require.ErrorAs(t, err, &faults, body)
		assert.Contains(t, err.Error(), want)
	}
	_, err := Decode([]byte(entry(`"user": "a", "group": "g", "accept": 1, "password": ["hunter2"]`)))
	assert.ErrorContains(t, err, "password must be text, not a list")
	assert.NotContains(t, err.Error(), "hunter2")
}

func TestResolutionsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []schema.Resolution
		for range rapid.IntRange(0, 4).Draw(t, "entries") {
			r := schema.Resolution{
				Type: rapid.SampledFrom(resolutionKinds).Draw(t, "type"), User: "u" + drawText(t), Group: "g" + drawText(t), Name: "n" + drawText(t),
				GroupSID: drawText(t), Accept: rapid.Bool().Draw(t, "accept"), By: drawText(t), Reason: drawText(t), NewName: drawText(t),
				TakeOver: rapid.Bool().Draw(t, "take over"), Done: rapid.Bool().Draw(t, "done"),
			}
			if rapid.Bool().Draw(t, "dated") {
				until := drawTime(t)
				r.Timestamp, r.Until = drawTime(t), &until
			}
			if rapid.Bool().Draw(t, "anchored") {
				r.Anchor = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
			}
			if !r.Done && rapid.Bool().Draw(t, "password") {
				password := schema.Secret(drawText(t))
				r.Password = &password
			}
			list = append(list, r)
		}
		out, err := Encode(list)
		require.NoError(t, err)
		back, err := Decode(out)
		require.NoError(t, err)
		require.Equal(t, list, back)
	})
}

func FuzzDecodeResolutions(f *testing.F) {
	f.Add([]byte(oldResolutions))
	f.Fuzz(func(t *testing.T, body []byte) {
		list, err := Decode(body)
		if err != nil {
			return
		}
		for i := range list {
			list[i].Timestamp = list[i].Timestamp.Truncate(time.Microsecond)
		}
		out, err := Encode(list)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(out)
		if err != nil || len(again) != len(list) {
			t.Fatal(err, string(out))
		}
	})
}

func moment(t testing.TB, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return v.UTC()
}

func drawText(t *rapid.T) string { return rapid.String().Filter(schema.IsText).Draw(t, "text") }

func drawTime(t *rapid.T) time.Time {
	return time.UnixMicro(rapid.Int64Range(-11e15, 250e15).Draw(t, "microseconds")).UTC()
}
