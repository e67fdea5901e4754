package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/matchtable"
	"ad-user-sync/import/plan"
)

// What a table says no to holds for the runs that finish a first one which was killed, at
// whatever write: they have no table.
func TestANoOfATableOutlastsAKilledFirstRun(t *testing.T) {
	for _, carriedOut := range []bool{false, true} {
		for n := 1; ; n++ {
			s := newScene(t)
			m := s.matching(`"employeeID"`)
			m.users = append(m.users, m.person("Max Muster", in("CN=t-Viewers")), m.person("Eva Muster"), m.person("Nora New"))
			s.user(s.account("Max Muster"), "max", nil)
			s.user(s.account("Eva Muster"), "eva", nil)
			file := s.file(m.users...)
			table := m.tableOf(t, file, func(table *matchtable.Table) { rowIn(t, table, "Max Muster").Take = false })
			s.crashAt(n, carriedOut)
			im := s.start(file, byTable(table))
			dead := wasKilled(func() {
				require.NoError(t, im.CheckTable())
				_, err := im.Run(t.Context())
				require.NoError(t, err)
			})
			s.mem.Fail(nil)
			for range 2 {
				s.run(file)
			}
			assert.Empty(t, s.get(s.account("Max Muster"), "adminDescription").Text("adminDescription"), "killed at %d: the person wrote no", n)
			assert.NotEmpty(t, s.get(s.account("Eva Muster"), "adminDescription").Text("adminDescription"), "killed at %d", n)
			assert.Nil(t, s.get(s.account("Max Muster "+"("+s.name("max")+")"), "cn"), "no second account before someone has decided")
			d := s.desk(file)
			q := s.question(d, plan.Adopt, "Max Muster")
			require.NotEmpty(t, q.ID)
			s.decide(d, plan.Answer{ID: q.ID, Accept: true})
			l, err := ledger.Load(ledger.Path(s.cfg.ResolutionsFile))
			require.NoError(t, err)
			for _, r := range l.Containers {
				assert.True(t, r.Finished)
				assert.Empty(t, r.Tabled, "it is of no use any more")
			}
			if !dead {
				require.Greater(t, n, 2, "writes")
				break
			}
		}
	}
}
