package approval

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

func TestWhatTheRunCouldNotDoIsShownByName(t *testing.T) {
	desk := &paperDesk{view: sample()}
	desk.view.Report.Failed = []schema.Outcome{{User: "P3KI Lea Leave", Reason: "leave group p-Viewers: access denied"},
		{User: "P3KI Eve\u202e", Reason: "value not accepted"}}
	desk.view.Report.Skipped = []schema.Outcome{{User: "P3KI Otto Old", Reason: "disabled in source"}}
	_, b := opened(t, desk)
	b.sees("P3KI Lea Leave: leave group p-Viewers: access denied")
	b.sees("U+202E")
	b.seesNot("P3KI Otto Old")
	for !eval[bool](b, `document.activeElement.textContent === "1 left alone: who, and why"`) {
		b.keys(kb.Tab)
	}
	b.keys(kb.Enter)
	b.sees("P3KI Otto Old: disabled in source")
	b.keys(kb.Enter)
	b.seesNot("P3KI Otto Old")
}

func TestOfManyFailuresTheFirstAreShown(t *testing.T) {
	desk := &paperDesk{view: sample()}
	for i := range 1234 {
		desk.view.Report.Failed = append(desk.view.Report.Failed, schema.Outcome{User: fmt.Sprintf("P3KI Person %04d", 1233-i), Reason: "leave group p-Viewers: access denied"})
	}
	_, b := opened(t, desk)
	b.sees("1,234 failed: who, and why")
	b.seesNot("P3KI Person 0000")
	b.click(".run details", "1,234 failed: who, and why")
	b.sees("P3KI Person 0000")
	b.sees("P3KI Person 0049")
	b.seesNot("P3KI Person 0050")
	b.sees("… and 1,184 more, which the report has.")
	b.click(of("id-disable-dora.disable"), "Reject")
	b.gone("id-disable-dora.disable")
	assert.True(t, eval[bool](b, `document.querySelector(".run details").open`), "it stays as the person left it")
	assert.Equal(t, 50, eval[int](b, `document.querySelectorAll(".run li").length`))
}

func TestWhereNothingFailedNothingIsSaidOfIt(t *testing.T) {
	_, b := opened(t, &paperDesk{view: sample()})
	b.seesNot("who, and why")
	b.sees("Done in this run so far: 3 created")
}

// The unattended account may not take anybody out of a guarded group; whoever
// decides sees whom that is about.
func TestLabALeaveThatFailedIsShownByName(t *testing.T) {
	s := newLabScene(t)
	s.employ("Paul Privileged", "Maria Stays")
	s.settled()
	s.Join("CN=p-Administrators,OU=Groups,"+s.domain.Base, s.dn("Paul Privileged"))
	s.employ("Anna New")
	im := s.start()
	result, err := im.Run(t.Context())
	require.NoError(t, err)
	require.Len(t, result.Report.Failed, 1)
	_, b := s.open(s.desk(im))
	b.says(".run details li", "Paul Privileged: leave group p-Administrators: ")
	b.says(".run details li", "out of the group CN=p-Administrators,OU=Groups,"+s.domain.Base+" by hand")
}

// No one ended an account early that kept its own end, and its password works.
func TestEndThatWasKeptIsTold(t *testing.T) {
	view := sample()
	kept := asks(plan.Enable, plan.KeptEnd, "Kim Kept")
	kept.Single, kept.MayKeep = true, true
	view.Questions = []plan.Question{kept}
	desk := &paperDesk{view: view}
	_, b := opened(t, desk)
	id := "id-enable-kim.kept"
	b.says(of(id), "This account kept its own end when it was taken over, and that has come.")
	b.seesNot("An administrator of this domain gave this account an earlier end date")
	b.click(of(id), "Enable")
	assert.True(t, answerTo(t, desk, id).Keep, "the present password is proposed")
}

// Who is in a group that became guarded is asked about in words of its own.
func TestMembershipOfAGroupThatBecameGuarded(t *testing.T) {
	desk := &paperDesk{view: sample()}
	staying := inGroup(asks(plan.Join, plan.BecameGuarded, "Stella Stays"), plan.Group{CN: "p-Engineers", DN: "CN=p-Engineers,OU=Groups,DC=plant,DC=example",
		SID: "S-1-5-21-1-2-3-1204", Under: "nested in p-Operators, which restricted_groups lists", Within: []string{"p-Operators"}})
	desk.view.Questions = []plan.Question{staying}
	_, b := opened(t, desk)
	b.sees("Keep Stella Stays (stella.stays) in the group p-Engineers")
	b.sees("nested in p-Operators, which restricted_groups lists")
	b.sees("Accepting records that you agree; after a rejection the next import removes them.")
	b.click("#open", "Keep in group")
	b.sees("Done 1")
}
