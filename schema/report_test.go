package schema

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

func sampleReport(t *testing.T) Report {
	dated := moment(t, "2026-11-22T08:15:30Z")
	return Report{
		Created: []string{"EXT Zoë", "EXT Jane <Doe>"}, Updated: []string{"EXT Bob"}, Disabled: []string{"EXT Eve"},
		Joined: []Membership{{"EXT Zoë", "p-Viewers"}, {"EXT Bob", "p-Viewers"}, {"EXT Bob", "p-Editors"}},
		RequiredInteractions: []Interaction{{Type: "join", User: "EXT Bob", Group: "p-Administrators", Reason: "group_map: listed in restricted_groups"},
			{Type: "enable", User: "EXT Zoë", Reason: "new"}, {Type: "name", User: "EXT Max", Name: "max", Reason: "name taken"}},
		Extended:  22,
		Skipped:   []Outcome{{"EXT Old", "disabled in source"}},
		Failed:    []Outcome{{"EXT Bob", "value not accepted: title is longer than 128 characters"}},
		Unmanaged: []Outcome{{"Local\u202e Admin\x1b[2J", "unmanaged"}},
		Notices:   []string{"The user file is 20 days old.", "A second notice."},
		Plan:      "3f79bb7b435b0532",
		Changes: []Change{
			{User: "EXT Zoë", Action: "create", Reason: "new", Attribute: "mail", After: []string{"zoe@corp.example"}},
			{User: "EXT Bob", Action: "update", Reason: "differs", Attribute: "title", Before: []string{"Clerk"}, After: []string{"Head"}},
			{User: "EXT Bob", Action: "update", Reason: "differs", Attribute: "mail", Before: []string{"b@x"}},
			{User: "EXT Bob", Action: "join", Reason: "group_map", Attribute: "member of", After: []string{"p-Viewers"}},
			{User: "EXT Eve", Action: "disable", Reason: "missing in file"},
		},
		Input: &Input{File: "users.json", Timestamp: &dated, SHA256: "00ff", Users: 25, Signed: true, Key: 2},
		Run:   "5f0c9a3e", Domain: "plant.example", Controller: "dc1.plant.example", Security: "ldaps",
		Expiring: &Expiring{First: moment(t, "2026-12-23T08:15:30Z"), Accounts: 24},
		Started:  moment(t, "2026-11-22T09:00:00Z"), Seconds: 1.25, Operations: Operations{Searches: 4, Adds: 1, Modifies: 2},
	}
}

func TestReportText(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, sampleReport(t).WriteText(&out))
	golden(t, "testdata/report.txt", out.Bytes())
	assert.NotContains(t, out.String(), "\x1b")
	assert.NotContains(t, out.String(), "\u202e")
}

// A dry run is read before anything is done, so it leaves nothing out.
func TestDryRunTextShowsBeforeAndAfterOfEveryChange(t *testing.T) {
	r := sampleReport(t)
	r.DryRun = true
	for i := range 60 {
		user := fmt.Sprintf("EXT User %02d", i)
		r.Updated = append(r.Updated, user)
		r.Changes = append(r.Changes, Change{User: user, Action: "update", Reason: "differs", Attribute: "sn", Before: []string{"Old"}, After: []string{user, "- "}})
		r.RequiredInteractions = append(r.RequiredInteractions, Interaction{Type: "enable", User: user})
	}
	var out bytes.Buffer
	require.NoError(t, r.WriteText(&out))
	text := out.String()
	assert.Contains(t, text, "\n  EXT Bob\n    join     member of: - -> p-Viewers (group_map)\n    update   mail: b@x -> - (differs)\n    update   title: Clerk -> Head (differs)\n  EXT Eve\n")
	assert.Contains(t, text, "\n    create   mail: - -> zoe@corp.example (new)\n")
	assert.Contains(t, text, "\n  EXT User 59\n    update   sn: Old -> EXT User 59; \"- \" (differs)\n")
	assert.Equal(t, 60, strings.Count(text, "enable   EXT User"))
	assert.NotContains(t, text, "more")
}

func TestReportJSON(t *testing.T) {
	r := sampleReport(t)
	out, err := r.JSON()
	require.NoError(t, err)
	golden(t, "testdata/report.json", out)
	assert.Equal(t, "EXT Zoë", r.Created[0], "the report itself is not changed")
	assert.Nil(t, r.Changes[2].After)
	assert.Contains(t, string(out), `"EXT Jane <Doe>"`)
}

func TestEmptyReport(t *testing.T) {
	out, err := Report{}.JSON()
	require.NoError(t, err)
	for _, key := range []string{"enabled", "joined", "required_interactions", "failed", "notices", "changes", "unmanaged"} {
		assert.Contains(t, string(out), `"`+key+`": []`)
	}
	var text bytes.Buffer
	require.NoError(t, Report{}.WriteText(&text))
	assert.Contains(t, text.String(), "nothing to do")
}

// Whatever happened to many at once is said once to a person; the JSON report
// has everybody.
func TestReportTextSaysOnceWhatManyShare(t *testing.T) {
	r := Report{Failed: []Outcome{{"A", "denied"}, {"B", "denied"}, {"C", "denied"}, {"X", "a value"}, {"E", "lost"}, {"F", "lost"}, {"D", "lost"}, {"G", "lost"}, {"H", "lost"}}}
	var text bytes.Buffer
	require.NoError(t, r.WriteText(&text))
	assert.Contains(t, text.String(), "Failed (9)\n  A: denied\n  B: denied\n  C: denied\n  D, E, F and 2 more: lost\n  X: a value\n")
	out, err := r.JSON()
	require.NoError(t, err)
	assert.Equal(t, 5, strings.Count(string(out), `"lost"`))
}

func TestStoppedReport(t *testing.T) {
	var text bytes.Buffer
	users := strings.Split(strings.Repeat("EXT Jane,", 30), ",")
	r := Report{Guard: &Guard{Name: "disable", Reason: "60 accounts would be disabled, at most 50 may be", Users: users, WayOn: "import --confirm-plan 3f79"}}
	require.NoError(t, r.WriteText(&text))
	assert.Contains(t, text.String(), "Stopped before anything was written: disable\n  60 accounts")
	assert.Contains(t, text.String(), "… and 11 more")
	assert.Contains(t, text.String(), "To go on: import --confirm-plan 3f79")
	assert.Contains(t, text.String(), "nothing done")

	text.Reset()
	r.DryRun = true
	require.NoError(t, r.WriteText(&text))
	assert.Contains(t, text.String(), "Dry run")
	assert.Equal(t, 30, strings.Count(text.String(), "EXT Jane\n"))
}

func TestReportTextTellsOfAWriteError(t *testing.T) {
	assert.Error(t, Report{}.WriteText(&fullDisk{}))
}

// What the program writes fits the schemas it publishes.
func TestDocumentsFitTheirSchemas(t *testing.T) {
	report, err := sampleReport(t).JSON()
	require.NoError(t, err)
	empty, err := Report{}.JSON()
	require.NoError(t, err)
	list, err := DecodeResolutions([]byte(oldResolutions))
	require.NoError(t, err)
	resolutions, err := EncodeResolutions(list[:5])
	require.NoError(t, err)
	old := sampleFile(t)
	old.Source, old.Complete = nil, nil
	for _, c := range []struct {
		schema string
		text   []byte
	}{
		{"report", report}, {"report", empty}, {"resolutions", resolutions},
		{"user_file", encode(t, sampleFile(t))}, {"user_file", encode(t, old)},
	} {
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(c.text))
		require.NoError(t, err)
		assert.NoError(t, compiled(c.schema).Validate(document), c.schema)
	}
	for name, text := range map[string]string{
		"user_file": `{"users": [{"cn": "a"}]}`, "resolutions": `{"resolutions": [{"type": "enable"}]}`, "report": `{"created": null}`,
	} {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		require.NoError(t, err)
		var invalid *jsonschema.ValidationError
		assert.True(t, errors.As(compiled(name).Validate(document), &invalid), name)
	}
}
