package plan_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ad-user-sync/import/plan"
)

// Jane is to get an account whose name Joe wants: a taking over with its names and another name
// for Joe, given at once, are both as they were shown.
func TestRulesOfWhatIsToldBeside(t *testing.T) {
	w, _, _ := matching()
	w.cfg.Match.Keys = []string{"employeeID"}
	w.user("Doe, Joe", "jdoe").Attributes.Set("department", value("Board"))
	of := func(list []plan.Question, kind plan.Kind) plan.Question {
		i := slices.IndexFunc(list, func(q plan.Question) bool { return q.Kind == kind })
		require.GreaterOrEqual(t, i, 0, "%s: %v", kind, readable(w.plan()))
		return list[i]
	}
	before := w.plan().Questions
	jane, joe := of(before, plan.Adopt), of(before, plan.Name)
	require.Empty(t, joe.Barred)
	t.Run("rule 09 an account that goes to another person at the same time", func(t *testing.T) {
		w.answers = []plan.Answer{{ID: jane.ID, Accept: true, Keeps: &plan.Keeps{Password: true, Names: true}}, {ID: joe.ID, Accept: true, NewName: "joe.doe"}}
		p := w.plan()
		now := of(p.Agreed, plan.Name)
		assert.Equal(t, joe.ID, now.ID)
		assert.Contains(t, readable(p), "create Doe, Joe: answered")
	})
	t.Run("rule 09 nothing is said to be given of what no one can be given", func(t *testing.T) {
		w.answers = w.answers[:1]
		now := of(w.plan().Questions, plan.Name)
		assert.Equal(t, joe.ID, now.ID)
		assert.NotEmpty(t, now.Barred)
		assert.Empty(t, now.Shown(plan.FieldFilledIn))
		assert.NotEmpty(t, joe.Shown(plan.FieldFilledIn))
	})
}

// Whatever is asked about, in whatever order it was read: no clock and no answer to another
// question moves the ID of one whose account may be taken over.
func TestNothingMovesWhatIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		all := slices.Concat(w.accounts, w.elsewhere)
		for _, a := range all {
			if chance(t, 2, "has a manager") {
				a.Values.Set("manager", value(pick(t, all, "manager").DN))
			}
		}
		about := func(q plan.Question) string {
			return fmt.Sprint(q.Kind, q.Person.Key(), q.Person.CN, q.Holder.GUID, q.Reason, q.Wanted)
		}
		before := w.plan()
		ids := map[string]plan.Question{}
		for _, q := range slices.Concat(before.Questions, before.Agreed) {
			if q.Holder != nil {
				ids[about(q)] = q
			}
		}
		same := func(what string) {
			p := w.plan()
			for _, q := range slices.Concat(p.Questions, p.Agreed) {
				if q.Holder == nil {
					continue
				}
				if was, asked := ids[about(q)]; asked && was.ID != q.ID {
					t.Fatalf("%s moves %s of %s: %v\n%v\nthen\n%v", what, q.Kind, q.Person.CN, q.ChangedSince(was), readable(before), readable(p))
				}
			}
		}
		w.now = w.now.Add(26 * time.Hour)
		same("the clock")
		w.now = w.now.Add(-26 * time.Hour)
		for _, q := range before.Questions {
			w.answers = []plan.Answer{{ID: q.ID, Accept: true, TakeOver: q.Kind == plan.Name}}
			same(fmt.Sprint("an answer to ", q.Kind, " of ", q.Person.CN))
		}
	})
}

// An account outside is read where someone asks for its name: whether it was does not move the
// question of whom else it is the manager.
func TestRulesOfWhatIsToldOfWhomAnAccountNames(t *testing.T) {
	t.Run("rule 09 whether the manager's account was read", func(t *testing.T) {
		w, u, a := matching()
		w.cfg.Match.Keys = []string{"employeeID"}
		u.Attributes.Set("manager", value(w.user("Boss", "boss").ObjectGUID))
		joe := w.outside("Joe Two", "joe2")
		a.Values.Set("manager", value(joe.DN))
		read := w.plan().Questions
		w.elsewhere = slices.DeleteFunc(slices.Clone(w.elsewhere), func(b *plan.Account) bool { return b == joe })
		unread := w.plan().Questions
		of := func(list []plan.Question) string {
			i := slices.IndexFunc(list, func(q plan.Question) bool { return q.Kind == plan.Adopt && q.Person.CN == u.CN })
			require.GreaterOrEqual(t, i, 0)
			return list[i].ID
		}
		assert.Equal(t, of(read), of(unread))
	})
}
