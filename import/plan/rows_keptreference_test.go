package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

const localBoss = "CN=Local Boss,OU=Staff,DC=plant,DC=example"

// What an account has as its manager is one of its values, whoever the file names.
func TestRowsKeptReferences(t *testing.T) {
	overwritten := func(q plan.Question) (list []string) {
		for _, f := range q.Context {
			if f.Code == plan.FieldOverwritten {
				list = append(list, f.After...)
			}
		}
		return list
	}
	t.Run("row 43 a manager in the file's place of one here is shown", func(t *testing.T) {
		w, u, a := matching()
		a.Values.Set("manager", schema.Value{List: []string{localBoss}})
		u.Attributes.Set("manager", value(w.users[0].ObjectGUID))
		q := w.plan().Questions[0]
		assert.Equal(t, []string{"manager: " + localBoss + ", then Max"}, overwritten(q))
		a.Values.Set("manager", schema.Value{List: []string{w.accounts[0].DN}})
		assert.Empty(t, overwritten(w.plan().Questions[0]), "it is the same")
	})
	t.Run("row 43 a manager who has no account here leaves the one who has", func(t *testing.T) {
		w, u, a := matching()
		a.Values.Set("manager", schema.Value{List: []string{localBoss}})
		u.Attributes.Set("manager", value(anchor("nobody")))
		assert.Empty(t, overwritten(w.plan().Questions[0]))
		w.agree(t, nil)
		p := w.plan()
		adopted := p.Actions[slices.IndexFunc(p.Actions, func(a plan.Action) bool { return a.Kind == plan.Adopt })]
		kept := adopted.Keeps.Source
		assert.Equal(t, []string{"manager"}, kept.Empty)

		w.answers, w.elsewhere, w.accounts = nil, nil, append(w.accounts, a)
		a.InContainer, a.Parent, a.DN = true, containerDN, "CN=Jane Doe,"+containerDN
		w.known(a, u.ObjectGUID)
		w.remember(a, func(r *plan.Remembered) { r.How, r.Source, r.KeepsExpiry = plan.HowAdopted, kept, true })
		p = w.expect(t, same, "unchanged Jane Doe")
		assert.Empty(t, p.Unkept)
		assert.NotContains(t, strings.Join(p.Notices, "\n"), "is cleared", "nobody is")

		boss, _ := w.both("Boss", "boss")
		u.Attributes.Set("manager", value(boss.ObjectGUID))
		p = w.plan()
		assert.Contains(t, readable(p), "update Jane Doe: differs [manager "+localBoss+">"+boss.ObjectGUID+"]")
		assert.Equal(t, []string{"manager"}, attributesOf(p.Actions[0].Changes))
		assert.Len(t, p.Unkept, 1, "the file has somebody by now")
		assert.Empty(t, p.Unkept[0].Left.Empty)
	})
}
