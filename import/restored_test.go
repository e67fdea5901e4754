package importer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A controller that was restored under the same identity, as by a snapshot of a
// virtual machine: no one is made again, until a person says that what came since
// is lost.
func testControllerThatWentBack(t *testing.T) {
	s := newScene(t)
	max := s.person("Max Muster")
	s.staffed(max)
	old := s.mem.Clone()
	file := s.file(max, s.person("Jane Doe"))
	s.run(file)
	s.enable(s.desk(file), "Jane Doe")
	s.mem.GoBackTo(old)
	writes, ledger := s.written(), s.files()["resolutions.state.json"]
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	assert.Equal(t, "replication", r.Report.Guard.Name)
	assert.Contains(t, r.Report.Guard.Reason, "dc1.plant.example has gone back: it was at update number ")
	assert.Contains(t, r.Report.Guard.WayOn, "--confirm-plan "+r.Plan.Digest)
	assert.Equal(t, writes, s.written())
	assert.Equal(t, ledger, s.files()["resolutions.state.json"])
	r = s.run(file, func(o *Options) { o.Confirm = r.Plan.Digest })
	assert.Empty(t, r.Report.Created, "even then a person is asked")
	assert.Contains(t, questions(r.Plan.Questions), "create Jane Doe (seen nowhere)")
	s.run(file)
}

// Whom an import disabled works again in an old copy, in which no one sees them.
func testDisabledInAPastThatIsLost(t *testing.T) {
	s := newScene(t)
	max, jane := s.person("Max Muster"), s.person("Jane Doe")
	s.staffed(max, jane)
	old := s.mem.Clone()
	s.later(time.Hour)
	file := s.file(max)
	s.run(file)
	assert.True(t, s.control("Jane Doe").Disabled())
	s.mem.GoBackTo(old)
	s.unlisted("Jane Doe")
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	s.run(file, func(o *Options) { o.Confirm = r.Plan.Digest })
	for range 2 {
		r, err = s.start(file).Run(t.Context())
		require.NoError(t, err)
		require.Len(t, r.Report.Failed, 1)
		assert.Contains(t, r.Report.Failed[0].Reason, "seen nowhere: missing in file, while the account "+s.account("Jane Doe").String())
	}
}

// A controller that lagged and never heard, since the one that was written through
// is gone for good.
func testWritesThatAreLostForGood(t *testing.T) {
	s, dc1, dc2 := twoControllers(t)
	max := s.person("Max Muster")
	file := s.file(max, s.person("Jane Doe"))
	s.run(file)
	s.through(dc2)
	s.lagging(file)
	s.pass(25, dc1, dc2)
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	assert.Equal(t, "replication", r.Report.Guard.Name)
	assert.Contains(t, r.Report.Guard.Reason, "has not reached dc2.plant.example since: replication is stuck, or dc1.plant.example was lost")
	s.run(file, func(o *Options) { o.Confirm = r.Plan.Digest })
	s.later(time.Hour)
	dc2.SetTime(s.now)
	s.run(s.file(max))
}
