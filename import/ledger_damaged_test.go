package importer

import (
	"os"
	"testing"

	"ad-user-sync/import/ledger"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Without anchors nothing but the ledger tells which accounts are this program's, so
// that one that is damaged must not look like a first run.
func TestDamagedLedgerIsRefusedWithoutAnchorsToo(t *testing.T) {
	for _, damage := range []string{"", `{"version": 3, "contai`, `{"containers": {}}`} {
		s := newScene(t)
		s.with(`"anchor_attribute": null, "restricted_groups": ["p-Admins"]`)
		max := s.person("Max Muster")
		s.run(s.file(s.person("Jane Doe"), max))
		require.NoError(t, os.WriteFile(ledger.Path(s.cfg.ResolutionsFile), []byte(damage), 0o600))
		before, file := s.usn(), s.file(max)
		_, err := s.start(file).Run(t.Context())
		var refusal *Refusal
		require.ErrorAs(t, err, &refusal)
		assert.Contains(t, err.Error(), "it is damaged")
		assert.Contains(t, err.Error(), "--accept-file "+file.SHA256)
		assert.Equal(t, before, s.usn())
		s.run(file, func(o *Options) { o.Accept = file.SHA256 })
	}
}
