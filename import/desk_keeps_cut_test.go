package importer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/text"
	"ad-user-sync/schema/userfile"
)

// movedOut is someone of ours whose account was moved elsewhere, where it got
// another end and a group that the file does not give.
func movedOut(t *testing.T) (*scene, *Input) {
	s := newScene(t)
	file := s.staffed(s.person("Jane Doe", in("CN=t-Viewers")))
	s.join("p-Editors", s.account("Jane Doe"))
	s.set(s.account("Jane Doe"), "accountExpires", s.inYear())
	require.NoError(t, s.admin.Rename(t.Context(), s.account("Jane Doe"), s.ou.Child("CN", "Jane Doe")))
	return s, file
}

// unanchored is a file of the older tool.
func (s *scene) unanchored(users ...schema.User) *Input {
	for i := range users {
		users[i].ObjectGUID = ""
	}
	s.stamp = s.stamp.Add(1e9)
	return s.fileOf(userfile.Head{Timestamp: s.stamp}, users...)
}

func (s *scene) takeOver(d *Desk, kind plan.Kind, cn string, keeps plan.Keeps) {
	s.t.Helper()
	r := s.decide(d, plan.Answer{ID: s.question(d, kind, cn).ID, Accept: true, TakeOver: kind == plan.Name, Keeps: &keeps})
	require.Equal(s.t, plan.Done, r[0].Outcome, r[0].Problem)
}

// cutShort kills the process at the n-th write of a taking over, and imports again.
func (s *scene) cutShort(n int, carriedOut bool, file *Input, kind plan.Kind, keeps plan.Keeps) {
	s.t.Helper()
	d := s.desk(file)
	answer := plan.Answer{ID: s.question(d, kind, "Jane Doe").ID, Accept: true, TakeOver: kind == plan.Name, Keeps: &keeps}
	s.crashAt(n, carriedOut)
	require.True(s.t, wasKilled(func() { _, _ = d.Decide(s.t.Context(), []plan.Answer{answer}, func(plan.Result) {}) }))
	s.mem.Fail(nil)
	s.run(file)
	if n == 1 && !carriedOut { // nothing was done, and it is asked again
		s.takeOver(s.desk(file), kind, "Jane Doe", keeps)
	}
	s.run(file)
}

// atEachWrite runs a check for each way in which a taking over is cut short.
func atEachWrite(t *testing.T, check func(t *testing.T, n int, carriedOut bool)) {
	for n := 1; n <= 3; n++ {
		for _, carriedOut := range []bool{false, true} {
			t.Run(fmt.Sprintf("at write %d, carried out %v", n, carriedOut), func(t *testing.T) { check(t, n, carriedOut) })
		}
	}
}

// That an account carries its anchor already says nothing about the rest.
func TestTakeOverOfAnAnchoredAccountThatIsCutShort(t *testing.T) {
	atEachWrite(t, func(t *testing.T, n int, carriedOut bool) {
		s, file := movedOut(t)
		s.cutShort(n, carriedOut, file, plan.Adopt, plan.Keeps{})
		assert.True(t, s.control("Jane Doe").Disabled())
		assert.NotEqual(t, s.inYear(), s.expires("Jane Doe"))
		assert.Empty(t, s.members("p-Editors"))
		q := s.question(s.desk(file), plan.Enable, "Jane Doe")
		assert.Equal(t, plan.TakenOver, q.Reason)
		assert.False(t, q.MayKeep)
		assert.Empty(t, s.run(file).Plan.Actions)
	})
}

// Whoever worked until then is told of as disabled, and not as adopted alone.
func TestTakeOverThatIsFinishedTellsWhoIsDisabled(t *testing.T) {
	s, file := movedOut(t)
	d := s.desk(file)
	answer := plan.Answer{ID: s.question(d, plan.Adopt, "Jane Doe").ID, Accept: true, Keeps: &plan.Keeps{}}
	s.crashAt(1, true)
	require.True(t, wasKilled(func() { _, _ = d.Decide(t.Context(), []plan.Answer{answer}, func(plan.Result) {}) }))
	s.mem.Fail(nil)
	r := s.run(file).Report
	assert.Equal(t, []string{"Jane Doe"}, r.Adopted)
	assert.Equal(t, []string{"Jane Doe"}, r.Disabled)
	var said strings.Builder
	require.NoError(t, text.Report(&said, r))
	assert.Contains(t, said.String(), "Disabled (1)\n  - Jane Doe")
}

func TestTakeOverWithoutAnchorsThatIsCutShort(t *testing.T) {
	atEachWrite(t, func(t *testing.T, n int, carriedOut bool) {
		s := newScene(t)
		p := s.person("Jane Doe", in("CN=t-Viewers"))
		s.stray(p)
		file := s.unanchored(p)
		s.cutShort(n, carriedOut, file, plan.Name, plan.Keeps{Expiry: true})
		assert.True(t, s.control("Jane Doe").Disabled())
		assert.Equal(t, s.inYear(), s.expires("Jane Doe"))
		assert.Empty(t, s.members("p-Editors"))
		assert.Equal(t, plan.TakenOver, s.question(s.desk(file), plan.Enable, "Jane Doe").Reason)
	})
}

// By its anchor it counts as managed again, and no one would be asked.
func TestTakeOverOfAnAnchoredAccountThatIsRefusedHalfway(t *testing.T) {
	s, file := movedOut(t)
	d := s.desk(file)
	q := s.question(d, plan.Adopt, "Jane Doe")
	s.mem.Fail(func(op memOperation) error {
		if len(op.Changes) > 0 { // all but the move
			return errDenied
		}
		return nil
	})
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Keeps: &plan.Keeps{}})
	s.mem.Fail(nil)
	require.Equal(t, plan.NotDone, r[0].Outcome)
	require.NotNil(t, s.get(s.account("Jane Doe"), "cn"))
	s.run(file)
	assert.True(t, s.control("Jane Doe").Disabled())
	s.run(file)
	assert.Empty(t, s.members("p-Editors"))
	assert.Equal(t, plan.TakenOver, s.question(s.desk(file), plan.Enable, "Jane Doe").Reason)
}

// What was ticked at a taking over that was refused answers nothing later.
func TestMembershipsThatWereKeptAtFirstAndThenNot(t *testing.T) {
	s := newScene(t)
	p := s.person("Jane Doe", in("CN=t-Viewers"))
	holder := s.stray(p)
	file := s.file(p)
	d := s.desk(file)
	q, all := s.question(d, plan.Name, "Jane Doe"), ticks(7)
	s.mem.Fail(memad.DeniedOn(holder))
	require.Equal(t, plan.NotDone, s.decide(d, plan.Answer{ID: q.ID, Accept: true, TakeOver: true, Keeps: &all})[0].Outcome)
	s.mem.Fail(nil)
	s.cutShort(2, true, file, plan.Name, plan.Keeps{Password: true, Expiry: true})
	assert.Empty(t, s.members("p-Editors"))
}

func TestLeaveThatIsRefusedAfterATakeOver(t *testing.T) {
	for more, next := range map[string]string{"": "tries again", `"approve": {"leave": true}`: "asks about it"} {
		s := newScene(t)
		s.with(more)
		p := s.person("Jane Doe", in("CN=t-Viewers"))
		s.stray(p)
		d := s.desk(s.file(p))
		q := s.question(d, plan.Name, "Jane Doe")
		s.mem.Fail(func(op memOperation) error {
			if len(op.Changes) > 0 && op.Changes[0].Attribute == "member" {
				return errDenied
			}
			return nil
		})
		r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, TakeOver: true, Keeps: &plan.Keeps{}})
		s.mem.Fail(nil)
		assert.Equal(t, plan.NotDone, r[0].Outcome)
		assert.Contains(t, r[0].Problem, "the account was taken over, but did not leave p-Editors; the next import "+next)
		assert.Equal(t, "enable Jane Doe (taken over)", questions(s.look(d).Questions)[0])
	}
}

func TestNothingIsGivenToAnAccountThatCouldNotBeTakenOver(t *testing.T) {
	s := newScene(t)
	s.run(s.file(s.person("Max Muster")))
	s.user(s.account("Old Jane"), "jane", nil)
	d := s.desk(s.file(s.person("Max Muster"), s.person("Jane Doe", in("CN=t-Viewers"))))
	q := s.question(d, plan.Adopt, "Jane Doe")
	s.mem.Fail(func(op memOperation) error {
		if op.Kind == memad.OpRename {
			return errDenied
		}
		return nil
	})
	before := s.get(s.account("Old Jane"), "uSNChanged").Text("uSNChanged")
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true})
	s.mem.Fail(nil)
	require.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Equal(t, before, s.get(s.account("Old Jane"), "uSNChanged").Text("uSNChanged"))
	assert.Empty(t, s.members("p-Editors"))
}
