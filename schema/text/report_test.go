package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"ad-user-sync/schema"

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

func sampleReport(t *testing.T) schema.Report {
	dated := moment(t, "2026-11-22T08:15:30Z")
	return schema.Report{
		Created: []string{"EXT Zoë", "EXT Jane <Doe>"}, Updated: []string{"EXT Bob"}, Disabled: []string{"EXT Eve"},
		Joined: []schema.Membership{{User: "EXT Zoë", Group: "p-Viewers"}, {User: "EXT Bob", Group: "p-Viewers"}, {User: "EXT Bob", Group: "p-Editors"}},
		RequiredInteractions: []schema.Interaction{{Type: "join", User: "EXT Bob", Group: "p-Administrators", Reason: "group_map: listed in restricted_groups"},
			{Type: "enable", User: "EXT Zoë", Reason: "new"}, {Type: "name", User: "EXT Max", Name: "max", Reason: "name taken"}},
		Extended:  22,
		Rejected:  []schema.Rejected{{Type: "leave", User: "EXT Bob", Group: "p-Editors", By: `PLANT\anna as PLANT\anna`, Reason: "on loan", Until: &dated}},
		Skipped:   []schema.Outcome{{User: "EXT Old", Reason: "disabled in source", Code: "disabled-in-source"}},
		Failed:    []schema.Outcome{{User: "EXT Bob", Reason: "value not accepted: title is longer than 128 characters"}},
		Unmanaged: []schema.Outcome{{User: "Local\u202e Admin\x1b[2J", Reason: "unmanaged"}},
		Notices:   []string{"The user file is 20 days old.", "A second notice."},
		Plan:      "3f79bb7b435b0532",
		Actions: schema.ListOf([]schema.Action{{Type: "create", Code: "new", User: "EXT Zoë"}, {Type: "create", Code: "new", User: "EXT Jane <Doe>"},
			{Type: "update", Code: "differs", User: "EXT Bob"}, {Type: "disable", Code: "missing-in-file", User: "EXT Eve", Subject: schema.Subject{ObjectGUID: "0b9d6c1e-3a52-4c5e-8b1f-6a2f6d1c7e44", AccountName: "eve"}},
			{Type: "join", Code: "group-map", User: "EXT Zoë", Group: "p-Viewers"}, {Type: "join", Code: "group-map", User: "EXT Bob", Group: "p-Viewers"}, {Type: "join", Code: "group-map", User: "EXT Bob", Group: "p-Editors"}}...),
		Changes: schema.ListOf([]schema.Change{
			{Cause: &schema.Cause{User: "EXT Zoë", Action: "create", Reason: "new"}, Attribute: "mail", After: []string{"zoe@corp.example"}},
			{Cause: &schema.Cause{User: "EXT Bob", Action: "update", Reason: "differs"}, Attribute: "title", Before: []string{"Clerk"}, After: []string{"Head"}},
			{Cause: &schema.Cause{User: "EXT Bob", Action: "update", Reason: "differs"}, Attribute: "mail", Before: []string{"b@x"}},
			{Cause: &schema.Cause{User: "EXT Bob", Action: "join", Reason: "group_map"}, Attribute: "member of", After: []string{"p-Viewers"}},
			{Cause: &schema.Cause{User: "EXT Eve", Action: "disable", Reason: "missing in file", Code: "missing-in-file"}, Subject: &schema.Subject{ObjectGUID: "0b9d6c1e-3a52-4c5e-8b1f-6a2f6d1c7e44", AccountName: "eve"}},
		}...),
		Input: &schema.Input{File: "users.json", Timestamp: &dated, SHA256: "00ff", Users: 25, Signed: true, Key: 2},
		Run:   "5f0c9a3e", Domain: "plant.example", Controller: "dc1.plant.example", Security: "ldaps",
		Expiring: &schema.Expiring{First: moment(t, "2026-12-23T08:15:30Z"), Accounts: 24},
		Started:  moment(t, "2026-11-22T09:00:00Z"), Seconds: 1.25, Operations: schema.Operations{Searches: 4, Adds: 1, Modifies: 2},
	}
}

func TestReportText(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, Report(&out, sampleReport(t)))
	golden(t, "../testdata/report.txt", out.Bytes())
	assert.NotContains(t, out.String(), "\x1b")
	assert.NotContains(t, out.String(), "\u202e")
}

// A dry run is read before anything is done, so it leaves nothing out.
func TestDryRunTextShowsBeforeAndAfterOfEveryChange(t *testing.T) {
	r := sampleReport(t)
	r.DryRun = true
	for i := range 60 {
		user := fmt.Sprintf("EXT User %02d", i)
		r.Updated, r.Actions = append(r.Updated, user), append(r.Actions, schema.ListOf(schema.Action{Type: "update", Code: "differs", User: user})...)
		r.Changes = append(r.Changes, schema.ListOf(schema.Change{Cause: &schema.Cause{User: user, Action: "update", Reason: "differs"}, Attribute: "sn", Before: []string{"Old"}, After: []string{user, "- "}})...)
		r.RequiredInteractions = append(r.RequiredInteractions, schema.Interaction{Type: "enable", User: user})
	}
	var out bytes.Buffer
	require.NoError(t, Detailed(&out, r))
	text := out.String()
	assert.Contains(t, text, "\n  EXT Bob\n    join     member of: - -> p-Viewers (group_map)\n    update   mail: b@x -> - (differs)\n    update   title: Clerk -> Head (differs)\n  EXT Eve (eve)\n")
	assert.Contains(t, text, "\n    create   mail: - -> zoe@corp.example (new)\n")
	assert.Contains(t, text, "\n  EXT User 59\n    update   sn: Old -> EXT User 59; \"- \" (differs)\n")
	assert.Equal(t, 60, strings.Count(text, "enable   EXT User"))
	assert.NotContains(t, text, "more")
	assert.True(t, strings.HasSuffix(text, "\n\nPlan: 2 to create, 61 to update, 22 to extend, 1 to disable, 3 to join, 1 rejected, 1 failed, 63 waiting for a person; nothing was written\n"))
}

// What takes something away comes first, and what gives most is one number.
func TestReportTextIsWorstFirst(t *testing.T) {
	jane, max := schema.Subject{ObjectGUID: "1", AccountName: "jane"}, schema.Subject{ObjectGUID: "2", AccountName: "max"}
	eve := schema.Subject{ObjectGUID: "3", AccountName: "eve"} // a first lease is an extension, as the plan and the page have it
	change := func(who schema.Subject, action, reason, attribute, before, after string) schema.Change {
		c := schema.Change{Cause: &schema.Cause{User: "EXT " + who.AccountName, Action: action, Reason: reason}, Subject: &who, Attribute: attribute, After: []string{after}}
		if before != "" {
			c.Before = []string{before}
		}
		return c
	}
	r := schema.Report{DryRun: true, Extended: 3, Disabled: []string{"EXT max"}, Renamed: []string{"EXT jane"},
		Joined: []schema.Membership{{User: "EXT jane", Group: "p-Viewers"}, {User: "EXT jane", Group: "p-Editors"}}, Left: []schema.Membership{{User: "EXT max", Group: "p-Editors"}},
		RequiredInteractions: []schema.Interaction{{Type: "enable", User: "EXT jane", Reason: "returned", Subject: jane}},
		Actions: schema.ListOf([]schema.Action{{Type: "join", User: "EXT jane", Group: "p-Editors", From: []string{"CN=Staff", "CN=Editors"}, Subject: jane}, {Type: "join", User: "EXT jane", Group: "p-Viewers", From: []string{"*"}, Subject: jane},
			{Type: "rename", User: "EXT jane", Subject: jane}, {Type: "leave", User: "EXT max", Group: "p-Editors", Subject: max}, {Type: "disable", User: "EXT max", Subject: max},
			{Type: "adopt", User: "EXT max", Subject: max}, {Type: "extend", User: "EXT max", Subject: max, Sooner: true}, {Type: "extend", User: "EXT eve", Subject: eve}, {Type: "extend", User: "EXT jane", Subject: jane}}...),
		Changes: schema.ListOf(change(max, "extend", "disabled in source", "accountExpires", "never", "2026-12-01T09:00:00Z"), change(eve, "extend", "lease", "accountExpires", "never", "2026-12-01T09:00:00Z"), change(jane, "extend", "lease", "accountExpires", "2026-12-01T09:00:00Z", "2027-01-01T09:00:00Z"),
			change(jane, "rename", "name differs", "cn", "EXT Jane Roe", "EXT jane"), change(max, "disable", "missing in file", "userAccountControl", "512", "514"),
			change(max, "adopt", "answered", "userAccountControl", "66048", "66050"), change(max, "adopt", "answered", "title", "", strings.Repeat("long ", 20)))}
	var out bytes.Buffer
	require.NoError(t, Report(&out, r))
	golden(t, "../testdata/worst_first.txt", out.Bytes())
}

func reportJSON(t *testing.T, r schema.Report) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, ReportJSON(&out, r))
	return out.String()
}

// What no one would see is written as an escape, wherever a stream is cut.
func TestReportJSONHidesNothing(t *testing.T) {
	long := strings.Repeat("a\u202eb\U000e0041\x1bZoë😀\ufeff", 20_000)
	out := reportJSON(t, schema.Report{Notices: []string{long}})
	assert.False(t, strings.ContainsFunc(strings.ReplaceAll(out, "\n", ""), schema.Hidden))
	var back schema.Report
	require.NoError(t, json.Unmarshal([]byte(out), &back))
	assert.Equal(t, long, back.Notices[0])
}

func TestReportJSON(t *testing.T) {
	r := sampleReport(t)
	out := reportJSON(t, r)
	golden(t, "../testdata/report.json", []byte(out))
	assert.Equal(t, "EXT Zoë", r.Created[0], "the report itself is not changed")
	assert.Nil(t, r.Changes.Entries()[2].After)
	assert.Contains(t, out, `"EXT Jane <Doe>"`)
}

func TestEmptyReport(t *testing.T) {
	out := reportJSON(t, schema.Report{})
	for _, key := range []string{"enabled", "joined", "required_interactions", "failed", "notices", "changes", "unmanaged"} {
		assert.Contains(t, out, `"`+key+`": []`)
	}
	var text bytes.Buffer
	require.NoError(t, Report(&text, schema.Report{}))
	assert.Contains(t, text.String(), "nothing to do")
}

// Whatever happened to many at once is said once to a person; the JSON report
// has everybody.
func TestReportTextSaysOnceWhatManyShare(t *testing.T) {
	r := schema.Report{Failed: []schema.Outcome{{User: "A", Reason: "denied"}, {User: "B", Reason: "denied"}, {User: "C", Reason: "denied"}, {User: "X", Reason: "a value"}, {User: "E", Reason: "lost"}, {User: "F", Reason: "lost"}, {User: "D", Reason: "lost"}, {User: "G", Reason: "lost"}, {User: "H", Reason: "lost"}}}
	var text bytes.Buffer
	require.NoError(t, Report(&text, r))
	assert.Contains(t, text.String(), "Failed (9)\n  A: denied\n  B: denied\n  C: denied\n  D: lost\n", "as long as there is room, everyone has a name")
	for i := range 60 {
		r.Failed = append(r.Failed, schema.Outcome{User: fmt.Sprintf("U %02d", i), Reason: "lost"})
	}
	text.Reset()
	require.NoError(t, Report(&text, r))
	assert.Contains(t, text.String(), "Failed (69)\n  A: denied\n  B: denied\n  C: denied\n  D, E, F and 62 more: lost\n  X: a value\n")
	out := reportJSON(t, r)
	assert.Equal(t, 65, strings.Count(out, `"lost"`))
	r.DryRun = true
	text.Reset()
	require.NoError(t, Report(&text, r))
	assert.Contains(t, text.String(), "\n  U 59: lost\n")
}

func TestStoppedReport(t *testing.T) {
	var text bytes.Buffer
	users := strings.Split(strings.Repeat("EXT Jane,", 30), ",")
	r := schema.Report{Guard: &schema.Guard{Name: "disable", Reason: "60 accounts would be disabled, at most 50 may be", Users: users, WayOn: "import --confirm-plan 3f79"}}
	require.NoError(t, Report(&text, r))
	assert.Contains(t, text.String(), "Stopped before anything was written: disable\n  60 accounts")
	assert.Contains(t, text.String(), "… and 11 more")
	assert.Contains(t, text.String(), "What to do: import --confirm-plan 3f79")
	assert.Contains(t, text.String(), "nothing done")

	text.Reset()
	r.Guard.Title = "too many accounts would be disabled, or end earlier"
	r.RequiredInteractions = []schema.Interaction{{Type: "enable", User: "EXT Max"}}
	require.NoError(t, Report(&text, r))
	assert.Contains(t, text.String(), "Stopped before anything was written: too many accounts would be disabled, or end earlier (disable)\n  60 accounts")
	assert.Contains(t, text.String(), "\n1 waiting for a person; nothing was written\n")
	r.RequiredInteractions = nil

	text.Reset()
	r.DryRun = true
	require.NoError(t, Report(&text, r))
	assert.Contains(t, text.String(), "Dry run")
	assert.Equal(t, 30, strings.Count(text.String(), "EXT Jane\n"))
}

func TestReportTextTellsOfAWriteError(t *testing.T) {
	assert.Error(t, Report(&fullDisk{}, schema.Report{}))
}

func moment(t testing.TB, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return v.UTC()
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// What a dry run plans, and what of that may not be done, are not added up.
func TestCountsOfADryRunTellWhatMayNotBeDone(t *testing.T) {
	r := schema.Report{DryRun: true, Disabled: []string{"Jane"}, Left: []schema.Membership{{User: "Jane", Group: "p-Admins"}},
		Failed: []schema.Outcome{{User: "Jane", Code: "refused", Reason: "leave: no right"}}}
	assert.Equal(t, "1 to disable, 1 to leave, 1 of that not possible for lack of rights", Counts(r))
	r.Failed = append(r.Failed, schema.Outcome{User: "Max", Reason: "name taken"})
	assert.Equal(t, "1 to disable, 1 to leave, 1 of that not possible for lack of rights, 1 failed", Counts(r))
}

// A report that was kept says what the run said.
func TestAKeptReportSaysTheSame(t *testing.T) {
	at := time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC)
	for want, r := range map[string]schema.Report{
		"nothing done, 1 skipped":                                {Skipped: []schema.Outcome{{User: "Jane", Code: "rejected", Reason: "enable was rejected for good"}, {User: "Max", Code: "disabled-in-source"}}},
		"nothing to do: everything is as the user file wants it": {Skipped: []schema.Outcome{{User: "Max", Code: "disabled-in-source"}}},
		"Plan: 1 to disable, 1 of that not possible for lack of rights, 1 failed; nothing was written": {Observed: &schema.Observed{Files: 1, Of: 10, Until: at}, Disabled: []string{"Jane"},
			Failed: []schema.Outcome{{User: "Jane", Code: "refused", Reason: "disable: no right"}, {User: "Max", Code: "ambiguous"}}},
	} {
		r.Started, r.Run = at, "AAAAAAAA"
		var live, again, kept bytes.Buffer
		require.NoError(t, Report(&live, r))
		assert.Contains(t, live.String(), want)
		require.NoError(t, ReportJSON(&kept, r))
		read := schema.Report{}
		require.NoError(t, json.Unmarshal(kept.Bytes(), &read))
		require.NoError(t, Report(&again, read))
		assert.Equal(t, live.String(), again.String())
	}
}
