package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// A rejected account is not the end of the search.
func TestRowsNextKey(t *testing.T) {
	likely := "adopt? Doe, Jane: perhaps the same person"
	refused := "refused adopt Doe, Jane"
	byMail := func() (*world, *schema.User, *plan.Account, *plan.Account) {
		w, u, byNumber := matching()
		u.Attributes.Set("mail", value(janesMail))
		other := w.outside("Jane D", "jd")
		other.Mail = janesMail
		return w, u, byNumber, other
	}
	reject := func(w *world, u *schema.User, a *plan.Account) {
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account = a.GUID.String() })
	}
	t.Run("row 43 rejected, and the next key finds another", func(t *testing.T) {
		w, u, byNumber, other := byMail()
		w.expect(t, likely, same)
		reject(w, u, byNumber)
		p := w.expect(t, likely, refused, same)
		assert.Equal(t, other.GUID, p.Questions[0].Holder.GUID)
		assert.Empty(t, p.Actions, "nothing is made until that is answered, too")
		w.agree(t, nil)
		assert.Equal(t, other.GUID, w.plan().Actions[0].Person.GUID)
		w.answers = nil
		reject(w, u, other)
		p = w.plan()
		assert.Equal(t, plan.Create, p.Actions[0].Kind)
		assert.Len(t, p.Refusals, 2)
	})
	t.Run("row 43 rejected, and the next key finds the same", func(t *testing.T) {
		w, u, byNumber, other := byMail()
		w.elsewhere = w.elsewhere[:1]
		byNumber.Mail, other.Mail = janesMail, ""
		reject(w, u, byNumber)
		p := w.plan()
		assert.Equal(t, plan.Create, p.Actions[0].Kind)
		assert.Len(t, p.Refusals, 1)
	})
	t.Run("row 43 an answer of the older tool is about the name", func(t *testing.T) {
		w, u, _, _ := byMail()
		w.keep(plan.Adopt, u, nil)
		assert.Equal(t, plan.Create, w.plan().Actions[0].Kind)
	})
	t.Run("row 44 several rejected, and the next key finds another", func(t *testing.T) {
		w, u, _, other := byMail()
		w.outside("Twin", "twin").Values.Set("employeeid", schema.Value{List: []string{"4711"}})
		q := w.expect(t, "adopt? Doe, Jane: several accounts, perhaps one of them", same).Questions[0]
		reject(w, u, q.Holder)
		p := w.expect(t, likely, refused, same)
		assert.Equal(t, other.GUID, p.Questions[0].Holder.GUID)
	})
	t.Run("row 44 who has the number was rejected, and shares the address", func(t *testing.T) {
		w, u, byNumber, other := byMail()
		byNumber.Mail = janesMail
		other.Values.Set("employeeid", schema.Value{List: []string{"4711"}})
		reject(w, u, byNumber)
		p := w.expect(t, "adopt? Doe, Jane: several accounts, perhaps one of them", refused, same)
		for _, f := range p.Questions[0].Decision {
			assert.NotContains(t, strings.Join(f.After, "\n"), "may be the same person by", "nothing speaks against her but others")
		}
		assert.Equal(t, other.GUID, p.Questions[0].Holder.GUID)
	})
}
