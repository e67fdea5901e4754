package approval

import (
	"errors"
	"testing"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
	"github.com/chromedp/chromedp/kb"
)

// walks lead through the screens.
var walks = map[string]func(*testing.T, *pictures){
	"questions": func(t *testing.T, p *pictures) {
		desk := &paperDesk{view: sample(), fails: map[string]string{"rita.returned": "The domain refuses this password: it was used before."}}
		desk.view.Report.Failed = append(desk.view.Report.Failed, schema.Outcome{User: "P3KI Fritz Failed", Reason: "leave group p-Viewers: access denied"})
		_, b := p.open(t, desk)
		p.take(b, "cards", "Approvals for plant.example", "9 questions about 8 people", "P3KI Fritz Failed")
		b.viewport(390, 844, false)
		p.take(b, "narrow", "Approvals for plant.example")
		b.viewport(1280, 900, false)
		b.top(of("id-name-nora.name"))
		p.take(b, "name", "Nora Name", "Take over this account")
		b.click(of("id-name-nora.name"), "Take over this account")
		p.take(b, "takeover", "its memberships of p-Viewers, p-Operators (guarded)")
		b.click("dialog", "Cancel")
		b.click(of("id-disable-dora.disable"), "Reject with reason")
		b.keys("On leave until spring")
		p.take(b, "reject", "Reject")
		b.click("dialog", "Reject")
		b.gone("id-disable-dora.disable")
		b.click("[role=tablist]", "Rejected")
		p.take(b, "rejected", "On leave until spring", "Ask again")
		b.click("[role=tablist]", "By someone else")
		p.take(b, "elsewhere", "An administrator of this domain disabled this account", "Each is decided on its own")
		b.click("[role=tablist]", "Open")
		b.click(of("id-enable-rita.returned"), "Enable")
		b.until(`document.querySelector('` + of("id-enable-rita.returned") + ` .trouble')?.checkVisibility()`)
		b.click(of("id-enable-rita.returned"), "Type one")
		b.top(of("id-enable-rita.returned"))
		p.take(b, "refused", "it was used before. Choose another password.")
	},
	"table": func(t *testing.T, p *pictures) {
		_, b := p.open(t, &paperDesk{view: sample()})
		b.click("#open .tools", "Table")
		b.until(tableRows + ".length === 9")
		p.take(b, "table", "Paul Privileged", "privileged")
		b.click("#open tr[data-id='id-disable-dora.disable']", "Dora Disable")
		b.until(`document.querySelector("#open .detail article")`)
		p.take(b, "table-open", "Reject with reason")
	},
	"match": func(t *testing.T, p *pictures) {
		desk := &paperDesk{view: matched()}
		_, b := p.open(t, desk)
		p.take(b, "match", "employeeID is 4711")
		b.click("#open .tools", "Select all shown (2)")
		b.click(".bulk", "Accept")
		p.take(b, "match-dialog", "Take over: 2 accounts, with names, password, state, end and groups as they are")
	},
	"the table": func(t *testing.T, p *pictures) {
		_, b := p.open(t, &paperDesk{view: ofATable()})
		b.click(".tabled", "2 rows of the table decided alone, or not at all: who, and why")
		p.take(b, "adopt", "4 rows to be taken over: 2 as proposed", "Line 9, P3KI Olga Other")
		b.click(".tabled", "Take over 2 accounts of the table")
		p.take(b, "adopt-dialog", "Take over: 2 accounts")
	},
	"the same person?": func(t *testing.T, p *pictures) {
		_, b := p.open(t, &paperDesk{view: madeAnew()})
		p.take(b, "anew", "employeeID is 4711")
		b.click("#open article:last-of-type", "Take over")
		p.take(b, "anew-dialog", "with a new password")
	},
	"another source domain": func(t *testing.T, p *pictures) {
		view := migrated()
		view.Notices = []string{"the source domain changes from old.example to corp.example: accounts that are asked about, 3; nothing else is done or asked before someone agrees to one of these questions. " +
			"With that the new domain holds, and files of old.example are refused. Enabled accounts of which the user file says nothing, and which are asked about then: 1"}
		_, b := p.open(t, &paperDesk{view: view})
		p.take(b, "migrated", "The source domain changes from old.example", "sIDHistory holds the SID")
		b.click("#open .tools", "Select all shown (2)")
		b.click(".bulk", "Accept")
		p.take(b, "migrated-dialog", "only the anchor is written")
	},
	"a lost ledger": func(t *testing.T, p *pictures) {
		_, b := p.open(t, &paperDesk{view: regained()})
		p.take(b, "regained", "Lena Left")
	},
	"observed before": func(t *testing.T, p *pictures) {
		view := sample()
		view.Notices = []string{"observe is over since a person started this import on 2026-11-21 08:00 UTC; take it out of the configuration"}
		_, b := p.open(t, &paperDesk{view: view})
		p.take(b, "observed", "Observe is over since a person started this import")
	},
	"many at once": func(t *testing.T, p *pictures) {
		desk := &paperDesk{view: many(25), hold: make(chan struct{})}
		_, b := p.open(t, desk)
		b.click("#open .tools", "Select all shown (25)")
		p.take(b, "bulk", "25 selected")
		b.click(".bulk", "Accept")
		p.take(b, "bulk-dialog", "Enable 25 accounts", "Type 25 to confirm")
		b.keys("25" + kb.Enter)
		for range 10 {
			desk.hold <- struct{}{}
		}
		p.take(b, "progress", "Carrying out 10 of 25")
		close(desk.hold)
		p.take(b, "nothing-waits", "Nothing is waiting for a decision", "25 new passwords not yet handed out")
	},
	"handing out": func(t *testing.T, p *pictures) {
		desk := &paperDesk{view: sample()}
		desk.view.MustChange = true
		s, b := p.open(t, desk)
		b.click(of("id-enable-jane.doe"), "Enable")
		b.gone("id-enable-jane.doe")
		b.click(of("id-enable-rita.returned"), "New one")
		b.click(of("id-enable-rita.returned"), "Enable")
		b.gone("id-enable-rita.returned")
		eval[bool](b, `(scrollTo(0, 0), true)`)
		p.take(b, "not-handed-out", "2 new passwords not yet handed out")
		b.click("header", "End session")
		p.take(b, "end-dialog", "They are lost when the session ends")
		b.click("dialog", "Cancel")
		b.click(".handout", "Download encrypted archive")
		p.take(b, "handout", "2 new passwords set in this session, all handed out", "It is noted")
		b.click("[role=tablist]", "Done")
		b.click("#done", "Show")
		b.until(`document.querySelector("#done .passphrase")`)
		p.take(b, "done", "enabled", "Hide")
		s.leaveIdle(brisk.idle)
		p.take(b, "locked", "This page was not used for 15 minutes")
		again := p.look(t, s.enter())
		p.take(again, "unlocked", "It is noted")
		again.printed(t)
		again.sees("Were the letters printed?")
		p.take(again, "letters-dialog", "Were the letters printed?")
		again.onPaper(794, 1123) // A4
		p.write(again, "letter", "")
	},
	"limit": func(t *testing.T, p *pictures) {
		desk := &paperDesk{view: sample(), hold: make(chan struct{})}
		desk.view.Trips = []plan.Trip{{Name: "disable", Reason: "2 accounts would be disabled; that is 66 percent of 3. Allowed are up to 1 or 10 percent, whichever is more, and never more than 50",
			Accounts: []plan.Person{*asks(plan.Disable, "", "Anna A").Person, *asks(plan.Disable, "", "Berta B").Person}}}
		desk.view.Planned = stoppedPlan()
		_, b := p.open(t, desk)
		b.click(".planned", "Disable (2)")
		b.click(".planned", "Update (1)")
		eval[bool](b, `(scrollTo(0, 0), true)`)
		p.take(b, "limit", "The run was stopped before the first write", "department: Sales → Assembly")
		b.fill(".limits form input", "2")
		b.click(".limits", "Override for this plan")
		for range 7 {
			desk.hold <- struct{}{}
		}
		b.seesNot("Nothing was changed in the directory")
		p.take(b, "limit-progress", "Carrying out 7 of 154", "The limit was overridden")
		close(desk.hold)
		b.sees("Jane Doe")
		eval[bool](b, `(scrollTo(0, 0), true)`)
		p.take(b, "limit-released", "2 disabled", "Jane Doe")
	},
	"more time": func(t *testing.T, p *pictures) {
		_, b := p.open(t, &paperDesk{view: silence(25)})
		p.take(b, "silence", "The last is of 2026-11-22. 25 accounts in use end from 2026-12-18 to 2026-12-20.")
		b.click(".prolong", "Give more time…")
		b.click("dialog", "All 25 accounts")
		b.click("dialog", "2 accounts left out: who, and why")
		b.fill("dialog textarea", "the courier is ill")
		b.fill("dialog input[inputmode=numeric]", "25")
		p.take(b, "prolong", "New ends: 2026-12-23 to 2027-01-03", "P3KI Mia Missing: missing in file", "Give 14 days to 25 accounts")
		b.click("dialog", "Give 14 days to 25 accounts")
		p.take(b, "prolonged", "25 given more time")
	},
	"accounts": func(t *testing.T, p *pictures) {
		_, b := p.open(t, helpful())
		b.look("o")
		p.take(b, "accounts", "Locked out since", "The account is disabled.")
		b.click("#people [data-account='lotte.locked']", "New password…")
		b.top("#people [data-account='lotte.locked']")
		p.take(b, "new-password", "Member of a guarded group", "p-Operators")
		b.click("#people [data-account='lotte.locked']", "Unlock…")
		b.top(of("id-unlock-lotte.locked"))
		p.take(b, "unlock", "Locked since")
	},
	"session": func(t *testing.T, p *pictures) {
		desk := &paperDesk{view: sample()}
		s, b := p.open(t, desk, func(o *Options) {
			o.Others = func() []string { return []string{"anna, process 77 on HOST, since 2026-11-22 08:00 UTC"} }
		})
		p.take(b, "others", "Another session is open: anna, process 77 on HOST, since 2026-11-22 08:00 UTC.")
		second := p.look(t, s.enter())
		p.take(b, "another-tab", "Continued in another tab")
		second.click(of("id-disable-dora.disable"), "Disable")
		second.gone("id-disable-dora.disable")
		p.take(p.look(t, "http://"+s.host+"/"), "signed-out", "Not signed in")
		second.click("header", "End session")
		second.click("dialog", "End session")
		p.take(second, "ended", "The session has ended", "1 done")
	},
	"trouble": func(t *testing.T, p *pictures) {
		desk := &paperDesk{view: sample(), vanish: map[string]bool{"dora.disable": true}}
		_, b := p.open(t, desk)
		b.click(of("id-disable-dora.disable"), "Disable")
		b.sees("This changed meanwhile")
		b.top(of("id-disable-dora.disable-new"))
		p.take(b, "changed", "This changed meanwhile")
		eval[bool](b, `(window.fetch = async () => { throw new TypeError("gone"); }, true)`)
		eval[int](b, `(() => { const now = Date.now; let gone = 0; Date.now = () => now() + 60000 * ++gone; return 1; })()`)
		p.take(b, "no-connection", "No connection", "Try again")

		desk = &paperDesk{view: sample(), lookErr: errors.New("dc1.plant.example could not be reached: connection refused")}
		_, b = p.open(t, desk)
		p.take(b, "unread", "Nothing could be read", "Try again")
	},
}
