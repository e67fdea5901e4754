package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Who gave an account name, and who agreed that someone gets another account, is in
// the report of the run that did it.
func TestChosenNamesAreAmongWhatWasAgreedTo(t *testing.T) {
	const op = "op as PLANT\\op"
	named := schema.Accepted{Type: "name", User: "Jane Doe", By: op}
	t.Run("in the session", func(t *testing.T) {
		s := newScene(t)
		s.user(s.ou.Child("CN", "Another Jane"), "jane", nil)
		d := s.desk(s.file(s.person("Jane Doe")))
		r := s.decide(d, plan.Answer{ID: s.question(d, plan.Name, "Jane Doe").ID, Accept: true, NewName: "jane2"})
		require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
		assert.Equal(t, []schema.Accepted{named}, said(d.Report().Accepted))
	})
	t.Run("by an entry of the resolutions file", func(t *testing.T) {
		for by, listed := range map[string]string{op: op, "": "an entry of the resolutions file"} {
			s := newScene(t)
			s.user(s.ou.Child("CN", "Another Jane"), "jane", nil)
			jane := s.person("Jane Doe")
			entry := schema.Resolution{Type: "name", User: "Jane Doe", Anchor: jane.ObjectGUID, Name: "jane", NewName: "jane2", Accept: true, By: by, Timestamp: s.now}
			require.NoError(t, SaveResolutions(s.cfg.ResolutionsFile, []schema.Resolution{entry}))
			r := s.run(s.file(jane))
			assert.Equal(t, []schema.Accepted{{Type: "name", User: "Jane Doe", By: listed}}, said(r.Report.Accepted))
			assert.Empty(t, s.run(s.file(jane)).Report.Accepted, "once")
		}
	})
	t.Run("of a rename", func(t *testing.T) {
		s := newScene(t)
		jane := s.person("Jane Doe")
		s.staffed(jane)
		s.user(s.ou.Child("CN", "Another Jane"), "taken", nil)
		jane.SAMAccountName = "taken"
		d := s.desk(s.file(jane))
		r := s.decide(d, plan.Answer{ID: s.question(d, plan.Name, "Jane Doe").ID, Accept: true, NewName: "jane2"})
		require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
		assert.Equal(t, []schema.Accepted{named}, said(d.Report().Accepted))
		assert.Equal(t, []string{"Jane Doe"}, d.Report().Renamed)
	})
	t.Run("not where the file's own name is free again", func(t *testing.T) {
		s := newScene(t)
		jane := s.person("Jane Doe")
		r := s.run(s.file(jane))
		assert.Equal(t, []string{"Jane Doe"}, r.Report.Created)
		assert.Empty(t, said(r.Report.Accepted))
	})
	t.Run("another account for somebody whose former one is seen nowhere", func(t *testing.T) {
		s := newScene(t)
		file := s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
		s.mem.Delete(s.account("Jane Doe"))
		d := s.desk(file)
		r := s.decide(d, plan.Answer{ID: s.question(d, plan.Create, "Jane Doe").ID, Accept: true})
		require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
		assert.Equal(t, []schema.Accepted{{Type: "create", User: "Jane Doe", By: op}}, said(d.Report().Accepted))
	})
}
