package approval

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	importer "ad-user-sync/import"
	"ad-user-sync/import/plan"
)

func TestLabLeftOpenOvernight(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna New", "Tom Typed")
	im := s.run()
	file := im.Input
	im.Reopen = func() (*importer.Input, error) { return file, nil }
	served, b := s.open(s.desk(im))
	b.question(plan.Enable, "Tom Typed")
	served.leaveIdle(15*time.Minute - 2*patience)
	b.question(plan.Enable, "Anna New")
	assert.False(t, served.session.access.isLocked())

	served.leaveIdle(2 * patience)
	b.sees("This page was not used for 15 minutes")
	b.seesNot("Anna New")
	assert.Equal(t, 0, eval[int](b, "sessionStorage.length"))
	served.read("The page was idle and is locked.")
	require.NoError(t, chromedp.Do(b.ctx, chromedp.Reload()))
	b.sees("Not signed in")

	s.Replace(s.dn("Tom Typed"), "description", "hired by night")
	s.SetPassword(s.dn("Tom Typed"), before)
	s.Replace(s.dn("Tom Typed"), "userAccountControl", "512")
	s.employ("Nora Later") // and an import by schedule
	file = s.run().Input
	b = look(t, served.enter())
	anna := b.question(plan.Enable, "Anna New")
	assert.False(t, eval[bool](b, `document.querySelector("#open").textContent.includes("Tom Typed")`), "fresh data")
	b.question(plan.Enable, "Nora Later")
	b.click(anna, "Enable")
	b.settles(anna)
	assert.True(t, s.enabled("Anna New"))
}

// A browser freezes what is in the background; that must not end anything.
func TestLabHiddenTabStays(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna New")
	served, b := s.open(s.desk(s.run()))
	anna := b.question(plan.Enable, "Anna New")
	eval[bool](b, `(document.addEventListener("freeze", () => { window.frozen = true; }), true)`)
	name := served.session.hub.stream.tab
	state := func(to page.SetWebLifecycleStateState) {
		_, err := chromedp.Call(b.ctx, page.SetWebLifecycleState, page.SetWebLifecycleStateParams{State: to})
		require.NoError(t, err)
	}
	state("frozen")
	select {
	case <-served.ended:
		t.Fatal("a hidden tab ended the session")
	case <-time.After(brisk.grace + time.Second): // nothing may happen
	}
	state("active")
	b.until("window.frozen")
	assert.True(t, served.session.hub.active(name), "it is still the tab that takes part")
	eval[bool](b, `(document.querySelector('`+anna+` [data-accept]').click(), true)`) // it is not painted any more
	b.settles(anna)
	assert.True(t, s.enabled("Anna New"))
}

func TestLabOwnAccount(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna New", "Bert New")
	served, b := s.open(s.desk(s.run()), func(o *Options) { o.Operator = `PLANT\` + s.account("Anna") })
	anna := b.question(plan.Enable, "Anna New")
	b.says(anna, "This is the account you run as. Another administrator has to accept this.")
	assert.False(t, eval[bool](b, `[...document.querySelectorAll('`+anna+` button')].some((e) => e.textContent === "Enable")`))
	b.click("#open .tools", "Select all shown (2)")
	b.click(".bulk", "Accept")
	b.says("dialog", "Your own account is left out.")
	b.click("dialog", "Accept")
	b.sees("1 new password not yet handed out")
	assert.True(t, s.enabled("Bert New"))

	token, name := eval[string](b, `sessionStorage.getItem("token")`), served.session.hub.stream.tab
	id := eval[string](b, `document.querySelector('`+anna+`').dataset.id`)
	answer := served.call("POST", "/api/decisions", `{"decisions": [{"id": "`+id+`", "accept": true, "password": "generated"}], "typed": 1}`,
		header("Authorization", "Bearer "+token), header("Tab", name))
	assert.Equal(t, 422, answer.StatusCode)
	assert.Contains(t, text(t, answer), "the account you run as")
	assert.False(t, s.enabled("Anna New"))
}

// The controller ends connections that were idle, then it is restarted. Tests
// that run side by side wait until this one is over.
func TestLabControllerGoesAway(t *testing.T) {
	s := sceneAlone(t)
	s.employ("Anna New", "Bert New", "Carl New")
	_, b := s.open(s.desk(s.run()))
	anna, bert := b.question(plan.Enable, "Anna New"), b.question(plan.Enable, "Bert New")

	b.step(t, "idle for too long", func(t *testing.T) {
		s.domain.IdleLimit(t, "3")
		t.Cleanup(func() { s.domain.IdleLimit(s, "900") })
		s.approver, s.unattended = s.connect("svc-approver", s.domain.URL()), s.connect("svc-import", s.domain.URL())
		_, b := s.open(s.desk(s.start()))
		other := b.question(plan.Enable, "Carl New")
		s.domain.AwaitIdleEnd(t)
		b.click(other, "Reject")
		b.settles(other)
		assert.Contains(t, s.resolutions(), "Carl New")
		b.close()
	})
	b.step(t, "restarted while nobody looks", func(t *testing.T) {
		s.domain.Stop(t)
		s.domain.Start(t)
		b.click(anna, "Enable")
		b.settles(anna)
	})
	b.step(t, "gone while somebody decides", func(t *testing.T) {
		s.domain.Stop(t)
		b.click(bert, "Enable")
		b.says(bert+" .trouble", "could not be reached")
		s.domain.Start(t)
		b.click(bert, "Enable")
		b.settles(bert)
	})
	s.Admin = s.domain.Admin(t)
	assert.True(t, s.enabled("Anna New") && s.enabled("Bert New"))
	b.sees("2 new passwords not yet handed out")
}
