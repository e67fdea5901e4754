package approval

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

func TestLabReject(t *testing.T) {
	s := everyKind(t)
	before := s.Find(s.in, "(objectClass=user)", "userAccountControl")
	served, b := s.open(s.desk(s.run()))
	created := s.Find(s.in, "(objectClass=user)", "userAccountControl")
	require.Len(t, created, len(before)+4)

	reject := func(kind plan.Kind, who, reason string) {
		t.Helper()
		card := b.question(kind, who)
		b.click(card, "Reject with reason")
		b.until(`document.activeElement?.tagName === "TEXTAREA"`)
		b.keys(reason)
		b.click("dialog", "Reject")
		b.settles(card)
		assert.Contains(t, s.resolutions(), reason, "on disk before the page says so")
	}
	reject(plan.Enable, "Anna New", "no desk yet")
	reject(plan.Join, "Paul Privileged", "certainly not")
	reject(plan.Name, "Nora Name", "other person")
	reject(plan.Adopt, "Alma Adopt", "other Alma")
	b.click("[role=tablist]", "By someone else")
	reject(plan.Enable, "Hanna Byhand", "locked on purpose")

	b.click("[role=tablist]", "Open")
	var several []string
	for who, kind := range map[string]plan.Kind{"Rita Returned": plan.Enable, "Greta Guard": plan.Join, "Dora Disable": plan.Disable,
		"Dirk Disable": plan.Disable, "Lea Leave": plan.Leave, "Lars Leave": plan.Leave} {
		card := b.question(kind, who)
		b.click(card+" .top", b.selectLabel(kind, who))
		several = append(several, card)
	}
	b.click(".bulk", "Reject")
	until := time.Now().AddDate(0, 0, 30)
	eval[bool](b, `(document.querySelector("dialog input[type=date]").value = "`+until.Format(time.DateOnly)+`", true)`)
	b.click("dialog", "Reject")
	for _, card := range several {
		b.settles(card)
	}
	assert.Equal(t, created, s.Find(s.in, "(objectClass=user)", "userAccountControl"), "nothing was done in the directory")
	assert.True(t, s.member("Lars Leave", "p-Viewers"))

	b.click("[role=tablist]", "Rejected")
	for _, text := range []string{"no desk yet", "certainly not", "other Alma", "locked on purpose", `jdoe as PLANT\svc-approver`,
		until.Format(time.DateOnly) + " 23:59", time.Now().Format(time.DateOnly), "no reason given", "no end date"} {
		b.sees(text)
	}
	again := `[...document.querySelectorAll("#rejected article")].find((a) => a.textContent.includes("no desk yet"))`
	eval[bool](b, `(`+again+`.id = "again", true)`)
	b.click("#again", "Ask again")
	b.until("!" + again)
	assert.NotContains(t, s.resolutions(), "no desk yet")
	b.click("[role=tablist]", "Open")
	b.question(plan.Enable, "Anna New")
	b.click("header", "End session")
	b.click("dialog", "End session")
	sum, err := served.wait()
	require.NoError(t, err)
	assert.Equal(t, 11, sum.Rejected)

	// The next import asks about nothing that was rejected.
	view, err := s.desk(s.run()).Look(t.Context())
	require.NoError(t, err)
	assert.Len(t, view.Refusals, 10)
	var asked []string // another account has Alma's name, so she needs one
	for _, q := range view.Questions {
		asked = append(asked, string(q.Kind)+" "+q.Person.DisplayName)
	}
	assert.ElementsMatch(t, []string{"enable Anna New", "enable Tom Typed", "enable Greta Guard", "enable Paul Privileged", "enable Egon Expired", "name Nils Newname", "name Alma Adopt"}, asked)
}

func TestLabRejectionThatCanNotBeKept(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna New")
	_, b := s.open(s.desk(s.run()))
	require.NoError(t, os.MkdirAll(filepath.Join(s.folder, "resolutions.json", "in the way"), 0o700))
	anna := b.question(plan.Enable, "Anna New")
	b.click(anna, "Reject")
	b.sees("Read the resolutions file")
	b.says(anna+" .trouble", "it is a folder, not a file")
	b.click("[role=tablist]", "Rejected")
	b.sees("Nothing is rejected.")
}
