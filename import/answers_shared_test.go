package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Two configurations share a resolutions file: neither drops what was answered about
// people of the other, whom it sees in another way.
func TestAnswersAreNotDroppedByAnotherConfigurationOfTheFile(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe", in("CN=t-Admins"))
	rest := []schema.User{s.person("Max Muster"), s.person("Anna A"), s.person("Bert B")}
	s.staffed(append(rest, s.person("Jane Doe"))...)
	d := s.desk(s.file(append(rest, jane)...))
	s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
	first := s.cfg.ManagedUserPath
	second := s.ou.Child("OU", "Second")
	s.add(second, "organizationalUnit", nil)
	s.cfg.ManagedUserPath = second.String()
	off := s.person("Jane Doe") // there, too, and the file of that selection does not give the group
	off.Disabled = true
	file := s.file(off, s.person("Zoe Z"))
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	for range 2 {
		r = s.run(file, func(o *Options) { o.Confirm = r.Report.Plan })
		require.Nil(t, r.Report.Guard)
		assert.Len(t, s.keptAnswers(), 1)
	}
	s.cfg.ManagedUserPath, s.cfg.RestrictedGroups = first, nil
	r = s.run(s.file(append(rest, jane)...))
	assert.Len(t, r.Plan.Refusals, 1)
	assert.Empty(t, s.members("p-Admins"))
	s.run(s.file(append(rest, s.person("Jane Doe"))...))
	assert.Empty(t, s.keptAnswers(), "its own container lets it go")
}

// shared is a scene in which Jane Doe, whom the file gives p-Admins, has an account in
// each of two containers, whose configurations share the resolutions file, and neither
// knows the other's anchors.
type shared struct {
	*scene
	first, second func() // go on with that configuration
	file          func() *Input
}

func newShared(t *testing.T) *shared {
	s := newScene(t)
	max := s.person("Max Muster")
	s.staffed(s.person("Jane Doe"), max)
	there := s.ou.Child("OU", "Second")
	s.add(there, "organizationalUnit", nil)
	number, one := "", *s.cfg
	sh := &shared{scene: s}
	sh.first = func() {
		number, s.cfg.ManagedUserPath, s.cfg.AnchorAttribute = "", one.ManagedUserPath, one.AnchorAttribute
	}
	sh.second = func() { number, s.cfg.ManagedUserPath, s.cfg.AnchorAttribute = "2", there.String(), "adminDisplayName" }
	sh.file = func() *Input {
		jane, max := s.person("Jane Doe", in("CN=t-Admins")), max
		jane.SAMAccountName, max.SAMAccountName = jane.SAMAccountName+number, max.SAMAccountName+number
		return s.file(jane, max)
	}
	return sh
}

// settle has the second container get its accounts.
func (s *shared) settle() {
	s.second()
	file := s.file()
	r, err := s.start(file).Run(s.t.Context())
	require.NoError(s.t, err)
	require.NotNil(s.t, r.Report.Guard)
	s.run(file, func(o *Options) { o.Confirm = r.Report.Plan })
}

func (s *shared) refuse(kind plan.Kind) {
	s.t.Helper()
	d := s.desk(s.file())
	s.decide(d, plan.Answer{ID: s.question(d, kind, "Jane Doe").ID, Reason: "no"})
}

// kinds are what is asked of Jane Doe, and what is rejected.
func (s *shared) kinds() (asked, refused []plan.Kind) {
	s.t.Helper()
	p := s.run(s.file()).Plan
	for _, q := range p.Questions {
		if q.Person.CN == "Jane Doe" {
			asked = append(asked, q.Kind)
		}
	}
	for _, r := range p.Refusals {
		refused = append(refused, r.Question.Kind)
	}
	return asked, refused
}

func TestAnswersForOneContainerLeaveThoseForAnother(t *testing.T) {
	t.Run("rejected, and asked again", func(t *testing.T) {
		s := newShared(t)
		s.refuse(plan.Join)
		s.settle()
		asked, _ := s.kinds()
		require.Contains(t, asked, plan.Join, "that is for a person to say about this account, too")
		s.refuse(plan.Join)
		asked, refused := s.kinds()
		require.NotContains(t, asked, plan.Join)
		require.Contains(t, refused, plan.Join)
		d := s.desk(s.file())
		for _, r := range s.look(d).Refusals {
			if r.Question.Kind == plan.Join {
				require.NoError(t, d.AskAgain(t.Context(), r.Question.ID))
			}
		}
		asked, _ = s.kinds()
		require.Contains(t, asked, plan.Join)
		s.first()
		asked, refused = s.kinds()
		assert.Empty(t, asked)
		assert.Equal(t, []plan.Kind{plan.Join}, refused)
	})
	t.Run("agreed to", func(t *testing.T) {
		s := newShared(t)
		s.set(s.account("Jane Doe"), "userAccountControl", "514")
		s.refuse(plan.Enable)
		s.refuse(plan.Join)
		s.settle()
		d := s.desk(s.file())
		s.enable(d, "Jane Doe")
		s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Accept: true})
		s.first()
		asked, refused := s.kinds()
		assert.Empty(t, asked)
		assert.ElementsMatch(t, []plan.Kind{plan.Enable, plan.Join}, refused)
		assert.True(t, s.control("Jane Doe").Disabled())
	})
	t.Run("no join comes about unasked", func(t *testing.T) {
		s := newShared(t)
		s.refuse(plan.Join)
		s.cfg.RestrictedGroups = nil
		s.settle()
		asked, _ := s.kinds()
		assert.Contains(t, asked, plan.Join)
		assert.Empty(t, s.members("p-Admins"))
	})
	t.Run("an account that is moved takes its answers with it", func(t *testing.T) {
		s := newShared(t)
		s.refuse(plan.Join)
		require.NoError(t, s.admin.Rename(t.Context(), s.account("Jane Doe"), s.ou.Child("OU", "Second").Child("CN", "Jane Doe")))
		s.cfg.ManagedUserPath = "OU=Second," + s.ou.String()
		file := s.file()
		accept := func(o *Options) { o.Accept = file.SHA256 } // there are anchors, and the ledger does not know the container
		r, err := s.start(file, accept).Run(t.Context())
		require.NoError(t, err)
		s.run(file, accept, func(o *Options) { o.Confirm = r.Report.Plan })
		d := s.desk(file)
		s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, "Jane Doe").ID, Accept: true})
		s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, "Max Muster").ID, Accept: true})
		s.run(s.file())
		asked, refused := s.kinds()
		assert.Empty(t, asked)
		assert.Equal(t, []plan.Kind{plan.Join}, refused)
	})
	t.Run("an entry of before counts for both", func(t *testing.T) {
		s := newShared(t)
		s.refuse(plan.Join)
		old := s.keptAnswers()
		old[0].Container = ""
		require.NoError(t, SaveResolutions(s.cfg.ResolutionsFile, old))
		s.settle()
		asked, refused := s.kinds()
		assert.NotContains(t, asked, plan.Join)
		assert.Contains(t, refused, plan.Join)
	})
}
