package approval

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

func TestAddressAndStorageHoldNoCode(t *testing.T) {
	s, b := opened(t, &paperDesk{view: sample()})
	assert.Equal(t, "http://"+s.host+"/", eval[string](b, "location.href"))
	assert.Equal(t, "", eval[string](b, "document.cookie"))
	assert.Equal(t, 0, eval[int](b, "localStorage.length"))
	assert.Equal(t, 1, eval[int](b, "sessionStorage.length"))
}

func TestSecondTabTakesOver(t *testing.T) {
	desk := &paperDesk{view: sample()}
	s, first := opened(t, desk)
	second := look(t, s.enter())
	second.sees("Approvals for plant.example")
	first.sees("Continued in another tab")
	first.seesNot("Jane Doe")
	second.click(of("id-enable-jane.doe"), "Reject")
	assert.False(t, answerTo(t, desk, "id-enable-jane.doe").Accept)
}

func TestReloadShowsFreshState(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	desk.mu.Lock()
	desk.view.Questions = desk.view.Questions[2:3]
	desk.mu.Unlock()
	require.NoError(t, chromedp.Do(b.ctx, chromedp.Reload()))
	b.sees("1 question about 1 person")
	b.seesNot("Jane Doe")
}

// A page whose first request is never answered must not wait for ever.
func TestPageThatHearsNothingAsksAgain(t *testing.T) {
	t.Parallel() // it waits
	_, b := opened(t, &paperDesk{view: sample()}, func(o *Options) { o.Config.TerminateOnBrowserClose = false })
	_, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
		const real = fetch, now = Date.now;
		window.ahead = 0;
		Date.now = () => now() + window.ahead;
		window.fetch = (path, options) => path !== "/api/events" || window.deaf ? real(path, options)
			: new Promise((_, fail) => { window.deaf = true; options.signal.addEventListener("abort", () => fail(new Error("aborted"))); });`})
	require.NoError(t, err)
	require.NoError(t, chromedp.Do(b.ctx, chromedp.Reload()))
	b.until("window.deaf")
	b.sees("Loading")
	eval[int](b, "window.ahead = 60000")
	b.sees("Jane Doe")
}

func TestClosingTheLastTabEndsTheSession(t *testing.T) {
	t.Parallel() // it waits
	s, b := opened(t, &paperDesk{view: sample()})
	b.close()
	sum, err := s.wait()
	require.NoError(t, err)
	assert.Equal(t, "the page was closed", sum.Ended)
}

func TestUnsavedPasswordsKeepTheSession(t *testing.T) {
	t.Parallel() // it waits
	s, b := opened(t, &paperDesk{view: sample()})
	b.click(of("id-enable-jane.doe"), "Enable")
	b.sees("1 new password not yet handed out")
	b.close()
	s.read("1 new password not handed out yet")
	again := look(t, s.enter())
	again.sees("1 new password not yet handed out")
}

func TestReplayedCodeIsShownInThePage(t *testing.T) {
	s, b := opened(t, &paperDesk{view: sample()})
	require.Equal(t, 403, s.call("POST", "/session", `{"code":"`+codeOf(s.address)+`"}`).StatusCode)
	b.sees("alarm: the one-time address was used twice")
	b.seesNot("Jane Doe")
	_, err := s.wait()
	require.ErrorIs(t, err, errReplayed)
}

func TestIdlePageLocksAndOpensAgain(t *testing.T) {
	desk := &paperDesk{view: sample()}
	s, b := opened(t, desk)
	b.sees("Jane Doe")
	s.leaveIdle(15 * time.Minute)
	b.sees("This page was not used for 15 minutes")
	b.seesNot("Jane Doe")
	assert.Equal(t, 0, eval[int](b, "sessionStorage.length"))
	desk.mu.Lock()
	desk.view.Questions = desk.view.Questions[2:3]
	desk.mu.Unlock()
	again := look(t, s.enter())
	again.sees("1 question")
}

func TestEndSessionInThePage(t *testing.T) {
	view := sample()
	view.Report.Lapsed = []schema.Outcome{{User: "P3KI Lara Lapse", Reason: "join p-Admins, rejected by op on 2026-11-01"}}
	s, b := opened(t, &paperDesk{view: view})
	b.sees("1 no longer kept: who, and why")
	b.click(of("id-disable-dora.disable"), "Disable")
	b.gone("id-disable-dora.disable")
	b.click("header", "End session")
	b.click("dialog", "End session")
	b.sees("The session has ended")
	b.sees("1 done")
	b.sees("0 rejected")
	b.sees("1 rejected before and no longer kept")
	sum, err := s.wait()
	require.NoError(t, err)
	assert.Equal(t, Summary{Ended: "ended in the page", Done: 1, What: []string{"1 disabled"}, Lapsed: 1, Open: len(sample().Questions) - 1}, sum)
}

func TestDirectoryFailureIsShownAndSurvived(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	desk.mu.Lock()
	desk.lookErr = assert.AnError
	desk.mu.Unlock()
	b.click(of("id-disable-dora.disable"), "Disable")
	b.sees("general error for testing")
	desk.mu.Lock()
	desk.lookErr = nil
	desk.mu.Unlock()
	b.click(".banner", "Try again")
	b.gone("id-disable-dora.disable")
}

func TestLockWithoutTerminalPrintsANewAddress(t *testing.T) {
	s, b := opened(t, &paperDesk{view: sample()}, func(o *Options) { o.Stdin = nil })
	s.leaveIdle(15 * time.Minute)
	b.sees("This page was not used for 15 minutes")
	again := look(t, s.nextAddress())
	again.sees("Approvals for plant.example")
}
