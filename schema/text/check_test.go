package text

import (
	"bytes"
	"testing"

	"ad-user-sync/schema"

	"github.com/stretchr/testify/require"
)

func sampleCheck() schema.Check {
	c := schema.Check{Command: "import", Config: "import_config.json", Domain: "plant.example", Controller: "dc1.plant.example", Identity: `PLANT\svc-import`}
	c.Add(schema.CheckStep{Part: "Files", Step: "configuration", State: schema.CheckOK, Text: "import_config.json is valid"})
	c.Add(schema.CheckStep{Part: "Connection", Step: "port", State: schema.CheckOK, Text: "dc1.plant.example:636 answers"})
	c.Add(schema.CheckStep{Part: "Connection", Step: "tls", State: schema.CheckFailed, Text: "it was signed by an unknown authority (issuer \"CN=Evil\x1b[2J\")", Hint: "name it under \"ca_file\""})
	c.Add(schema.CheckStep{Part: "Target domain", Step: "quota", State: schema.CheckWarning, Text: "every account may join 10 computers", Hint: "set it to 0"})
	c.Add(schema.CheckStep{Part: "Rights of the import", Step: "too much", State: schema.CheckLeftOut, Text: "could not be found out"})
	return c
}

func TestCheckForPeople(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, Check(&out, sampleCheck()))
	golden(t, "../testdata/check.txt", out.Bytes())

	out.Reset()
	require.NoError(t, Check(&out, schema.Check{Command: "export", OK: true, Steps: []schema.CheckStep{{Part: "Files", Step: "hmac", State: schema.CheckOK, Text: "there is a key"}}}))
	require.Contains(t, out.String(), "The export would work: 1 step ok\n")
}

func TestCheckForPrograms(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, CheckJSON(&out, sampleCheck()))
	require.NotContains(t, out.String(), "\x1b")
	out.Reset()
	require.NoError(t, CheckJSON(&out, schema.Check{}))
	require.Contains(t, out.String(), `"steps": []`)
}
