package approval

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// silence is a session on the day the courier is dead: n accounts end within days, the
// first was given time before, the second ended five days ago, and the third has an end in
// the source.
func silence(n int) plan.View {
	view := plan.View{Domain: "plant.example", Controller: "dc1.plant.example", Container: "OU=Managed,DC=plant,DC=example", Identity: `PLANT\approver`}
	stamp := time.Date(2026, 11, 22, 8, 15, 30, 0, time.UTC)
	view.File.File, view.File.Timestamp, view.File.Users = "users.json", &stamp, n
	view.Offer.Digest = fmt.Sprint("offer of ", n)
	for i := range n {
		person := asks(plan.Prolong, "", fmt.Sprintf("Person %03d", i)).Person
		end := time.Date(2026, 12, 18+i%3, 10, 20, 30, 0, time.UTC)
		o := plan.Offered{ID: fmt.Sprint("offered-", i), Person: *person, Ends: end, Most: end.AddDate(0, 0, 14), Least: 1}
		switch i {
		case 0:
			o.Times = 1
		case 1:
			o.Least = 6
		case 2:
			o.Most = end.AddDate(0, 0, 3)
		}
		view.Offer.People = append(view.Offer.People, o)
	}
	view.Offer.Left = []plan.Note{{Person: *asks(plan.Prolong, "", "Mia Missing").Person, Reason: plan.MissingInFile},
		{Person: *asks(plan.Prolong, "", "Emil Earlier").Person, Reason: plan.ExpiredElsewhere}}
	return view
}

const giveButton = `document.querySelector("dialog button[type=submit]")`

func TestMoreTimeForAll(t *testing.T) {
	desk := &paperDesk{view: silence(25)}
	_, b := opened(t, desk)
	b.sees("The last is of 2026-11-22. 25 accounts in use end from 2026-12-18 to 2026-12-20.")
	b.click(".prolong", "Give more time…")
	b.sees("Only the 24 that were given none since this file")
	b.click("dialog", "All 25 accounts")
	b.sees("New ends: 2026-12-23 to 2027-01-03. For 1 account it is the person's own end in the source domain.")
	b.click("dialog", "2 accounts left out: who, and why")
	b.sees("P3KI Mia Missing: missing in file")
	assert.True(t, eval[bool](b, giveButton+".disabled"), "without a reason")
	b.fill("dialog textarea", "the courier is ill")
	assert.True(t, eval[bool](b, giveButton+".disabled"), "without the number")
	b.fill("dialog input[type=number]", "5")
	b.sees("1 account ended too long ago for so few days.")
	b.sees("Give 5 days to 24 accounts")
	b.fill("dialog input[inputmode=numeric]", "25")
	assert.True(t, eval[bool](b, giveButton+".disabled"), "another number")
	b.fill("dialog input[type=number]", "14")
	b.click("dialog", "Give 14 days to 25 accounts")
	b.sees("25 given more time")
	b.seesNot("No newer user file has come")
	require.Len(t, desk.granted, 1)
	g := desk.granted[0]
	assert.Len(t, g.IDs, 25)
	assert.Equal(t, 14, g.Days)
	assert.Equal(t, "the courier is ill", g.Reason)
}

func TestMoreTimeForOnePersonByKeyboard(t *testing.T) {
	desk := &paperDesk{view: silence(25)}
	_, b := opened(t, desk)
	b.click(".prolong", "Give more time…")
	b.click("dialog", "One person")
	b.fill("dialog input[type=search]", "person.017")
	b.sees("Give 14 days to 1 account")
	b.fill("dialog textarea", "holiday")
	eval[bool](b, giveButton+".focus() || true")
	b.keys(kb.Enter)
	b.sees("1 given more time")
	require.Len(t, desk.granted, 1)
	assert.Equal(t, map[string]bool{"offered-17": true}, desk.granted[0].IDs)
}

// A list that is cut off, or empty, says so: to a screen reader, too.
func TestMoreTimeSaysWhoIsListed(t *testing.T) {
	_, b := opened(t, &paperDesk{view: silence(60)})
	b.click(".prolong", "Give more time…")
	b.click("dialog", "One person")
	said := func(text string) {
		t.Helper()
		b.until(`document.querySelector("dialog [role=status]").textContent === ` + quote(text))
	}
	said("Choose a person. The first 50 of 60 are listed: type more of the name.")
	b.fill("dialog input[type=search]", "person.01")
	said("Choose a person.")
	b.fill("dialog input[type=search]", "nobody.of.this.name")
	said("Nothing matches.")
	b.fill("dialog input[type=search]", "person.017")
	b.fill("dialog input[type=number]", "15")
	said("Give 1 to 14 days.")
}

func TestMoreTimeThatIsRefusedSaysWhy(t *testing.T) {
	desk := &paperDesk{view: silence(3), fails: map[string]string{"prolong": "no time was given: of 3 accounts, 1 are not as they were shown any more; look at them again"}}
	_, b := opened(t, desk)
	b.click(".prolong", "Give more time…")
	b.fill("dialog textarea", "the courier is ill")
	b.fill("dialog input[inputmode=numeric]", "2")
	b.click("dialog", "Give 14 days to 2 accounts")
	b.sees("1 are not as they were shown any more")
}

// What a page sends counts for what was shown last, and once.
func TestMoreTimeIsBoundToWhatWasShown(t *testing.T) {
	view := silence(3)
	right := prolonging{Offer: view.Offer.Digest, Days: 14, Reason: "r", Typed: 3}
	for name, change := range map[string]func(*prolonging){
		"another offer":      func(in *prolonging) { in.Offer = "older" },
		"another number":     func(in *prolonging) { in.Typed = 2 },
		"no day":             func(in *prolonging) { in.Days = 0 },
		"too many days":      func(in *prolonging) { in.Days = 15 },
		"no reason":          func(in *prolonging) { in.Reason = " \n" },
		"no one":             func(in *prolonging) { in.One, in.Typed = "nobody", 0 },
		"who is not reached": func(in *prolonging) { in.Days = 5 },
		"one of many":        func(in *prolonging) { in.One = "offered-1" },
	} {
		in := right
		change(&in)
		_, why := in.grant(checker{view: &view})
		assert.NotEmpty(t, why, name)
	}
	g, why := right.grant(checker{view: &view})
	assert.Empty(t, why)
	assert.Len(t, g.IDs, 3)
	_, why = right.grant(checker{})
	assert.NotEmpty(t, why)

	desk := &paperDesk{view: view}
	agenda := newAgenda(Options{}, &vault{})
	agenda.read(view)
	agenda.noteProlonged("", counts{}, counts{}, errors.New("the disk is full"))
	_, why = right.grant(agenda.checker())
	assert.Empty(t, why, "nothing was done, so that it can be tried again at once")
	agenda.noteProlonged("", counts{}, counts{}, nil)
	_, why = right.grant(agenda.checker())
	assert.NotEmpty(t, why, "a second time")
	assert.Empty(t, desk.granted)
}

// At a file that is too old nobody is looked for: nothing could be done for them.
func TestAFileThatIsTooOldHasNoTabOfAccounts(t *testing.T) {
	desk := &paperDesk{view: silence(3)}
	desk.view.Old = true
	_, b := opened(t, desk)
	b.click(".prolong", "Give more time…")
	b.click("dialog", "Cancel")
	seen := `[...document.querySelectorAll("[role=tab]")].filter((t) => t.checkVisibility()).map((t) => t.id).join(" ")`
	assert.Equal(t, "tab-open tab-elsewhere tab-rejected tab-done", eval[string](b, seen))
	eval[bool](b, `document.getElementById("tab-elsewhere").click() || document.getElementById("tab-elsewhere").focus() || true`)
	b.keys(kb.ArrowRight)
	at := `document.activeElement.id`
	assert.Equal(t, "tab-rejected", eval[string](b, at))
	b.keys(kb.End)
	assert.Equal(t, "tab-done", eval[string](b, at))
	b.keys(kb.ArrowRight)
	assert.Equal(t, "tab-open", eval[string](b, at))
	b.keys(kb.ArrowLeft)
	assert.Equal(t, "tab-done", eval[string](b, at))
}

// Where no one is left out, nothing is said of it.
func TestMoreTimeLeavesNoOneOut(t *testing.T) {
	view := silence(3)
	view.Offer.Left = nil
	_, b := opened(t, &paperDesk{view: view})
	b.sees("Give more time…")
	assert.NotContains(t, eval[string](b, `document.querySelector(".prolong").innerText`), "null")
}
