package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
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

// What a session leaves open names accounts as they are called, also where the name
// that the file gives could not be written.
func TestSessionReportNamesAccountsAsTheyAre(t *testing.T) {
	s := newScene(t)
	s.with(`"restricted_groups": ["p-Admins"], "limits": {"create": {"max": 1}}`)
	jane := s.person("Jane Doe")
	s.staffed(jane)
	jane.SAMAccountName, jane.MemberOf = "jsmith", []string{"CN=t-Admins"}
	s.mem.Fail(func(op memOperation) error {
		for _, c := range op.Changes {
			if c.Attribute == "sAMAccountName" {
				return errDenied
			}
		}
		return nil
	})
	in := s.file(jane, s.person("Max Muster"), s.person("Anna A"))
	d := s.desk(in)
	name := func() string {
		for _, q := range d.Report().RequiredInteractions {
			if q.Anchor == jane.ObjectGUID && q.Type == string(plan.Join) {
				return q.AccountName
			}
		}
		return "not asked"
	}
	view := s.look(d)
	assert.Equal(t, "jane", name(), "looked at")
	require.NoError(t, d.Release(t.Context(), view.Plan, plan.Stopping(view.Trips), nil))
	assert.Equal(t, "jane", name(), "limits overridden")
	s.decide(d, plan.Answer{ID: s.question(d, plan.Enable, "Max Muster").ID, Reason: "later"})
	assert.Equal(t, "jane", name(), "decided")
}

// Of two who swapped names, the failure of one is not taken for that of the other.
func TestBeyondReachGoesByTheAnchor(t *testing.T) {
	one := schema.Outcome{User: "Anna A", Subject: schema.Subject{Anchor: "a"}}
	other := schema.Outcome{User: "Anna A", Subject: schema.Subject{Anchor: "b"}}
	renamed := schema.Outcome{User: "Bert B", Subject: schema.Subject{Anchor: "a"}}
	assert.Len(t, (&Desk{beyond: []schema.Outcome{other}}).withBeyond([]schema.Outcome{one}), 2)
	assert.Len(t, (&Desk{beyond: []schema.Outcome{renamed}}).withBeyond([]schema.Outcome{one}), 1)
}
