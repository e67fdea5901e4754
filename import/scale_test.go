package importer

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/apply"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Many people against a real domain, with every request counted. No one has a
// password, since setting one costs the controller 30 ms; who is missing is
// counted among accounts enabled without one.
func TestManyPeople(t *testing.T) {
	const people = 2000
	s := labScene(t)
	s.with(`"attributes": {"displayName": {}, "department": {}}`)
	users := make([]schema.User, people)
	for i := range users {
		users[i] = s.person(fmt.Sprintf("p%04d Person", i), in("CN=t-Viewers"), has("department", "Sales"))
	}
	t.Cleanup(func() { s.set(s.group("p-Viewers"), "member", "") }) // who is in no group is deleted faster
	measure := func(what string, do func()) (searches, written int) {
		before, began := s.dir.Operations(), time.Now()
		do()
		after := s.dir.Operations()
		searches, written = after.Searches-before.Searches, writes(after)-writes(before)
		t.Logf("%s: %d searches, %d writes, %s", what, searches, written, time.Since(began).Round(10*time.Millisecond))
		return searches, written
	}

	searches, written := measure("first import", func() { s.run(s.file(users...)) })
	assert.Equal(t, people+people/apply.MemberChunk, written)
	// each person's account name, two UPNs and anchor are looked up, and then the new account
	assert.LessOrEqual(t, searches, 20+5*people/ad.MaxBatch)

	file := s.file(users...)
	s.run(file)
	usn := s.usn()
	searches, written = measure("no change", func() { s.run(file) })
	assert.Zero(t, written)
	assert.LessOrEqual(t, searches, 16+(people+1000)/1000)
	assert.Equal(t, usn, s.usn())

	s.cfg.Limits["rename"] = schema.Limit{Max: new(50)} // a hundred are not yet ten percent
	const renamed = 100
	for i := range renamed {
		users[i].CN, users[i].SAMAccountName = users[i].CN+" new", s.name(fmt.Sprintf("n%04d", i))
	}
	renames := s.file(users...)
	var digest string
	_, written = measure("renames, tripped", func() {
		r, err := s.start(renames).Run(t.Context())
		require.NoError(t, err)
		require.NotNil(t, r.Report.Guard)
		assert.Equal(t, "rename", r.Report.Guard.Name)
		digest = r.Plan.Digest
	})
	assert.Zero(t, written)
	searches, written = measure("renames, confirmed", func() { s.run(renames, func(o *Options) { o.Confirm = digest }) })
	assert.Equal(t, 2*renamed, written)
	assert.Less(t, searches, 30+renamed) // what an account is called is asked before it is renamed

	missing := people * 3 / 10
	for i := range missing + 100 { // of whom the others stay
		s.set(s.account(users[i].CN), "userAccountControl", fmt.Sprint(int(adrules.NormalAccount|adrules.PasswordNotRequired)))
	}
	_, written = measure("30 % missing, tripped", func() {
		r, err := s.start(s.file(users[missing:]...)).Run(t.Context())
		require.NoError(t, err)
		require.NotNil(t, r.Report.Guard)
		assert.Contains(t, r.Report.Guard.Name, "disable")
	})
	assert.Zero(t, written)
}
