package importer

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// crowded is a domain of thirty people under the usual limits.
func crowded(t *testing.T) (*scene, []schema.User) {
	s := newScene(t)
	var people []schema.User
	for i := range 30 {
		people = append(people, s.person(fmt.Sprintf("p%02d Person", i), in("CN=t-Viewers")))
	}
	s.staffed(people...)
	return s, people
}

// Whom a person let go is not counted again: one more leaver the next morning stops
// nothing. What the same plan did below its limits is counted as ever.
func testConfirmedMassChangeIsNotCountedAgain(t *testing.T) {
	s, people := crowded(t)
	left := s.file(people[10:]...)
	stopped, err := s.start(left).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, stopped.Report.Guard)
	r := s.run(left, func(o *Options) { o.Confirm = stopped.Plan.Digest })
	assert.Len(t, r.Report.Disabled, 10)
	for n := 11; n <= 15; n++ {
		r = s.run(s.file(people[n:]...))
		assert.Len(t, r.Report.Disabled, 1)
	}
	stopped, err = s.start(s.file(people[16:]...)).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, stopped.Report.Guard, "the sixth since")
	assert.Contains(t, stopped.Report.Guard.Reason, "1 account would be disabled, after 5 within the last 24 hours")
}

// Files that take turns disable no more than the limit in a day, since that a file
// has someone again undoes nothing.
func testAlternatingFilesNeverPassTheLimit(t *testing.T) {
	s, people := crowded(t)
	for n := range 12 {
		from := n * 5 % 30
		file := append(append([]schema.User{}, people[:from]...), people[from+5:]...)
		_, err := s.start(s.file(file...)).Run(t.Context())
		require.NoError(t, err)
		disabled := 0
		for _, u := range people {
			if s.control(u.CN).Disabled() {
				disabled++
			}
		}
		assert.LessOrEqual(t, disabled, 5, "file %d", n)
		s.later(time.Hour)
	}
}

// Who was enabled again by a person is counted no longer.
func testWhatWasUndoneIsNotCounted(t *testing.T) {
	s, people := crowded(t)
	s.run(s.file(people[5:]...))
	s.run(s.staffed(people...)) // a person enables the five again
	s.run(s.file(people[:25]...))
	assert.True(t, s.control("p29 Person").Disabled())
}
