package setup

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	importer "ad-user-sync/import"
	"ad-user-sync/schema"
)

// A file that names no groups leaves nothing but "everybody" to be mapped: whoever looks for
// the groups of the source hears why they are missing.
func TestAFileWithoutGroupsIsExplained(t *testing.T) {
	for _, c := range []struct {
		groups []string
		told   bool
	}{{nil, true}, {[]string{"CN=t-Viewers"}, false}} {
		in, person, err := os.Pipe()
		require.NoError(t, err)
		_, err = person.WriteString("\n\n\n")
		require.NoError(t, err)
		require.NoError(t, person.Close())
		var said strings.Builder
		file := schema.UserFile{Users: []schema.User{{CN: "Jane Doe", MemberOf: c.groups}}}
		w := &wizard{ctx: t.Context(), draft: &draft{side: "import"}, incoming: &importer.Input{File: &file}}
		w.console = newConsole(t.Context(), Program{In: in, Out: &said})
		answer, err := askGroupMap(w, offer{})
		require.NoError(t, err)
		assert.Equal(t, "none", answer)
		assert.Equal(t, c.told, strings.Contains(said.String(), "search_groups of the export name those"), said.String())
		assert.Equal(t, !c.told, strings.Contains(said.String(), "people of CN=t-Viewers into"), said.String())
	}
}
