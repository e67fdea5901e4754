package importer

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// onSmallDisk puts the memory of a scene on a disk of its own.
func (s *scene) onSmallDisk(more string) (fill, free func()) {
	disk, fill, free := adtest.SmallDisk(s.t)
	s.configure(more, disk)
	return fill, free
}

// A disk that is full once the first account was written: the person is told, what was
// meant is kept, and the next run goes on from there.
func TestADiskThatFillsUpWhileTimeIsGiven(t *testing.T) {
	s := newScene(t)
	fill, free := s.onSmallDisk(`"expect_every": "P2D"`)
	file := s.staffed(s.person("Jane Doe"), s.person("Max Roe"))
	was := map[string]time.Time{"Jane Doe": s.end("Jane Doe"), "Max Roe": s.end("Max Roe")}
	s.later(4 * day)
	d := s.desk(file)
	g := everyone(s.look(d).Offer, 14)
	path := ledger.Path(s.cfg.ResolutionsFile)
	var meant *ledger.Ledger
	err := d.Prolong(t.Context(), g, func(done, _ int) {
		if done == 1 {
			fill()
		}
	})
	require.ErrorContains(t, err, "no space left on device")
	meant, err = ledger.Load(path)
	require.NoError(t, err, "nothing is half-written")
	require.NotNil(t, meant)
	free()
	for cn, was := range was {
		assert.Equal(t, was.Add(14*day), s.end(cn), "what was begun is done")
	}
	for range 2 {
		given := s.run(file).Report.GivenTime
		require.Len(t, given, 1, "who gave it, and why, is not lost")
		assert.Equal(t, []any{"the courier is ill", 14, 2}, []any{given[0].Reason, given[0].Days, given[0].Accounts})
		assert.Equal(t, was["Jane Doe"].Add(14*day), s.end("Jane Doe"), "given once")
	}
	require.NoError(t, s.prolong(s.desk(file), 14))
	assert.Empty(t, s.look(s.desk(file)).Offer.People, "and counted")
}

// The same while a limit is overridden.
func TestADiskThatFillsUpWhileALimitIsOverridden(t *testing.T) {
	s := newScene(t)
	fill, free := s.onSmallDisk(`"limits": {"disable": {"max": 1}}`)
	var people []schema.User
	for _, cn := range []string{"Jane Doe", "Max Roe", "Eve Poe", "Ida Moe"} {
		people = append(people, s.person(cn))
	}
	s.staffed(people...)
	file := s.file(people[:1]...)
	d := s.desk(file)
	view := s.look(d)
	require.NotEmpty(t, view.Trips)
	err := d.Release(t.Context(), view.Plan, 3, func(done, _ int) {
		if done == 1 {
			fill()
		}
	})
	require.ErrorContains(t, err, "no space left on device")
	_, err = ledger.Load(ledger.Path(s.cfg.ResolutionsFile))
	require.NoError(t, err, "nothing is half-written")
	free()
	for _, cn := range []string{"Max Roe", "Eve Poe", "Ida Moe"} {
		assert.True(t, s.control(cn).Disabled(), "%s: what was begun is done", cn)
	}
	for _, gone := range []string{"*.tmp", ".*.tmp"} {
		left, err := filepath.Glob(filepath.Join(filepath.Dir(s.cfg.ResolutionsFile), gone))
		require.NoError(t, err)
		assert.Empty(t, left)
	}
	usn := s.usn()
	s.run(file)
	assert.Equal(t, usn, s.usn(), "the next run, of a full disk no more, has nothing left to do")
	assert.False(t, s.control("Jane Doe").Disabled())
}
