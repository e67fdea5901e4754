package importer

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
)

// The sentences of older ledgers mean what they meant: above all, an account that
// was taken over without its password must not keep it.
func TestSentencesOfOlderLedgersAreRead(t *testing.T) {
	for version := 1; version < 3; version++ {
		for sentence, c := range map[string]struct {
			cause   plan.Reason
			mayKeep bool
		}{
			"missing in file":    {plan.Returned, true},
			"disabled in source": {plan.Returned, true},
			"taken over":         {plan.TakenOver, false},
		} {
			t.Run(fmt.Sprintf("%d %s", version, sentence), func(t *testing.T) {
				s := newScene(t)
				jane, others := s.person("Jane Doe"), []string{"Anna A", "Bert B", "Carl C"}
				s.staffed(jane, s.person(others[0]), s.person(others[1]), s.person(others[2]))
				s.run(s.file(s.person(others[0]), s.person(others[1]), s.person(others[2])))

				path := ledger.Path(s.cfg.ResolutionsFile)
				data, err := os.ReadFile(path)
				require.NoError(t, err)
				old := strings.Replace(string(data), `"disabled_for": "missing-in-file"`, `"disabled_for": "`+sentence+`"`, 1)
				require.NotEqual(t, string(data), old)
				old = strings.Replace(old, `"version": 4`, fmt.Sprintf(`"version": %d`, version), 1)
				require.NoError(t, os.WriteFile(path, []byte(old), 0o600))

				q := s.question(s.desk(s.file(jane, s.person(others[0]), s.person(others[1]), s.person(others[2]))), plan.Enable, "Jane Doe")
				assert.Equal(t, c.cause, q.Reason)
				assert.Equal(t, c.mayKeep, q.MayKeep)
			})
		}
	}
}

// Version 3 knew none of the decisions that later builds keep, and would have saved
// without them: it refuses version 4, which in turn reads version 3.
func TestVersion3OfTheLedgerIsRead(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe")
	s.run(s.file(jane))
	path := ledger.Path(s.cfg.ResolutionsFile)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	old := strings.Replace(string(data), `"version": 4`, `"version": 3`, 1)
	require.NotEqual(t, string(data), old)
	require.NoError(t, os.WriteFile(path, []byte(old), 0o600))
	assert.Empty(t, s.run(s.file(jane)).Plan.Actions)
	data, err = os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"version": 4`)
}
