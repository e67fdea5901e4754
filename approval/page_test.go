package approval

import (
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

// answerTo waits for the answer about someone.
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

func TestEnablingAnAdministratorIsWarnedAbout(t *testing.T) {
	desk := &paperDesk{view: sample()}
	q := &desk.view.Questions[0]
	q.Single = true
	q.Administers = "Domain Admins"
	q.Decision = append(q.Decision, plan.Field{Code: plan.FieldAdministers, After: []string{"Domain Admins"}})
	_, b := opened(t, desk)
	b.sees("This account administers the domain, as a member of Domain Admins.")
	assert.Equal(t, 0, eval[int](b, "document.querySelectorAll('"+of(q.ID)+" input.pick').length"), "not to be chosen together with others")
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
	for _, part := range []string{"Privileged group", "nested in Domain Admins", "Domain Admins, Administrators", "You decide about",
		"Groupp-AdministratorsS-1-5-21-1-2-3-1202", "Guarded groupprivileged"} {
		assert.Contains(t, text, part)
	}
	assert.Equal(t, 0, eval[int](b, `document.querySelectorAll('`+of("id-join-paul.privileged-p-Administrators")+` input[type=checkbox]').length`), "never in bulk")
}

func TestJoinSaysWhatStandsBehindIt(t *testing.T) {
	_, b := opened(t, &paperDesk{view: sample()})
	card := of("id-join-jane.doe-p-Operators")
	for _, shown := range []string{"DepartmentOperations", "TitleShift lead", "Source groupCN=t-Operators,OU=Roles,DC=corp,DC=example", "Groups nowp-Viewers, Staff"} {
		assert.Contains(t, b.part(card, ".context"), shown)
	}
	assert.Contains(t, b.part(of("id-enable-rita.returned"), ".context"), "Disabled since2026-09-01, missing in fileLast logon (about)2026-08-28")
	b.fill("#open input[type=search]", "t-operators")
	b.sees("1 of 9 questions shown")
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
	b.says("dialog", "its end: none, it never expires")
	b.says("dialog", "Otherwise it ends on 2026-12-23")
	b.says("dialog", "its memberships of p-Viewers, p-Operators (guarded)")
	b.says("dialog", "It stays in the groups that are not mapped: Staff, Remote Desktop Users.")
	b.click("dialog", "its password, and stays enabled")
	b.click("dialog", "Take over")
	assert.Equal(t, plan.Answer{ID: id, Accept: true, TakeOver: true, Keeps: &plan.Keeps{Expiry: true, Memberships: true}}, answerTo(t, desk, id))
	b.gone(id)

	barred := eval[string](b, `document.querySelector('`+of("id-name-boris.barred")+`').textContent`)
	assert.Contains(t, barred, "it is protected: adminCount=1")
	assert.NotContains(t, barred, "Take over this account")

	b.click(of("id-adopt-alma.adopt"), "Take over")
	b.click("dialog", "Take over")
	all := &plan.Keeps{Password: true, Expiry: true, Memberships: true}
	assert.Equal(t, plan.Answer{ID: "id-adopt-alma.adopt", Accept: true, Keeps: all}, answerTo(t, desk, "id-adopt-alma.adopt"))
}

func TestByAnotherAdministratorIsApart(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	b.seesNot("Hanna Byhand")
	b.click("[role=tablist]", "By someone else")
	b.sees("An administrator of this domain disabled this account")
	b.sees("Each is decided on its own")
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
	b.click(of(id)+" .trouble", "What the directory said")
	b.sees("0000052D")
	b.click(of("id-disable-dora.disable"), "Disable")
	b.gone("id-disable-dora.disable")
	b.sees("0000052D") // someone is reading it
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

// What another session answered goes away, and the page says who did.
func TestAnsweredInAnotherSession(t *testing.T) {
	desk := &paperDesk{view: sample(), answered: map[string]string{"jane.doe": `PLANT\anna on 2026-11-22T09:00:00Z`}}
	_, b := opened(t, desk)
	b.click(of("id-enable-jane.doe"), "Enable")
	b.gone("id-enable-jane.doe")
	b.sees(`Already answered: accepted by PLANT\anna on 2026-11-22T09:00:00Z.`)
	b.seesNot("not yet handed out")
	b.click("main", "Close")
	b.click("[role=tablist]", "Done")
	b.sees("Nothing was done a second time.")
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
				assert.NotEqual(t, "none", eval[string](b, `getComputedStyle(document.activeElement).outlineStyle`), "focus cannot be seen on %s", want)
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
	press("id-join-jane.doe-p-Operators|Reject with reason…")
	b.keys(kb.Enter)
	b.keys("too much")
	b.keys(kb.Escape)
	b.until(`!document.querySelector("dialog")`)
	press("id-join-jane.doe-p-Operators|Reject")
	b.keys(" ")
	b.gone("id-join-jane.doe-p-Operators")
	assert.False(t, answerTo(t, desk, "id-join-jane.doe-p-Operators").Accept)
	b.until(`document.activeElement.closest("[data-id]")?.dataset.id === "id-enable-jane.doe"`)
	press("id-enable-jane.doe|Enable")
	b.keys(kb.Enter)
	b.gone("id-enable-jane.doe")
	b.until(`document.activeElement.closest("[data-id]")?.dataset.id === "id-adopt-alma.adopt"`)
}

func TestFieldsAreInWordsForPeople(t *testing.T) {
	view := sample()
	unmailed := asks(plan.Enable, plan.New, "Noah Nomail")
	unmailed.Person.Mail = ""
	for i, f := range unmailed.Decision {
		if f.Code == plan.FieldMail {
			unmailed.Decision[i].After = []string{""}
		}
	}
	unmailed.Context = append(unmailed.Context, plan.Field{Code: plan.FieldWhatToDo, After: []string{"have it corrected in the source"}})
	view.Questions = append(view.Questions, unmailed)
	gone := asks(plan.Disable, plan.DisabledInSource, "Xenia Expired")
	gone.ExpiredSince = "expired there on 2026-11-22"
	gone.Context = append(gone.Context, plan.Field{Code: plan.FieldInTheSource, After: []string{"expired there on 2026-11-22"}})
	view.Questions = append(view.Questions, gone)
	_, b := opened(t, &paperDesk{view: view})
	text := func(q plan.Question) string {
		b.until(`document.querySelector('` + of(q.ID) + `')`)
		return eval[string](b, `document.querySelector('`+of(q.ID)+` .facts').textContent`)
	}
	assert.Contains(t, text(view.Questions[0]), "Full nameP3KI Jane DoeAccount namejane.doeLogon namejane.doe@plant.exampleMailjane.doe@corp.exampleDisplay nameJane DoeCausenew")
	assert.Contains(t, text(view.Questions[0]), "Groupp-Viewers, p-Editors")
	assert.NotContains(t, text(unmailed), "Mail")
	assert.Contains(t, text(gone), "In the source domainexpired there on 2026-11-22")
	b.sees("The account has expired in the source domain.")
	b.seesNot("The account is disabled in the source domain.")
	assert.Contains(t, text(unmailed), "What to dohave it corrected in the source")
	for _, q := range view.Questions {
		if q.Kind == plan.Name && q.Barred == "" {
			assert.Contains(t, text(q), "Wanted namenora.nameConflictthe account name is taken")
		}
	}
	b.seesNot("group_map")
	b.seesNot("sAMAccountName")
}
