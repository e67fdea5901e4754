package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// Who decides is known by the name of the account as it is, too, while the file gives
// it another one.
func TestLookTellsWhatAccountsAreCalledNow(t *testing.T) {
	s := newScene(t)
	max := s.person("Max Muster")
	s.staffed(s.person("Jane Doe"), max)
	next := s.person("Jane Doe", in("CN=t-Admins"))
	next.SAMAccountName = "jsmith"
	s.mem.Fail(func(op memOperation) error { // the rename stays due
		for _, c := range op.Changes {
			if c.Attribute == "sAMAccountName" {
				return errDenied
			}
		}
		return nil
	})
	d := s.desk(s.file(next, max))
	q := s.question(d, plan.Join, "Jane Doe")
	view := s.look(d)
	assert.Equal(t, "jsmith", q.Person.AccountName)
	assert.Equal(t, "jane", view.Current[q.Person.GUID].AccountName)
	assert.NotEmpty(t, view.Current[q.Person.GUID].UPN)
}
