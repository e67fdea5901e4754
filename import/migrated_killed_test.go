package importer

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// The domain migrates after a first import that was killed: what that one made, and no ledger
// has met, is asked about as all is, and nothing is made twice.
func TestMigratedAfterAKilledFirstImport(t *testing.T) {
	for _, attribute := range []string{"adminDescription", "mS-DS-ConsistencyGuid"} { // of 16 bytes, which name no domain
		t.Run(attribute, func(t *testing.T) { migratedAfterAKilledFirstImport(t, attribute) })
	}
}

func migratedAfterAKilledFirstImport(t *testing.T, attribute string) {
	for n := 1; n <= 4; n++ {
		s := newScene(t)
		s.cfg.AnchorAttribute = attribute
		jane, max := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster")
		s.crashAt(n, true)
		dead := s.crashed(s.file(jane, max))
		s.mem.Fail(nil)
		made := 0
		for _, cn := range []string{"Jane Doe", "Max Muster"} {
			if s.get(s.account(cn), "cn") != nil {
				made++
			}
		}
		require.Equal(t, min(n, 2), made)
		s.with(bothDomains)
		s.cfg.AnchorAttribute = attribute
		jane2, max2 := s.inNewDomain(jane), s.inNewDomain(max)
		file := s.movedFile([]schema.User{jane2, max2}, jane2, jane, max2, max)
		r, err := s.start(file).Run(t.Context())
		require.NoError(t, err)
		require.NotNil(t, r.Report.Guard, "killed at %d", n)
		assert.Len(t, r.Plan.Questions, made, "killed at %d: %s", n, r.Report.Guard.WayOn)
		d := s.desk(file)
		for range made { // one after the other: what is left stands by the ledger alone
			view := s.look(d)
			var asked plan.Question
			for _, q := range view.Questions {
				if q.Kind == plan.Adopt {
					asked = q
				}
			}
			require.NotEmpty(t, asked.ID, "killed at %d", n)
			assert.Equal(t, plan.Migrated, asked.Reason)
			assert.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: asked.ID, Accept: true})[0].Outcome)
		}
		for range 2 {
			s.run(file)
		}
		for _, u := range []schema.User{jane2, max2} {
			entry := s.get(s.account(u.CN), attribute)
			assert.Equal(t, u.ObjectGUID, plan.ParseAnchor([]byte(entry.Text(attribute))).ObjectGUID, "killed at %d", n)
		}
		assert.Len(t, s.find(s.managed(), ad.ScopeSubtree, ad.Equal("objectClass", "user")), 2, "no second account")
		if !dead {
			break
		}
	}
}

// What carries an anchor of the former domain, and no ledger knows, is named: no answer makes it
// anyone's, and the run says what does.
func TestMigratedNamesWhatTheLedgerDoesNotKnow(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe")
	s.run(s.file(jane))
	s.remove(s.account("Jane Doe"))
	s.user(s.account("By Hand"), "by.hand", map[string]string{"adminDescription": "ad-user-sync:6f9619ff-8b86-d011-b42d-00cf4fc964aa@corp.example"})
	s.with(bothDomains)
	jane2 := s.inNewDomain(jane)
	r, err := s.start(s.movedFile([]schema.User{jane2}, jane2, jane)).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	assert.Equal(t, GuardMigrated, r.Report.Guard.Name)
	assert.Contains(t, r.Report.Guard.Reason, "the ledger does not know these accounts, which carry anchors of corp.example, so that no one can agree to them: "+s.account("By Hand").String())
	assert.Contains(t, r.Report.Guard.WayOn, "Import the last file of corp.example once more")
	assert.NotContains(t, r.Report.Guard.WayOn, "By Hand", "mail has the way on, and names people only where that is wanted")
	_, err = s.start(s.file(jane)).Run(t.Context())
	require.NoError(t, err, "the way on: the former domain goes on until then")
}

// The ledger knows which domain an anchor names from when it was written: who changes it
// before another run lets no stayer be disabled unasked, and no one get a second account.
func TestAnAnchorThatIsChangedBeforeTheNextRunIsOfTheFormerDomain(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.user(s.account("Jane Doe"), "jane", map[string]string{"sAMAccountName": jane.SAMAccountName}) // whom the first import takes over
	s.run(s.file(jane, max))                                                                        // and no other run of this domain
	s.set(s.account("Jane Doe"), "adminDescription", "ad-user-sync:"+jane.ObjectGUID+"@new.example")
	s.with(bothDomains)
	max2, other := s.inNewDomain(max), s.inNewDomain(s.person("Jane Smith"))
	file := s.movedFile([]schema.User{max2, other}, max2, max)
	d := s.desk(file)
	assert.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, "Max Muster").ID, Accept: true})[0].Outcome)
	r := s.run(file)
	assert.Empty(t, r.Report.Disabled)
	assert.Empty(t, r.Report.Created)
	assert.Equal(t, []string{"disable Jane Doe (not among the migrated)"}, questions(slices.DeleteFunc(r.Plan.Questions, func(q plan.Question) bool { return q.Kind != plan.Disable })))
	assert.False(t, s.control("Jane Doe").Disabled())
}
