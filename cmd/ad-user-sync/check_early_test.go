package main

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// A user file that has not come yet is a warning to init, and a fault of check import.
func TestTheUserFileMayComeAfterInit(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "users.json")
	for _, early := range []bool{true, false} {
		var out bytes.Buffer
		a := &app{ctx: t.Context(), std: streams{out: &out, err: &out}}
		i := a.inspect("import", "import_config.yaml")
		require.Nil(t, i.input(missing, nil, early))
		require.NoError(t, i.close("text", nil))
		if early {
			assert.Equal(t, exitDone, a.code)
			assert.Equal(t, schema.CheckWarning, i.check.Steps[0].State)
			assert.Contains(t, out.String(), "is still missing")
			assert.Nil(t, i.check.Next)
			continue
		}
		assert.Equal(t, exitFault, a.code)
		require.NotNil(t, i.check.Next)
		assert.Equal(t, exitRefused, i.check.Next.ExitCode)
		assert.Contains(t, out.String(), "user file: read "+missing+": no such file")
		assert.NotContains(t, out.String(), "user file: user file:", "the step is named once")
	}
}
