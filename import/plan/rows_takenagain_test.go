package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// keptAsMatched is someone whose account was matched earlier, and kept its names and a
// department that the file does not have.
func keptAsMatched() (*world, *schema.User, *plan.Account) {
	w := newWorld()
	u, a := w.both("Doe, Jane", "jane")
	a.CN, a.AccountName, a.UPN = "Jane Doe", "jdoe", "jdoe@"+domainName
	a.Values.Set("department", schema.Value{List: []string{"Ops"}})
	u.Attributes.Set("department", schema.Value{})
	w.remember(a, func(r *plan.Remembered) {
		r.How, r.Source = plan.HowAdopted, &plan.Source{CN: "Doe, Jane", AccountName: "jane", Empty: []string{"department"}}
	})
	return w, u, a
}

// What an account kept as it was matched stays when it is taken over again, and no one
// is asked about that.
func TestTakenOverAgain(t *testing.T) {
	movedOut := func() (*world, *schema.User, *plan.Account) {
		w, u, a := keptAsMatched()
		a.InContainer, a.Parent, a.DN = false, "OU=Staff,DC=plant,DC=example", "CN=Jane Doe,OU=Staff,DC=plant,DC=example"
		w.elsewhere, w.accounts = w.accounts, nil
		return w, u, a
	}
	t.Run("row 16 keeps names and values", func(t *testing.T) {
		for _, keeps := range []*plan.Keeps{{Password: true, Expiry: true, Memberships: true}, nil} {
			w, _, a := movedOut()
			agreeTo(t, w, keeps)
			p := w.expect(t, "adopt Jane Doe: answered")
			if keeps != nil {
				assert.Equal(t, w.memory.Accounts[a.GUID].Source, p.Actions[0].Keeps.Source)
			}
		}
	})
	t.Run("row 16 keeps no more than the file still says", func(t *testing.T) {
		w, u, _ := movedOut()
		u.CN = "Roe, Jane"
		u.Attributes.Set("department", value("HR"))
		agreeTo(t, w, &plan.Keeps{Password: true, Expiry: true, Memberships: true})
		p := w.expect(t, "adopt Roe, Jane: answered [cn Jane Doe>Roe, Jane]")
		assert.Equal(t, &plan.Source{AccountName: "jane"}, p.Actions[0].Keeps.Source)
	})
	t.Run("row 41 keeps names and values", func(t *testing.T) {
		w, u, a := keptAsMatched()
		w.user("Max", "max")
		w.known(w.account("Max", "max"), anchor("max"))
		u.ObjectGUID, a.Control = anchor("jane made anew"), 514
		a.AccountName, a.UPN = "jane", "jane@"+domainName
		u.Attributes.Set("mail", value("jane@corp.example"))
		a.Mail = "jane@corp.example"
		a.Values.Set("mail", schema.Value{List: []string{"jane@corp.example"}})
		agreeTo(t, w, nil)
		p := w.plan()
		assert.Contains(t, readable(p), "adopt Jane Doe: answered [anchor]")
		assert.Equal(t, &plan.Source{CN: "Doe, Jane", AccountName: "jane", Empty: []string{"department"}}, p.Actions[0].Keeps.Source)
	})
}

// What an account keeps of its own is not held back from it.
func TestKeptAndProtected(t *testing.T) {
	t.Run("row 01b holds back no name or value that is kept", func(t *testing.T) {
		w, u, a := keptAsMatched()
		protect(a)
		assert.Empty(t, w.plan().Held)
		u.CN, u.SAMAccountName = "Roe, Jane", "jroe"
		u.Attributes.Set("department", value("HR"))
		held := w.plan().Held
		assert.Len(t, held, 1)
		assert.Contains(t, held[0].Detail, "held back: the account name jroe, the common name Roe, Jane, department.")
	})
}
