package approval

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// helpful is a desk at which accounts are found: one that is locked out and in a guarded
// group, one that is the operator's own, and one that is nobody's to help.
func helpful() *paperDesk {
	at := time.Date(2026, 11, 27, 9, 40, 0, 0, time.UTC)
	found := func(name string, kinds ...plan.Kind) plan.Found {
		f := plan.Found{Person: *asks(plan.NewPassword, plan.Requested, name).Person, Policy: plan.PasswordPolicy{MinLength: 14, Complex: true}}
		for _, kind := range kinds {
			why := map[plan.Kind]plan.Reason{plan.NewPassword: plan.Requested, plan.Unlock: plan.LockedOut}[kind]
			q := asks(kind, why, name)
			q.Single = true
			q.Decision = append(q.Decision, plan.Field{Code: plan.FieldPasswordSet, After: []string{"2026-09-01 08:00 UTC"}})
			f.Offers = append(f.Offers, q)
		}
		return f
	}
	locked := found("Lotte Locked", plan.NewPassword, plan.Unlock)
	locked.Logon = plan.Logon{Locked: true, LockedAt: adrules.FileTime(at)}
	for i := range locked.Offers {
		q := &locked.Offers[i]
		q.Bringing = []*plan.Group{{CN: "p-Operators", Listed: true}}
		q.Decision = append(q.Decision, plan.Field{Code: plan.FieldGuardedMember, After: []string{"p-Operators", "listed"}}, plan.Field{Code: plan.FieldLockedSince, After: []string{"2026-11-27 09:40 UTC"}})
		q.Context = append(q.Context, plan.Field{Code: plan.FieldPresentGroup, After: []string{"p-Operators", "Staff"}})
	}
	gone := found("Dora Disabled")
	gone.Barred = "the account is disabled"
	desk := &paperDesk{view: sample(), found: []plan.Found{locked, gone, found("Jdoe", plan.NewPassword)}}
	desk.found[2].Offers[0].Person.AccountName = "jdoe" // who is at the page
	return desk
}

func (b *tab) look(text string) {
	b.t.Helper()
	b.click("[role=tablist]", "Accounts")
	b.fill("#people input[type=search]", text)
	b.keys(kb.Enter)
	b.says("#people", "3 accounts")
}

func TestANewPasswordForWhoIsLookedFor(t *testing.T) {
	desk := helpful()
	served, b := opened(t, desk)
	b.look("lotte")
	assert.Equal(t, []string{"lotte"}, desk.sought)
	b.says("#people", "Locked out since")
	b.says("#people", "The account is disabled.")
	id := "id-password-lotte.locked"
	b.click("#people [data-account='lotte.locked']", "New password…")
	for _, text := range []string{"Member of a guarded group", "p-Operators", "Locked since", "Password set", "2026-09-01 08:00 UTC"} {
		b.says(of(id), text)
	}
	assert.Equal(t, 0, eval[int](b, `[...document.querySelectorAll('`+of(id)+` button')].filter((e) => e.textContent.startsWith("Reject")).length`))
	shown := b.passphrase(of(id))
	b.click(of(id), "New password")
	b.says(of(id), "Say why, first.")
	assert.Empty(t, desk.taken())
	b.fill(of(id)+" .because input", "forgotten, called from the gate")
	b.click(of(id), "New password")
	a := answerTo(t, desk, id)
	assert.Equal(t, shown, a.Password.Reveal())
	assert.Equal(t, "forgotten, called from the gate", a.Reason)
	b.until(`!document.querySelector("` + strings.ReplaceAll(of(id), `"`, `'`) + `")`)
	b.sees("1 new password not yet handed out")
	b.click("[role=tablist]", "Done")
	b.sees("given a new password")
	assert.NotContains(t, served.log.String(), shown)
	assert.Contains(t, served.log.String(), "forgotten, called from the gate")

	b.click("[role=tablist]", "Accounts")
	unlock := "id-unlock-lotte.locked"
	b.click("#people [data-account='lotte.locked']", "Unlock…")
	b.fill(of(unlock)+" .because input", "wrong keyboard")
	b.click(of(unlock), "Unlock")
	assert.True(t, answerTo(t, desk, unlock).Accept)
}

func TestNoNewPasswordForOneself(t *testing.T) {
	desk := helpful()
	s := serve(t, desk, brisk)
	token := s.insider()
	require.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode)
	answer := s.call("POST", "/api/find", `{"text":"doe"}`, as(token))
	require.Equal(t, 200, answer.StatusCode)
	send := func(decision string) string {
		r := s.call("POST", "/api/decisions", `{"decisions":[`+decision+`],"typed":1}`, as(token))
		return fmt.Sprint(r.StatusCode, " ", text(t, r))
	}
	for name, c := range map[string][2]string{
		"oneself":              {`{"id":"id-password-jdoe","accept":true,"password":"generated","reason":"mine"}`, "422 {\"problem\":\"P3KI Jdoe: this is the account you run as"},
		"without a reason":     {`{"id":"id-unlock-lotte.locked","accept":true,"reason":" "}`, "422 {\"problem\":\"P3KI Lotte Locked: say why"},
		"rejected":             {`{"id":"id-unlock-lotte.locked","accept":false}`, "422 {\"problem\":\"P3KI Lotte Locked: the decision does not fit"},
		"the present password": {`{"id":"id-password-lotte.locked","accept":true,"password":"keep","reason":"x"}`, "422 {\"problem\":\"P3KI Lotte Locked: there is no present password"},
		"a weak one":           {`{"id":"id-password-lotte.locked","accept":true,"password":"typed","typed":"short","reason":"x"}`, "422 {\"problem\":\"P3KI Lotte Locked: the domain would refuse"},
		"a password to unlock": {`{"id":"id-unlock-lotte.locked","accept":true,"password":"generated","reason":"x"}`, "422 {\"problem\":\"P3KI Lotte Locked: the decision does not fit"},
		"two at once":          {`{"id":"id-password-lotte.locked","accept":true,"password":"generated","reason":"x"},{"id":"id-unlock-lotte.locked","accept":true,"reason":"x"}`, "422 {\"problem\":\"the question about P3KI Lotte Locked is never answered together"},
	} {
		assert.Contains(t, send(c[0]), c[1], name)
	}
	assert.Empty(t, desk.taken())
	require.Contains(t, send(`{"id":"id-unlock-lotte.locked","accept":true,"reason":"x"}`), "202")
	answerTo(t, desk, "id-unlock-lotte.locked")
	require.Eventually(t, func() bool { return !s.session.worker.working() }, patience, 5*time.Millisecond)
	send(`{"id":"id-unlock-lotte.locked","accept":true,"reason":"x"}`) // what was done is not open any more
	require.Eventually(t, func() bool { return !s.session.worker.working() }, patience, 5*time.Millisecond)
	assert.Len(t, desk.taken(), 1, "the same request again")
}
