package importer

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
)

// Someone who left, and whose account was moved to where it may not be read,
// must not be forgotten while it works.
func testLeaverOutOfSightIsNamed(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	former := s.get(s.account("Jane Doe"), "objectGUID").GUID()
	s.unlisted("Jane Doe")
	for range 3 {
		s.later(time.Hour)
		s.strayed(s.file(max), "seen nowhere: missing in file, while the account "+s.account("Jane Doe").String())
	}
	_, err := ledger.Forget(t.Context(), s.cfg.ResolutionsFile, s.get(s.account("Max Muster"), "objectGUID").GUID())
	require.ErrorContains(t, err, "the last import saw this account")
	s.visible()
	assert.Equal(t, []string{"Jane Doe"}, s.run(s.file(max)).Report.Disabled)

	s.unlisted("Jane Doe")
	told := 0
	for range 3 {
		told += strings.Count(strings.Join(s.run(s.file(max)).Report.Notices, "\n"), former.String())
	}
	assert.Equal(t, 1, told)
	s.later(181 * 24 * time.Hour)
	s.run(s.file(max))
	_, err = ledger.Forget(t.Context(), s.cfg.ResolutionsFile, former)
	require.ErrorContains(t, err, "the ledger knows no account")
}

func testDeletedAsAPersonSays(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	s.unlisted("Jane Doe")
	s.strayed(s.file(max), "seen nowhere")
	where, err := ledger.Forget(t.Context(), s.cfg.ResolutionsFile, s.get(s.account("Jane Doe"), "objectGUID").GUID())
	require.NoError(t, err)
	assert.Equal(t, s.account("Jane Doe").String(), where)
	s.run(s.file(max))
}

// Whoever is active and out of sight gets no second account, whatever they are
// called now, and is as before once the account is seen again.
func testActiveOutOfSightGetsNoSecondAccount(t *testing.T) {
	for _, name := range []string{"Jane Doe", "Jane Smith"} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			jane, max := s.person("Jane Doe"), s.person("Max Muster")
			s.staffed(jane, max)
			jane.CN = name
			s.unlisted("Jane Doe")
			for range 2 {
				r := s.run(s.file(jane, max))
				assert.Empty(t, r.Report.Created)
				assert.Equal(t, []string{"create " + name + " (seen nowhere)"}, questions(r.Plan.Questions))
				assert.Contains(t, r.Report.RequiredInteractions[0].Reason, "seen nowhere: "+s.account("Jane Doe").String())
			}
			d := s.desk(s.file(jane, max))
			q := s.question(d, plan.Create, name)
			assert.Equal(t, plan.Kept, s.decide(d, plan.Answer{ID: q.ID, Reason: "it is in OU=Legal"})[0].Outcome)
			assert.Empty(t, s.run(s.file(jane, max)).Plan.Questions)
			s.visible()
			r := s.run(s.file(jane, max))
			assert.Empty(t, r.Plan.Questions)
			assert.Equal(t, []string{name}, s.bearers("Jane Doe"))
			assert.False(t, s.control(name).Disabled())
		})
	}
}

// What was taken for deleted and stands in the container again is named as long as
// it does, however long ago another one was made.
func testBackAgainIsNamedForGood(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	file := s.staffed(jane, max)
	replaced := func(cn string) {
		former := s.account("Former " + cn)
		require.NoError(t, s.admin.Rename(t.Context(), s.account(cn), former))
		s.set(former, "sAMAccountName", "former."+cn[:1])
		s.set(former, "userPrincipalName", "")
		s.unlisted("Former " + cn)
		d := s.desk(file)
		s.decide(d, plan.Answer{ID: s.question(d, plan.Create, cn).ID, Accept: true})
	}
	replaced("Jane Doe")
	s.visible()
	for range 3 {
		s.later(100 * 24 * time.Hour)
		file = s.file(jane, max)
		_, err := s.start(file).Run(t.Context()) // ends are put off
		require.NoError(t, err)
		s.strayed(file, "back again: this account was taken for deleted")
	}
	replaced("Max Muster")
	s.visible()
	s.strayed(file, "back again", "back again")
}

// Whom a first run anchors works, and is known to: gone before the second one, whose person
// has left, it is not taken for one that was disabled.
func TestGoneSinceItWasAnchored(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.user(s.account("Jane Doe"), "jane", nil)
	s.run(s.file(jane, max))
	s.mem.Delete(s.account("Jane Doe"))
	for range 2 {
		s.later(time.Hour)
		s.strayed(s.file(max), "seen nowhere: missing in file, while the account "+s.account("Jane Doe").String())
	}
}
