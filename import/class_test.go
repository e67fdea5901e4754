package importer

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// The values of an attribute have no order (RFC 4511, 4.1.7).
func TestClassesMayComeInAnyOrder(t *testing.T) {
	for want, classes := range map[string][]string{
		"user":                 {"top", "person", "organizationalPerson", "user"},
		"computer":             {"top", "person", "organizationalPerson", "user", "computer"},
		"organizationalUnit":   {"top", "organizationalUnit"},
		"container":            {"top", "container"},
		"groupPolicyContainer": {"top", "container", "groupPolicyContainer"},
	} {
		for range 2 {
			assert.Equal(t, want, class(ad.NewEntry(ad.DN{}, map[string][][]byte{"objectClass": ad.Values(classes...)})), classes)
			slices.Reverse(classes)
		}
	}
}

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
