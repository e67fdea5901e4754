package importer

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Who has an account in the container is only anchored by the first import; what the
// second one changes is told before the start.
func TestALookIsAheadOfWhatIsAnchored(t *testing.T) {
	s := newScene(t)
	s.user(s.account("Max Muster"), "max", map[string]string{"title": "Old"})
	s.join("p-Editors", s.account("Max Muster"))
	s.user(s.account("Lea Left"), "lea", nil)
	s.observing(5, 13, `, "limits": {"leave": {"max": 0}}`)
	file := s.file(s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster", has("title", "New"), in("CN=t-Viewers")), s.person("Lea Left", disabled))
	r, err := s.onlyLook(file)
	require.NoError(t, err)
	notices := fmt.Sprint(r.Report.Notices)
	assert.Contains(t, notices, "the first import anchors accounts that are there already (2), and the second one, by the same file, changes these: disable Lea Left")
	assert.Contains(t, notices, "join Max Muster: p-Viewers; leave Max Muster: p-Editors; update Max Muster (")
	assert.Contains(t, notices, "the limit leave would stop it")
	assert.NotContains(t, notices, "create")

	s.run(file, starting(r.Plan.Digest))
	second, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, second.Report.Guard, "as was told")
	assert.Equal(t, "leave", second.Report.Guard.Name)
	s.observing(5, 13, "")
	dry, err := s.start(file, func(o *Options) { o.DryRun = true }).Run(t.Context())
	require.NoError(t, err)
	for _, c := range dry.Report.Disabled {
		assert.Equal(t, "Lea Left", c)
	}
	assert.NotContains(t, fmt.Sprint(dry.Report.Notices), "the first import anchors")
}
