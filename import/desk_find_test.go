package importer

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

const newPassword = schema.Secret("Other-Horse-8!")

// offer looks for the one account that is called so.
func (s *scene) offer(d *Desk, kind plan.Kind, text string) plan.Question {
	s.t.Helper()
	found, all, err := d.Find(s.t.Context(), text)
	require.NoError(s.t, err)
	require.Equal(s.t, 1, all)
	for _, q := range found[0].Offers {
		if q.Kind == kind {
			return q
		}
	}
	require.Failf(s.t, "not offered", "%s of %s: %+v", kind, text, found[0])
	return plan.Question{}
}

func reset(q plan.Question) plan.Answer {
	return plan.Answer{ID: q.ID, Accept: true, Password: newPassword, Reason: "forgotten"}
}

func TestRuleOffers(t *testing.T) {
	t.Run("rule 39 looked for by name", testPeopleAreFoundByName)
	t.Run("rule 39 a new password", testANewPasswordIsToldAndRemembered)
	t.Run("rule 39 what changed meanwhile", testAnOfferThatChangedMeanwhile)
	t.Run("rule 39 never through a limit", testNothingIsOfferedBehindALimit)
	t.Run("rule 22 a new password whose answer is lost", testANewPasswordWhoseAnswerIsLost)
	t.Run("rule 39 what failed waits for no one", testAnOfferThatFailedWaitsForNoOne)
	t.Run("rule 39 on a controller", testANewPasswordAndUnlockOnAController)
}

func testPeopleAreFoundByName(t *testing.T) {
	s := newScene(t)
	s.user(s.account("Jane Local"), "jane.local", nil)
	file := s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	d := s.desk(file)
	for text, want := range map[string]int{"jane": 1, "JANE doe": 1, "doe max": 0, "": 0, "corp": 0} {
		_, all, err := d.Find(t.Context(), text)
		require.NoError(t, err)
		assert.Equal(t, want, all, text)
	}
	searches := s.dir.Operations().Searches
	_, _, err := d.Find(t.Context(), "muster")
	require.NoError(t, err)
	assert.LessOrEqual(t, s.dir.Operations().Searches-searches, 2, "one for what they are now, one for their policies")
}

func testANewPasswordIsToldAndRemembered(t *testing.T) {
	s := newScene(t)
	file := s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	s.set(s.account("Jane Doe"), "department", "Elsewhere")
	d := s.start(file).NewDesk(s.desks, "op as PLANT\\op")
	q := s.offer(d, plan.NewPassword, "jane")
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: newPassword})
	assert.Equal(t, plan.Changed, r[0].Outcome, "not without a reason")
	trace := s.trace()
	r = s.decide(d, reset(q))
	require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
	assert.Equal(t, []string{"modify unicodePwd pwdLastSet"}, *trace, "nothing else of the person")

	report := d.Report()
	assert.Equal(t, []string{"Jane Doe"}, report.PasswordReset)
	require.Len(t, report.Accepted, 1)
	assert.Equal(t, "password by op as PLANT\\op: forgotten", report.Accepted[0].Type+" by "+report.Accepted[0].By+": "+report.Accepted[0].Why)
	assert.Equal(t, "asked for: forgotten", report.Changes.Entries()[0].Reason)
	said, err := json.Marshal(report)
	require.NoError(t, err)
	for _, text := range []string{string(said), s.log.String(), s.files()["resolutions.state.json"], s.files()["resolutions.json"]} {
		assert.NotContains(t, text, newPassword.Reveal())
	}
	assert.Contains(t, s.log.String(), "forgotten")

	again := s.decide(d, reset(q))
	assert.Equal(t, plan.Changed, again[0].Outcome, "a request that is sent twice")
	fresh := s.offer(s.desk(file), plan.NewPassword, "jane")
	assert.Contains(t, fresh.Context, plan.Field{Code: plan.FieldPasswordBefore, After: []string{"2026-11-22 09:00 UTC", "op as PLANT\\op"}})
}

// The same password time is shown before and after, so that only the ledger tells.
func testAnOfferThatChangedMeanwhile(t *testing.T) {
	s := newScene(t)
	s.with(`"users_must_change_password": true, "restricted_groups": ["p-Admins"]`)
	file := s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	one, other := s.desk(file), s.desk(file)
	q := s.offer(one, plan.NewPassword, "jane")
	require.Equal(t, q.ID, s.offer(other, plan.NewPassword, "jane").ID)
	require.Equal(t, plan.Done, s.decide(one, reset(q))[0].Outcome)
	assert.Equal(t, plan.Changed, s.decide(other, reset(q))[0].Outcome, "by another approver")

	q = s.offer(one, plan.NewPassword, "jane")
	s.join("p-Admins", s.account("Jane Doe"))
	assert.Equal(t, plan.Changed, s.decide(one, reset(q))[0].Outcome, "in a guarded group since")
	s.leave("p-Admins", s.account("Jane Doe"))
	q = s.offer(one, plan.NewPassword, "jane")
	s.set(s.account("Jane Doe"), "userAccountControl", "514")
	assert.Equal(t, plan.Changed, s.decide(one, reset(q))[0].Outcome, "disabled since")
}

func testNothingIsOfferedBehindALimit(t *testing.T) {
	s := newScene(t)
	s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	d := s.start(s.file(s.person("Max Muster"), s.person("Nora New"))).NewDesk(s.desks, "op")
	s.with(`"limits": {"disable": {"max": 0}}`)
	d.im.Config = s.cfg
	q := s.offer(d, plan.NewPassword, "max")
	_, err := d.Decide(t.Context(), []plan.Answer{reset(q)}, func(plan.Result) {})
	require.ErrorContains(t, err, "a limit stops this plan")
}

func testANewPasswordWhoseAnswerIsLost(t *testing.T) {
	for _, c := range []struct {
		more    string
		done    bool
		outcome plan.Outcome
	}{{"", true, plan.Done}, {"", false, plan.NotDone}, {`"users_must_change_password": true`, true, plan.NotDone}} {
		s := newScene(t)
		s.with(c.more)
		d := s.desk(s.staffed(s.person("Jane Doe")))
		s.later(time.Minute)
		q := s.offer(d, plan.NewPassword, "jane")
		s.mem.Fail(memad.LostAt(1, c.done))
		r := s.decide(d, reset(q))
		assert.Equal(t, c.outcome, r[0].Outcome, c)
		assert.Equal(t, c.outcome == plan.NotDone, r[0].Unsure, "it is kept with those to be handed out")
		if c.outcome == plan.NotDone {
			assert.Contains(t, r[0].Problem, "no later run repeats it: look for it again")
		}
	}
}

func testAnOfferThatFailedWaitsForNoOne(t *testing.T) {
	s := newScene(t)
	d := s.desk(s.staffed(s.person("Jane Doe"), s.person("Max Muster")))
	q := s.offer(d, plan.NewPassword, "jane")
	s.mem.Fail(func(op memad.Operation) error {
		if op.Write == 1 && !op.Done {
			return ad.ErrDenied
		}
		return nil
	})
	require.Equal(t, plan.NotDone, s.decide(d, reset(q))[0].Outcome)
	assert.Empty(t, d.Report().RequiredInteractions)
	assert.Len(t, d.Report().Failed, 1)
}

func testANewPasswordAndUnlockOnAController(t *testing.T) {
	s := labScene(t)
	lab := adtest.Lab(t)
	file := s.staffed(s.person("Jane Doe"))
	jane := s.account("Jane Doe")
	lab.Target.Admin(t).LockAfter("lock"+s.suffix, lab.Target.Base, 3, jane.String())
	lockOut := func() {
		for range 4 {
			require.Error(t, lab.Target.LogOn(s.name("jane"), "wrong"))
		}
	}
	works := func(password schema.Secret) error { return lab.Target.LogOn(s.name("jane"), password.Reveal()) }
	lockOut()
	require.ErrorContains(t, works(testPassword), "data 775")
	d := s.desk(file)
	q := s.offer(d, plan.Unlock, "jane")
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Reason: "her child"})
	require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
	require.NoError(t, works(testPassword))
	assert.Equal(t, []string{"Jane Doe"}, d.Report().Unlocked)

	lockOut()
	q = s.offer(d, plan.NewPassword, "jane")
	r = s.decide(d, reset(q))
	require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
	require.NoError(t, works(newPassword), "a new password unlocks, too")
	require.Error(t, works(testPassword))
	assert.Equal(t, "512", s.get(jane, "userAccountControl").Text("userAccountControl"))
}
