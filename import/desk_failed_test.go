package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// A decision that failed before anything could be read is in the report, with
// the person and the reason, until it is done.
func TestDecisionThatFailedIsReported(t *testing.T) {
	for name, kind := range map[string]error{"the controller is gone": ad.ErrUnreachable, "the logon is refused": ad.ErrCredentials} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			d := s.desk(s.file(s.person("Jane Doe"), s.person("Max Muster")))
			var answers []plan.Answer
			for _, q := range s.look(d).Questions {
				answers = append(answers, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
			}
			s.mem.Fail(func(memOperation) error { return kind })
			for range 2 { // once for each decision, however often it is tried
				_, err := d.Decide(t.Context(), answers, func(plan.Result) {})
				require.ErrorIs(t, err, kind)
				require.Len(t, d.Report().Failed, 2)
				assert.Contains(t, d.Report().Failed[0].Reason, "accepting enable: ")
			}
			assert.Len(t, d.Report().RequiredInteractions, 2, "still open")
			s.mem.Fail(nil)
			s.decide(d, answers[0])
			require.Len(t, d.Report().Failed, 1)
			s.decide(d, answers[1])
			assert.Empty(t, d.Report().Failed)
			assert.Empty(t, d.Report().RequiredInteractions)
			assert.Len(t, d.Report().Enabled, 2)
		})
	}
}

// So is one that the directory refused.
func TestDecisionThatWasRefusedIsReported(t *testing.T) {
	s := newScene(t)
	d := s.desk(s.file(s.person("Jane Doe")))
	q := s.question(d, plan.Enable, "Jane Doe")
	s.mem.Fail(func(op memOperation) error {
		if op.Write > 0 {
			return ad.ErrDenied
		}
		return nil
	})
	for range 2 {
		r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
		assert.Equal(t, plan.NotDone, r[0].Outcome)
		assert.Len(t, d.Report().Failed, 1)
	}
	s.mem.Fail(nil)
	s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
	assert.Empty(t, d.Report().Failed)
}

// Nor is it said to be open, or changed, when the group could not be found at that
// moment: whoever could not join is named until the group is found again.
func TestDecisionAboutAGroupThatIsGoneIsReported(t *testing.T) {
	s := newScene(t)
	d := s.desk(s.file(s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster", in("CN=t-Admins"))))
	jane, max := s.question(d, plan.Join, "Jane Doe"), s.question(d, plan.Join, "Max Muster")
	here, there := s.group("p-Admins"), s.ou.Child("CN", "p-Admins")
	require.NoError(t, s.admin.Rename(t.Context(), here, there))
	for _, accept := range []bool{true, false} {
		r := s.decide(d, plan.Answer{ID: jane.ID, Accept: accept})
		assert.Equal(t, plan.NotDone, r[0].Outcome)
		assert.Contains(t, r[0].Problem, "group missing: p-Admins: ")
		failed := d.Report().Failed
		require.Len(t, failed, 2)
		assert.Contains(t, failed[0].Reason, "ing join group p-Admins: group missing: ")
		assert.Equal(t, "Max Muster", failed[1].User, "who cannot be asked about")
	}
	require.NoError(t, s.admin.Rename(t.Context(), there, here))
	for _, q := range []plan.Question{jane, max} {
		assert.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: q.ID, Accept: true})[0].Outcome)
	}
	assert.Empty(t, d.Report().Failed)
}

// A look is enough to know it.
func TestGroupThatIsGoneForAnApproverIsReported(t *testing.T) {
	s := newScene(t)
	d := s.desk(s.file(s.person("Jane Doe", in("CN=t-Admins"))))
	here, there := s.group("p-Admins"), s.ou.Child("CN", "p-Admins")
	require.NoError(t, s.admin.Rename(t.Context(), here, there))
	s.look(d)
	require.Len(t, d.Report().Failed, 1)
	assert.Contains(t, d.Report().Failed[0].Reason, "group missing: p-Admins: ")
	require.NoError(t, s.admin.Rename(t.Context(), there, here))
	s.look(d)
	assert.Empty(t, d.Report().Failed)
}

// A decision that changed nothing, since the question does not stand any more, is
// in the report, and no failure.
func TestDecisionThatIsMootIsReported(t *testing.T) {
	s := newScene(t)
	d := s.desk(s.file(s.person("Jane Doe", in("CN=t-Admins"))))
	q := s.question(d, plan.Join, "Jane Doe")
	s.join("p-Admins", s.account("Jane Doe"))
	s.decide(d, plan.Answer{ID: q.ID, Accept: true})
	assert.Contains(t, d.Report().Notices, "accepting join group p-Admins of Jane Doe was not carried out: the directory or the file changed meanwhile; look at what is asked now")
	assert.Empty(t, d.Report().Failed)
}

// What overriding limits leaves open is in the report at once.
func TestReleaseReportsWhatIsOpen(t *testing.T) {
	s := newScene(t)
	s.with(`"limits": {"create": {"max": 1}}`)
	s.staffed(s.person("Jane Doe"))
	in := s.file(s.person("Jane Doe"), s.person("Max Muster"), s.person("Anna A"))
	im := s.start(in)
	r, err := im.Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	d := im.NewDesk(s.desks, "op")
	view, err := d.Look(t.Context())
	require.NoError(t, err)
	require.NoError(t, d.Release(t.Context(), view.Plan, plan.Stopping(view.Trips), nil))
	assert.Nil(t, d.Report().Guard)
	assert.Len(t, d.Report().Created, 2)
	assert.Len(t, d.Report().RequiredInteractions, 2)
}
