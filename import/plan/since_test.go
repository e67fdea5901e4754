package plan_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

func TestSinceWhenSomethingIsNeeded(t *testing.T) {
	w := newWorld()
	w.users = nil
	disabledAt := now.Add(-48 * time.Hour)
	back, account := w.both("Jane Doe", "jdoe")
	account.Control = adrules.NormalAccount | adrules.AccountDisable
	w.remember(account, func(r *plan.Remembered) { r.DisabledFor, r.DisabledAt = plan.MissingInFile, disabledAt })
	back.MemberOf = []string{"t-Admin"}
	waiting, account := w.both("Wanda Waits", "wwaits")
	account.Control, account.PasswordLastSet = adrules.NormalAccount|adrules.AccountDisable, 0
	w.remember(account, func(r *plan.Remembered) { r.How = plan.HowCreated })
	w.user("Nora New", "nnew")

	since := map[string]time.Time{}
	questions := w.plan().Questions
	for _, q := range questions {
		since[string(q.Kind)+" "+q.Person.AccountName] = q.Since
	}
	assert.Equal(t, map[string]time.Time{"enable jdoe": disabledAt, "join jdoe": fileTime,
		"enable " + waiting.SAMAccountName: longAgo, "enable nnew": fileTime}, since)

	w.file.Timestamp = fileTime.Add(time.Minute)
	later := w.plan().Questions
	require.Len(t, later, len(questions))
	for i := range later {
		assert.Equal(t, questions[i].ID, later[i].ID, "time is not digested")
	}
}
