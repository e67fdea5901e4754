package approval

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

func TestLabLimitIsShownFirstAndReleased(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna Old")
	s.run()
	for i := range 12 {
		s.employ(fmt.Sprintf("N%02d New", i))
	}
	im := s.start()
	result, err := im.Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, result.Report.Guard)
	_, b := s.open(s.desk(im))
	b.sees("The run was stopped before the first write")
	b.seesNot("Anna Old")
	b.click(".limits", "12 accounts")
	b.sees(s.account("N07"))
	assert.True(t, eval[bool](b, `document.querySelector(".limits form button[type=submit]").disabled`))
	b.fill(".limits form input", "11")
	assert.True(t, eval[bool](b, `document.querySelector(".limits form button[type=submit]").disabled`))
	assert.Nil(t, s.Read(s.dn("N07 New"), "cn"))
	b.fill(".limits form input", "12")
	b.click(".limits", "Override for this plan")
	b.sees("13 questions about 13 people")
	b.question(plan.Enable, "N07 New")
	b.seesNot("The run was stopped")
	assert.NotNil(t, s.Read(s.dn("N07 New"), "cn"))
	b.sees("12 created")
}

func TestLabTwoHundredAtOnce(t *testing.T) {
	const people = 200
	s := newLabScene(t)
	for i := range people {
		s.employ(fmt.Sprintf("P%03d Person", i))
	}
	desk := s.desk(s.run())
	_, b := s.open(desk)
	b.sees("200 questions about 200 people")
	b.click("#open .tools", "Select all shown (200)")
	b.click(".bulk", "Accept")
	b.says("dialog", "Enable 200 accounts")
	b.keys("200")
	searches := s.approver.Operations()
	began := time.Now()
	b.click("dialog", "Accept")
	b.until(`/Carrying out [1-9]\d* of 200/.test(document.querySelector(".working").textContent)`)
	b.untilWithin(time.Minute, seen+`.includes("200 new passwords not yet handed out")`)
	b.sees("Nothing is waiting for a decision")
	done := s.approver.Operations()
	t.Logf("200 accounts enabled in %s with %d searches and %d writes", time.Since(began).Round(100*time.Millisecond), done.Searches-searches.Searches, done.Modifies-searches.Modifies)
	assert.Less(t, done.Searches-searches.Searches, 40, "one reading for the batch, one for the page after it")
	assert.Equal(t, people, done.Modifies-searches.Modifies)
	for dn, control := range s.Find(s.in, "(objectClass=user)", "userAccountControl") {
		require.Equal(t, "512", control, dn)
	}
	list, _ := b.download(t)
	for _, first := range []string{"P000", "P117", "P199"} {
		require.NoError(t, s.domain.LogOn(s.account(first), passwordOf(t, list, s.account(first))))
	}
}
