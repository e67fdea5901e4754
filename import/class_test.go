package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A container that must not be managed is not read, so that nothing is said of
// whom the reading would have found.
func TestNobodyIsSeenNowhereInAContainerThatWasNotRead(t *testing.T) {
	s := newScene(t)
	s.staffed(s.person("Anna One"))
	s.mem.Overwrite(s.managed(), map[string]string{"isCriticalSystemObject": "TRUE"})
	r, err := s.start(s.file(s.person("Bert Two"))).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	for _, f := range r.Report.Failed {
		assert.NotContains(t, f.Reason, "seen nowhere")
	}
}
