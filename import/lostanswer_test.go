package importer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
)

func testEveryLostAnswerConverges(t *testing.T) {
	s, file := eventful(t)
	s.run(file)
	want, wantOpen := s.mem.Dump(s.ou), questions(s.look(s.desk(file)).Questions)
	faults := map[string]func(n int) func(memOperation) error{
		"answer lost, carried out": func(n int) func(memOperation) error { return memad.LostAt(n, true) },
		"answer lost, not done":    func(n int) func(memOperation) error { return memad.LostAt(n, false) },
		"down":                     memad.DownFrom,
		"down, carried out": func(n int) func(memOperation) error {
			down := false
			return func(op memOperation) error {
				down = down || op.Write == n && op.Done
				if down && op.Done {
					return ad.ErrOutcomeUnknown
				} else if down {
					return ad.ErrUnreachable
				}
				return nil
			}
		},
	}
	for name, fault := range faults {
		for n := 1; n < 20; n++ {
			s, file := eventful(t)
			s.mem.Fail(fault(n))
			first, err := s.start(file).Run(t.Context())
			at := fmt.Sprintf("%s, write %d", name, n)
			if err != nil {
				require.ErrorContains(t, err, "the run was cut short", at)
				require.NotEmpty(t, first.Report.Failed, at)
			}
			if name == "answer lost, carried out" {
				assert.Empty(t, first.Report.Failed, at)
			}
			s.mem.Fail(nil)
			second, err := s.start(file).Run(t.Context())
			require.NoError(t, err, at)
			require.Empty(t, second.Report.Failed, at)
			require.Equal(t, want, s.mem.Dump(s.ou), at)
			require.Equal(t, wantOpen, questions(second.Plan.Questions), at)
			require.Empty(t, s.run(file).Plan.Actions, at)
		}
	}
}

func TestLostDirectoryStopsAndSaysWhatWasNotTried(t *testing.T) {
	s, file := eventful(t)
	s.mem.Fail(memad.DownFrom(3))
	r, err := s.start(file).Run(t.Context())
	require.ErrorContains(t, err, "the run was cut short: ")
	require.ErrorContains(t, err, "of its actions 2 were done, 1 failed and 13 were not tried. Run the import again")
	notTried, people := 0, map[string]bool{}
	for _, f := range r.Report.Failed {
		if strings.HasSuffix(f.Reason, "not tried, since the run was cut short: the directory was lost") {
			assert.False(t, people[f.User], "one entry for each person")
			notTried, people[f.User] = notTried+1, true
		} else {
			assert.Contains(t, f.Reason, "could not be reached")
		}
	}
	assert.Equal(t, len(r.Report.Failed)-1, notTried)
	assert.Greater(t, notTried, 3)
	assert.Equal(t, 2, strings.Count(s.log.String(), `"message":"not done"`)+strings.Count(s.log.String(), `"message":"not tried, since`))
}

func testLostAnswerOfAnEnableIsReadBack(t *testing.T) {
	s := newScene(t)
	file := s.file(s.person("Jane Doe"))
	d := s.desk(file)
	q := s.question(d, plan.Enable, "Jane Doe")
	s.mem.Fail(memad.LostAt(1, false))
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Contains(t, r[0].Problem, "read back")
	s.mem.Fail(memad.LostAt(1, true))
	r = s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
	assert.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
	assert.False(t, s.control("Jane Doe").Disabled())
}
