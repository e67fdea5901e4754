package config

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"ad-user-sync/schema"
	"ad-user-sync/schema/resolutions"
	"ad-user-sync/schema/text"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the program writes fits the schemas it publishes.
func TestDocumentsFitTheirSchemas(t *testing.T) {
	var empty, check, status, new bytes.Buffer
	given := []schema.GivenTime{{At: time.Unix(0, 0).UTC(), By: "x", Reason: "no", Days: 14, Accounts: 1}}
	require.NoError(t, text.ReportJSON(&empty, schema.Report{GivenTime: given, Prolonged: []string{"Jane"}, Accepted: []schema.Accepted{{Type: "prolong", User: "Jane", By: "x", Why: "no"}}}))
	list, err := resolutions.Encode([]schema.Resolution{
		{Type: schema.KindEnable, User: "Jane", Accept: true, Timestamp: time.Unix(0, 0), Anchor: "6f9619ff-8b86-d011-b42d-00cf4fc964ff", By: "x", Done: true},
		{Type: schema.KindJoin, User: "Jane", Group: "g", Reason: "no", Timestamp: time.Unix(0, 0)},
	})
	require.NoError(t, err)
	require.NoError(t, text.CheckJSON(&check, schema.Check{Command: "import", Steps: []schema.CheckStep{{Part: "Files", Step: "hmac", State: schema.CheckFailed, Text: "no key", Hint: "make one"}}}))
	code, at := 3, time.Unix(0, 0).UTC()
	account := schema.StatusAccount{User: "Jane", AccountName: "jane", DN: "CN=Jane", At: at, Reason: "missing in file", Code: "missing-in-file"}
	require.NoError(t, text.StatusJSON(&new, schema.Status{Waiting: []schema.StatusWaiting{}, Next: []schema.StatusAccount{}, Ended: []schema.StatusAccount{}, Disabled: []schema.StatusAccount{}}))
	require.NoError(t, text.StatusJSON(&status, schema.Status{
		At: at, Run: &schema.StatusRun{ID: "r", Started: at, ExitCode: &code, Guard: "user file", Failed: 1, Report: "r.json"},
		File:    &schema.StatusFile{Written: at, Domain: "corp.example", SHA256: "00", Overdue: &at},
		Waiting: []schema.StatusWaiting{{Type: "join", User: "Jane", About: "g", Since: at}}, Enabled: 1,
		Next: []schema.StatusAccount{account}, Ended: []schema.StatusAccount{account}, Disabled: []schema.StatusAccount{account}, GivenTime: given, ExitCode: 3, Why: "why", Note: "note"}))
	documents := map[string][][]byte{"report": {empty.Bytes()}, "resolutions": {list}, "check": {check.Bytes()}, "status": {status.Bytes(), new.Bytes()}}
	for file, name := range map[string]string{"report.json": "report", "user_file.json": "user_file", "user_file_old.json": "user_file"} {
		text, err := os.ReadFile("../testdata/" + file)
		require.NoError(t, err)
		documents[name] = append(documents[name], text)
	}
	for name, texts := range documents {
		for _, text := range texts {
			document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			require.NoError(t, err)
			assert.NoError(t, compiled(name).Validate(document), name)
		}
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
