package approval

import (
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// opened is a session with the page open on it.
func opened(t *testing.T, desk *paperDesk, change ...func(*Options)) (*served, *tab) {
	t.Helper()
	s := serve(t, desk, brisk, change...)
	b := look(t, s.address)
	b.sees("Approvals for plant.example")
	return s, b
}

// answerTo waits for the answer about somebody.
func answerTo(t *testing.T, desk *paperDesk, id string) plan.Answer {
	t.Helper()
	var found plan.Answer
	require.Eventually(t, func() bool {
		for _, a := range desk.taken() {
			if a.ID == id {
				found = a
				return true
			}
		}
		return false
	}, patience, 5*time.Millisecond, "no answer to %s", id)
	return found
}

func TestAddressAndStorageHoldNoCode(t *testing.T) {
	s, b := opened(t, &paperDesk{view: sample()})
	assert.Equal(t, "http://"+s.host+"/", eval[string](b, "location.href"))
	assert.Equal(t, "", eval[string](b, "document.cookie"))
	assert.Equal(t, 0, eval[int](b, "localStorage.length"))
	assert.Equal(t, 1, eval[int](b, "sessionStorage.length"))
}

func TestEnableWithGeneratedPassphrase(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	id := "id-enable-jane.doe"
	before := eval[string](b, `document.querySelector('`+of(id)+` output').textContent`)
	b.click(of(id), "New one")
	b.until(`document.querySelector('` + of(id) + ` output').textContent !== ` + quote(before))
	shown := eval[string](b, `document.querySelector('`+of(id)+` output').textContent`)
	assert.Regexp(t, `^\S+-\d\d$`, shown)
	b.click(of(id), "Enable")
	assert.Equal(t, shown, answerTo(t, desk, id).Password.Reveal())
	b.gone(id)
	b.sees("1 new password not yet handed out")
	b.click("[role=tablist]", "Done")
	b.sees("enabled")
	b.seesNot(shown)
	b.click("#done", "Show")
	b.sees(shown)
}

func TestTypedPasswordRulesAreTicked(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	id := "id-enable-jane.doe"
	b.click(of(id), "Type one")
	b.until(`document.querySelectorAll('` + of(id) + ` .rules li').length === 3`)
	b.keys("jane.doe")
	b.until(`document.querySelectorAll('` + of(id) + ` .rules .kept').length === 0`)
	b.click(of(id), "Enable")
	b.sees("does not keep the rules yet")
	b.fill(of(id)+" .pane input", "Plum-Harbour-Quilt-77")
	b.until(`document.querySelectorAll('` + of(id) + ` .rules .kept').length === 3`)
	b.click(of(id), "Enable")
	assert.Equal(t, "Plum-Harbour-Quilt-77", answerTo(t, desk, id).Password.Reveal())
}

func TestKeepThePresentPassword(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	assert.False(t, eval[bool](b, `document.querySelector('`+of("id-enable-jane.doe")+`').textContent.includes("Keep the present one")`))
	id := "id-enable-rita.returned"
	b.click(of(id), "Keep the present one")
	b.click(of(id), "Enable")
	a := answerTo(t, desk, id)
	assert.True(t, a.Accept && a.Keep)
	assert.Empty(t, a.Password.Reveal())
	b.gone(id)
	b.seesNot("not yet handed out")
}

func TestJoinLeaveDisable(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	for id, label := range map[string]string{
		"id-join-jane.doe-p-Operators": "Add to group", "id-join-paul.privileged-p-Administrators": "Add to group",
		"id-leave-lea.leave-p-Viewers": "Remove from group", "id-disable-dora.disable": "Disable",
	} {
		b.click(of(id), label)
		assert.Equal(t, plan.Answer{ID: id, Accept: true}, answerTo(t, desk, id))
		b.gone(id)
	}
}

func TestGuardedGroupSaysWhy(t *testing.T) {
	_, b := opened(t, &paperDesk{view: sample()})
	text := eval[string](b, `document.querySelector('`+of("id-join-paul.privileged-p-Administrators")+`').textContent`)
	for _, part := range []string{"Privileged group", "nested in Domain Admins", "Domain Admins, Administrators", "You decide about", "For information"} {
		assert.Contains(t, text, part)
	}
	assert.Equal(t, 0, eval[int](b, `document.querySelectorAll('`+of("id-join-paul.privileged-p-Administrators")+` input[type=checkbox]').length`), "never in bulk")
}

func TestRejectWithReasonAndEnd(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	id := "id-disable-dora.disable"
	b.click(of(id), "Reject with reason")
	b.keys("On leave until spring")
	b.click("dialog", "Reject")
	a := answerTo(t, desk, id)
	assert.False(t, a.Accept)
	assert.Equal(t, "On leave until spring", a.Reason)
	require.NotNil(t, a.Until)
	assert.InDelta(t, 14*24, time.Until(*a.Until).Hours(), 25)
	b.gone(id)

	b.click(of("id-enable-jane.doe"), "Reject")
	a = answerTo(t, desk, "id-enable-jane.doe")
	assert.False(t, a.Accept)
	assert.Nil(t, a.Until)
	b.gone("id-enable-jane.doe")

	b.click("[role=tablist]", "Rejected")
	b.sees("On leave until spring")
	b.picture("rejected")
	b.sees(`jdoe (PLANT\approver)`)
	b.click("#rejected "+of(id), "Ask again")
	b.until(`!document.querySelector("#rejected " + ` + quote(of(id)) + `)`)
	b.click("[role=tablist]", "Open")
	b.sees("Dora Disable")
}

func TestNewNameIsCheckedWhileTyping(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	id := "id-name-nora.name"
	b.fill(of(id)+" .names input", "taken.name")
	b.sees("the account name is taken by Tom Taken")
	assert.True(t, eval[bool](b, `[...document.querySelectorAll('`+of(id)+` button')].find((e) => e.textContent === "Use this name").disabled`))
	b.fill(of(id)+" .names input", "nora.free")
	b.sees("This name is free")
	b.click(of(id), "Use this name")
	assert.Equal(t, plan.Answer{ID: id, Accept: true, NewName: "nora.free"}, answerTo(t, desk, id))
}

func TestTakeOverShowsBothPeople(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	id := "id-name-nora.name"
	table := eval[string](b, `document.querySelector('`+of(id)+` table').textContent`)
	for _, part := range []string{"Nora Name", "Norbert Name", "OU=Staff,DC=plant,DC=example", "Remote Desktop Users", "2023-11-22", "2026-11-20", "enabled"} {
		assert.Contains(t, table, part)
	}
	b.click(of(id), "Take over this account")
	b.picture("takeover")
	b.click("dialog", "Take over")
	assert.Equal(t, plan.Answer{ID: id, Accept: true, TakeOver: true}, answerTo(t, desk, id))
	b.gone(id)

	barred := eval[string](b, `document.querySelector('`+of("id-name-boris.barred")+`').textContent`)
	assert.Contains(t, barred, "it is protected: adminCount=1")
	assert.NotContains(t, barred, "Take over this account")

	b.click(of("id-adopt-alma.adopt"), "Take over")
	b.click("dialog", "Take over")
	assert.Equal(t, plan.Answer{ID: "id-adopt-alma.adopt", Accept: true}, answerTo(t, desk, "id-adopt-alma.adopt"))
}

func TestBySomebodyElseIsApart(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	b.seesNot("Hanna Byhand")
	b.click("[role=tablist]", "By somebody else")
	b.sees("Somebody disabled this account here")
	b.sees("Nothing here to select together")
	b.click("#elsewhere "+of("id-enable-hanna.byhand"), "Enable")
	assert.True(t, answerTo(t, desk, "id-enable-hanna.byhand").Accept)
}

func TestRefusalOfTheDirectoryStaysAtTheItem(t *testing.T) {
	desk := &paperDesk{view: sample(), fails: map[string]string{"jane.doe": "The domain refuses this password: it was used before."}}
	_, b := opened(t, desk)
	id := "id-enable-jane.doe"
	b.click(of(id), "Enable")
	b.until(`document.querySelector('` + of(id) + `')?.textContent.includes("it was used before. Choose another password.")`)
	b.until(`!document.querySelector('` + of(id) + `').inert`)
	require.NoError(t, chromedp.Do(b.ctx, chromedp.Reload()))
	b.sees("it was used before")
}

func TestChangedMeanwhile(t *testing.T) {
	desk := &paperDesk{view: sample(), vanish: map[string]bool{"dora.disable": true}}
	_, b := opened(t, desk)
	b.click(of("id-disable-dora.disable"), "Disable")
	b.until(`document.querySelector('` + of("id-disable-dora.disable-new") + `')?.textContent.includes("This changed meanwhile")`)
	b.click("[role=tablist]", "Done")
	b.sees("changed meanwhile")
}

func TestFilterByKindAndText(t *testing.T) {
	_, b := opened(t, &paperDesk{view: sample()})
	shown := `[...document.querySelectorAll("#open article")].filter((e) => e.checkVisibility()).length`
	b.until(shown + " === 9")
	b.fill("#open input[type=search]", "rita")
	b.until(shown + " === 1")
	b.sees("1 of 9 questions shown")
	b.fill("#open input[type=search]", " ")
	b.until(shown + " === 9")
	require.NoError(t, chromedp.Do(b.ctx, chromedp.SetValue(chromedp.CSS("#open select"), "name")))
	eval[bool](b, `document.querySelector("#open select").dispatchEvent(new Event("change"))`)
	b.until(shown + " === 2")
}

func TestBulkAboveTwentyNeedsTheNumberTyped(t *testing.T) {
	desk := &paperDesk{view: many(25)}
	_, b := opened(t, desk)
	b.click("#open .tools", "Select all shown (25)")
	b.sees("25 selected")
	b.picture("bulk")
	b.click(".bulk", "Accept")
	b.sees("Enable 25 accounts")
	b.picture("bulkdialog")
	disabled := `document.querySelector("dialog button[type=submit]").disabled`
	assert.True(t, eval[bool](b, disabled))
	b.keys("24")
	assert.True(t, eval[bool](b, disabled))
	b.keys(kb.Backspace + "5")
	b.until("!" + disabled)
	b.keys(kb.Enter)
	b.sees("25 new passwords not yet handed out")
	b.sees("Nothing is waiting for a decision")
	passwords := map[string]bool{}
	for _, a := range desk.taken() {
		passwords[a.Password.Reveal()] = true
	}
	assert.Len(t, passwords, 25, "one passphrase each")
}

func TestBulkLeavesSingleOnesOut(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	b.click("#open .tools", "Select all shown (5)")
	b.click(".bulk", "Reject")
	b.keys("not now")
	b.click("dialog", "Reject")
	require.Eventually(t, func() bool { return len(desk.taken()) == 5 }, patience, 5*time.Millisecond)
	for _, a := range desk.taken() {
		assert.False(t, a.Accept)
		assert.Equal(t, "not now", a.Reason)
		assert.Equal(t, strings.Contains(a.ID, "disable") || strings.Contains(a.ID, "leave"), a.Until != nil, a.ID)
	}
}

func TestBrakeComesFirst(t *testing.T) {
	desk := &paperDesk{view: sample()}
	desk.view.Trips = []plan.Trip{{Name: "disable", Reason: "7 of 12 enabled accounts would be disabled; the limit is 5 and 10 percent.",
		Accounts: []plan.Person{asks(plan.Disable, "", "Anna A").Person, asks(plan.Disable, "", "Berta B").Person, asks(plan.Disable, "", "Anna A").Person}}}
	_, b := opened(t, desk)
	b.sees("The run was stopped before the first write")
	b.seesNot("Jane Doe")
	b.picture("brake")
	b.fill(".brakes input", "3")
	assert.True(t, eval[bool](b, `document.querySelector(".brakes button").disabled`))
	b.fill(".brakes input", "2")
	b.click(".brakes", "Release for this plan")
	b.sees("Jane Doe")
	assert.Equal(t, []int{2}, desk.released)
}

func TestKeyboardAlone(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	focus := func() string {
		return eval[string](b, `(document.activeElement.closest("[data-id]")?.dataset.id ?? "") + "|" + (document.activeElement.textContent || document.activeElement.type || "").trim()`)
	}
	press := func(want string) {
		t.Helper()
		for range 80 {
			if focus() == want {
				assert.NotEqual(t, "none", eval[string](b, `getComputedStyle(document.activeElement).outlineStyle`), "focus can not be seen on %s", want)
				return
			}
			b.keys(kb.Tab)
		}
		require.Failf(t, "not reached by Tab", "%s", want)
	}
	press("|Open 9")
	b.keys(kb.ArrowRight)
	b.sees("Hanna Byhand")
	b.keys(kb.Home)
	press("id-enable-jane.doe|Enable")
	b.keys(kb.Enter)
	b.gone("id-enable-jane.doe")
	b.until(`document.activeElement.closest("[data-id]")?.dataset.id === "id-join-jane.doe-p-Operators"`)
	press("id-join-jane.doe-p-Operators|Reject with reason…")
	b.keys(kb.Enter)
	b.keys("too much")
	b.keys(kb.Escape)
	b.until(`!document.querySelector("dialog")`)
	press("id-join-jane.doe-p-Operators|Reject")
	b.keys(" ")
	b.gone("id-join-jane.doe-p-Operators")
	assert.False(t, answerTo(t, desk, "id-join-jane.doe-p-Operators").Accept)
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

func TestClosingTheLastTabEndsTheSession(t *testing.T) {
	s, b := opened(t, &paperDesk{view: sample()})
	b.close()
	sum, err := s.wait()
	require.NoError(t, err)
	assert.Equal(t, "the page was closed", sum.Ended)
}

func TestUnsavedPasswordsKeepTheSession(t *testing.T) {
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
	require.ErrorIs(t, err, ErrReplayed)
}

func TestIdlePageLocksAndOpensAgain(t *testing.T) {
	quick := brisk
	quick.idle = time.Second
	desk := &paperDesk{view: sample()}
	s := serve(t, desk, quick)
	b := look(t, s.address)
	b.sees("Jane Doe")
	b.sees("Nobody used this page for 15 minutes")
	b.seesNot("Jane Doe")
	assert.Equal(t, 0, eval[int](b, "sessionStorage.length"))
	desk.mu.Lock()
	desk.view.Questions = desk.view.Questions[2:3]
	desk.mu.Unlock()
	again := look(t, s.enter())
	again.sees("1 question")
}

func TestEndSessionInThePage(t *testing.T) {
	s, b := opened(t, &paperDesk{view: sample()})
	b.click(of("id-disable-dora.disable"), "Disable")
	b.gone("id-disable-dora.disable")
	b.click("header", "End session")
	b.click("dialog", "End session")
	b.sees("The session has ended")
	b.sees("1 done")
	sum, err := s.wait()
	require.NoError(t, err)
	assert.Equal(t, Summary{Ended: "ended in the page", Done: 1}, sum)
}

func TestHandOut(t *testing.T) {
	desk := &paperDesk{view: sample()}
	s, b := opened(t, desk)
	b.click(of("id-enable-jane.doe"), "Enable")
	b.gone("id-enable-jane.doe")
	b.click(of("id-enable-rita.returned"), "Enable")
	b.sees("2 new passwords not yet handed out")
	b.click("header", "End session")
	b.sees("They are lost when the session ends")
	b.click("dialog", "Cancel")

	// What the page saves, caught on its way to the disk.
	eval[bool](b, `(() => {
		const create = URL.createObjectURL;
		URL.createObjectURL = (blob) => { const r = new FileReader(); r.onload = () => { window.saved = r.result; }; r.readAsDataURL(blob); return create(blob); };
		return true;
	})()`)
	b.click(".handout", "Download encrypted archive")
	b.sees("all handed out")
	b.until("window.saved")
	packed, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(eval[string](b, "saved"), "data:application/zip;base64,"))
	require.NoError(t, err)
	phrase := eval[string](b, `document.querySelector(".archive output").textContent`)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.zip"), packed, 0o600))
	out, err := exec.Command("7z", "x", "-y", "-p"+phrase, "-o"+dir, filepath.Join(dir, "a.zip")).CombinedOutput()
	require.NoError(t, err, string(out))
	list, err := os.ReadFile(filepath.Join(dir, "list.txt"))
	require.NoError(t, err)
	for _, a := range desk.taken() {
		assert.Contains(t, string(list), "Password:     "+a.Password.Reveal()+"\r\n")
	}
	assert.NotContains(t, s.log.String(), phrase)
	b.picture("handout")

	eval[bool](b, `(window.print = () => { window.printed = document.getElementById("letters").textContent; }, true)`)
	b.click(".handout", "Print letters")
	b.until("window.printed")
	letters := eval[string](b, "printed")
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	require.NoError(t, err)
	assert.Equal(t, 2, len(regexp.MustCompile(`/Type /Page\b`).FindAll(pdf, -1)), "one page for each person")
	for _, a := range desk.taken() {
		assert.Contains(t, letters, a.Password.Reveal())
	}
	assert.Equal(t, 2, len(regexp.MustCompile("Your account").FindAllString(letters, -1)))
	b.click("dialog", "Yes, printed")
	b.until(`document.getElementById("letters").childNodes.length === 0`)
	b.click("header", "End session")
	b.click("dialog", "End session")
	sum, err := s.wait()
	require.NoError(t, err)
	assert.Empty(t, sum.Unsaved)
}

func TestDirectoryFailureIsShownAndSurvived(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	desk.mu.Lock()
	desk.lookErr = assert.AnError
	desk.mu.Unlock()
	b.click(of("id-disable-dora.disable"), "Disable")
	b.sees(assert.AnError.Error())
	desk.mu.Lock()
	desk.lookErr = nil
	desk.mu.Unlock()
	b.click(".banner", "Try again")
	b.gone("id-disable-dora.disable")
}

func TestProgressIsShown(t *testing.T) {
	desk := &paperDesk{view: many(30), hold: make(chan struct{})}
	_, b := opened(t, desk)
	b.click("#open .tools", "Select all shown (30)")
	b.click(".bulk", "Accept")
	b.keys("30" + kb.Enter)
	for range 10 {
		desk.hold <- struct{}{}
	}
	b.sees("Carrying out 10 of 30")
	require.NoError(t, chromedp.Do(b.ctx, chromedp.Reload()))
	b.sees("Carrying out 10 of 30")
	close(desk.hold)
	b.sees("30 new passwords not yet handed out")
	b.sees("Nothing is waiting for a decision")
}
