package schema

import (
	"bytes"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

func sampleCheck() Check {
	c := Check{Command: "import", Config: "import_config.json", Domain: "plant.example", Controller: "dc1.plant.example", Identity: `PLANT\svc-import`}
	c.Add(CheckStep{Part: "Files", Step: "configuration", State: CheckOK, Text: "import_config.json is valid"})
	c.Add(CheckStep{Part: "Connection", Step: "port", State: CheckOK, Text: "dc1.plant.example:636 answers"})
	c.Add(CheckStep{Part: "Connection", Step: "tls", State: CheckFailed, Text: "it was signed by an unknown authority (issuer \"CN=Evil\x1b[2J\")", Hint: "name it under \"ca_file\""})
	c.Add(CheckStep{Part: "Target domain", Step: "quota", State: CheckWarning, Text: "every account may join 10 computers", Hint: "set it to 0"})
	c.Add(CheckStep{Part: "Rights of the import", Step: "too much", State: CheckLeftOut, Text: "could not be found out"})
	return c
}

func TestCheckForPeople(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, sampleCheck().WriteText(&out))
	golden(t, "testdata/check.txt", out.Bytes())

	out.Reset()
	require.NoError(t, Check{Command: "export", OK: true, Steps: []CheckStep{{Part: "Files", Step: "hmac", State: CheckOK, Text: "there is a key"}}}.WriteText(&out))
	require.Contains(t, out.String(), "The export would work: 1 step ok\n")
}

func TestCheckForPrograms(t *testing.T) {
	text, err := sampleCheck().JSON()
	require.NoError(t, err)
	require.NotContains(t, string(text), "\x1b")
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	require.NoError(t, compiled("check").Validate(document))

	empty, err := Check{}.JSON()
	require.NoError(t, err)
	require.Contains(t, string(empty), `"steps": []`)
}
