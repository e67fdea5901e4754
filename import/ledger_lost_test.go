package importer

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// refused runs an import that is refused, and writes nothing.
func (s *scene) refused(in *Input, says ...string) {
	s.t.Helper()
	before := s.usn()
	_, err := s.start(in).Run(s.t.Context())
	var refusal *Refusal
	require.ErrorAs(s.t, err, &refusal)
	for _, text := range append(says, "--accept-file "+in.SHA256) {
		assert.Contains(s.t, err.Error(), text)
	}
	assert.Equal(s.t, before, s.usn())
}

// Who was moved out of the container, and works on, is not forgotten with the ledger.
func TestLostLedgerForgetsNobodyWhoWasMovedOut(t *testing.T) {
	for name, lose := range map[string]func(path string) error{
		"damaged": func(path string) error { return os.WriteFile(path, []byte(`{"vers`), 0o600) },
		"gone":    os.Remove,
	} {
		for _, everybody := range []bool{false, true} {
			s := newScene(t)
			max := s.person("Max Muster")
			s.staffed(s.person("Jane Doe"), max)
			elsewhere := s.ou.Child("CN", "Jane Doe")
			require.NoError(t, s.admin.Rename(t.Context(), s.account("Jane Doe"), elsewhere))
			s.user(s.ou.Child("CN", "Foreign"), "foreign", map[string]string{"adminDescription": "ad-user-sync:" + s.anchor("Foreign") + "@other.example"})
			s.user(s.ou.Child("CN", "Nobody"), "nobody", map[string]string{"adminDescription": "by hand"})
			require.NoError(t, lose(ledger.Path(s.cfg.ResolutionsFile)))
			if everybody {
				if name == "gone" {
					continue // nothing tells this from the first run of another import
				}
				require.NoError(t, s.admin.Rename(t.Context(), s.account("Max Muster"), s.ou.Child("CN", "Max Muster")))
			}
			file := s.file(max)
			s.refused(file, "count from now on as moved out of it: "+elsewhere.String())
			r, err := s.start(file, func(o *Options) { o.Accept = file.SHA256 }).Run(t.Context())
			require.NoError(t, err)
			for range 2 {
				require.NotEmpty(t, r.Report.Failed, name)
				assert.Equal(t, string(plan.MovedOut), r.Report.Failed[0].Code)
				assert.Equal(t, elsewhere.String(), r.Report.Failed[0].DN)
				for _, f := range r.Report.Failed {
					assert.NotContains(t, []string{"Foreign", "Nobody"}, f.User)
				}
				r, err = s.start(s.file(max)).Run(t.Context())
				require.NoError(t, err)
			}
		}
	}
}

// Without anchors, the answers that sessions gave tell that a ledger was there.
func TestAnswersTellThatALedgerWasThere(t *testing.T) {
	s := newScene(t)
	s.with(`"anchor_attribute": null`)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.run(s.file(jane, max))
	d := s.desk(s.file(jane, max))
	s.decide(d, plan.Answer{ID: s.question(d, plan.Enable, "Jane Doe").ID, Reason: "not yet"})
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
	file := s.file(max)
	s.refused(file, "is lost, and it is unknown which accounts it knew", "holds answers that were given in earlier imports (1)")
	s.run(file, func(o *Options) { o.Accept = file.SHA256 })
	s.run(s.file(max))
}

// Entries that someone prepared are no sign of an earlier import.
func TestFirstRunMayHaveItsAnswersPrepared(t *testing.T) {
	s := newScene(t)
	s.with(`"anchor_attribute": null`)
	prepared := []schema.Resolution{{Type: string(plan.Enable), User: "Jane Doe", Timestamp: s.now}}
	require.NoError(t, SaveResolutions(s.cfg.ResolutionsFile, prepared))
	r := s.run(s.file(s.person("Jane Doe")))
	assert.Equal(t, "Jane Doe", strings.Join(r.Report.Created, ", "))
}
