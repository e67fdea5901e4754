package importer

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// newcomers are forty people whom no file had before.
func (s *scene) newcomers(more ...func(*schema.User)) (people []schema.User) {
	for i := range 40 {
		people = append(people, s.person(fmt.Sprintf("n%02d New", i), more...))
	}
	return people
}

// A run in which no one is active is not a first run: what comes next is not weighed.
func testRunWithoutAnybodyActiveIsNoFirstRun(t *testing.T) {
	s := newScene(t)
	s.run(s.file(s.person("Jane Doe", disabled)))
	r := s.run(s.file(s.newcomers(in("CN=t-Viewers"))...))
	assert.Len(t, r.Report.Created, 40)
	assert.Len(t, r.Report.Joined, 40)
}

// What a first run could not do is free when it is tried again, and nothing else is.
func testWhatAFirstRunCouldNotDoStaysFree(t *testing.T) {
	for later, free := range map[time.Duration]bool{time.Hour: true, 8 * 24 * time.Hour: false} {
		s := newScene(t)
		group := s.get(s.group("p-Viewers"), "objectGUID").GUID()
		s.mem.Fail(func(op memOperation) error {
			if op.Write > 0 && !op.Done && op.DN.Equal(ad.ByGUID(group)) {
				return ad.ErrDenied
			}
			return nil
		})
		people := s.newcomers(in("CN=t-Viewers"))
		r, err := s.start(s.file(people...)).Run(t.Context())
		require.NoError(t, err)
		assert.Len(t, r.Report.Created, 40)
		assert.Len(t, r.Report.Failed, 40)

		s.mem.Fail(nil)
		s.later(later)
		r, err = s.start(s.file(people...)).Run(t.Context())
		require.NoError(t, err)
		assert.Equal(t, free, r.Report.Guard == nil)
		if free {
			assert.Len(t, r.Report.Joined, 40)
			for i := range people {
				people[i].MemberOf = append(people[i].MemberOf, "CN=t-Editors")
			}
			r, err = s.start(s.file(people...)).Run(t.Context())
			require.NoError(t, err)
			require.NotNil(t, r.Report.Guard, "another group is weighed")
		}
	}
}

// So are people whom it could not create, and what they were to join.
func testWhomAFirstRunCouldNotCreateStayFree(t *testing.T) {
	s := newScene(t)
	s.mem.Fail(func(op memOperation) error {
		if op.Write > 0 && !op.Done {
			return ad.ErrDenied
		}
		return nil
	})
	people := s.newcomers(in("CN=t-Viewers"))
	_, err := s.start(s.file(people...)).Run(t.Context())
	require.NoError(t, err)
	s.mem.Fail(nil)
	r := s.run(s.file(people...))
	assert.Len(t, r.Report.Created, 40)
	assert.Len(t, r.Report.Joined, 40)
}
