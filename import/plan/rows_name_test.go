package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// The rows of the decision table about names.
func TestRowsName(t *testing.T) {
	t.Run("row 13 name taken", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		w.outside("Jane of Staff", "JANE")
		p := w.expect(t, "name? Jane: name taken")
		q := p.Questions[0]
		assert.Equal(t, "jane2", q.Proposal)
		assert.Empty(t, q.Barred)
		assert.Equal(t, "Jane of Staff", q.Holder.CN)
		assert.Equal(t, []string{"sAMAccountName"}, q.Decision[1].After)
	})
	t.Run("row 13 UPN taken", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		w.outside("Other", "other").UPN = "jane@plant.example"
		p := w.expect(t, "name? Jane: name taken")
		assert.Equal(t, []string{"userPrincipalName"}, p.Questions[0].Decision[1].After)
		w.elsewhere[0].UPN = ""
		w.cfg.UPN.Suffix = "plant.test" // an implicit UPN is held, too
		w.elsewhere[0].UPN = "jane@plant.test"
		w.expect(t, "name? Jane: name taken")
	})
	t.Run("row 14 held by what cannot be taken over", func(t *testing.T) {
		for why, change := range map[string]func(*plan.Account){
			"adminCount is 1":              func(a *plan.Account) { a.Protected = "adminCount is 1" },
			"it is a group, not a user":    func(a *plan.Account) { a.Class, a.UPN = "group", "" },
			"it is a computer, not a user": func(a *plan.Account) { a.Class, a.AccountName, a.UPN = "computer", "JANE$", "" },
		} {
			w := newWorld()
			w.user("Jane", "jane")
			change(w.outside("Other", "jane"))
			p := w.expect(t, "name? Jane: name taken")
			assert.Equal(t, why, p.Questions[0].Barred)
			w.agree(t, func(a *plan.Answer) { a.TakeOver = true })
			w.expect(t, "name? Jane: name taken", "failed Jane: answered")
		}
	})
	t.Run("row 15 name invalid", func(t *testing.T) {
		for name, proposal := range map[string]string{
			"a.name.that.is.too.long": "a.name.that.is.too.l", "krbtgt": "krbtgt2", "Administrator": "Administrator2", "jäne": "jane", "plant": "plant2",
			"-jane": "jane", "ja ne": "jane", "???": "user", "j/d": "jd", "PLANT": "PLANT2", "SYSTEM": "SYSTEM2",
		} {
			w := newWorld()
			w.user("Jane", name)
			p := w.expect(t, "name? Jane: name invalid")
			assert.Equal(t, proposal, p.Questions[0].Proposal, name)
			assert.NotEmpty(t, p.Questions[0].Barred)
		}
	})
	t.Run("row 17 answered", func(t *testing.T) {
		w := newWorld()
		u := w.user("Jane", "jane")
		w.outside("Other", "jane")
		w.keep(plan.Name, u, func(r *schema.Resolution) { r.Accept, r.NewName = true, "jane7" })
		p := w.expect(t, "create Jane: answered", "enable? Jane: new")
		assert.Equal(t, "jane7", p.Actions[0].Person.AccountName)
		assert.Nil(t, p.Actions[0].Answer, "a name is not a permission: automatic")

		w.known(w.account("Jane", "jane7"), anchor("jane"))
		p = w.expect(t, "unchanged Jane")
		assert.Len(t, p.Kept, 1)
		u.Disabled = true // kept while disabled, too
		assert.Len(t, w.plan().Kept, 1)
		u.Disabled, u.SAMAccountName = false, "jane8" // the file says another name
		p = w.expect(t, "rename Jane: name differs [sAMAccountName jane7>jane8, userPrincipalName jane7@plant.example>jane8@plant.example]")
		assert.Empty(t, p.Kept)
		assert.Len(t, p.Lapsed, 1)
	})
	t.Run("row 17 in a session", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		w.outside("Other", "jane")
		w.agree(t, func(a *plan.Answer) { a.NewName = "jane7" })
		p := w.expect(t, "create Jane: answered", "enable? Jane: new")
		assert.Len(t, p.Agreed, 1)
	})
	t.Run("row 17 with a name that cannot be used either", func(t *testing.T) {
		for _, name := range []string{"", "not valid", "other"} {
			w := newWorld()
			w.user("Jane", "jane")
			w.outside("Other", "jane")
			w.outside("Other 2", "other")
			w.agree(t, func(a *plan.Answer) { a.NewName = name })
			w.expect(t, "name? Jane: name taken", "failed Jane: name taken")
		}
	})
	t.Run("row 17 with a kept name that was taken meanwhile", func(t *testing.T) {
		w := newWorld()
		u := w.user("Jane", "jane")
		w.outside("Other", "jane")
		w.outside("Other 2", "jane7")
		w.keep(plan.Name, u, func(r *schema.Resolution) { r.Accept, r.NewName = true, "jane7" })
		w.expect(t, "name? Jane: name taken")
		w.elsewhere = w.elsewhere[1:] // the file's own is free
		p := w.expect(t, "create Jane: new", "enable? Jane: new")
		assert.Equal(t, "jane", p.Actions[0].Person.AccountName)
	})
	t.Run("row 18 taken over for its name", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		a := w.outside("Jane of Staff", "JANE")
		a.MemberOf[sid("p-View")] = true
		w.agree(t, func(a *plan.Answer) { a.TakeOver = true })
		p := w.expect(t, // its groups wait until it is ours
			"adopt Jane: answered [cn Jane of Staff>Jane, sAMAccountName JANE>jane, userPrincipalName JANE@plant.example>jane@plant.example, anchor]")
		assert.True(t, p.Actions[0].MoveIn)
	})
	t.Run("row 18 of an account that was missing from the file", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		w.both("Jane Doe", "jane")
		w.older()
		w.source = &schema.Source{Domain: sourceName, Scope: "s"}
		w.users[0].ObjectGUID, w.users[1].ObjectGUID = anchor("max"), anchor("jane")
		w.users[1].CN, w.memory.Finished = "Jane", true
		w.agree(t, nil)
		w.expect(t, "adopt Max: matched by name [anchor]", "adopt Jane: answered [cn Jane Doe>Jane, anchor]")
	})
	t.Run("row 20 differs", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		u.Attributes.Set("department", value("IT"))
		u.Attributes.Set("DisplayName", value())
		a.Values.Set("displayname", schema.Value{List: []string{"Jane"}})
		a.Values.Set("department", schema.Value{List: []string{"it"}})
		w.expect(t, "update Jane: differs [department it>IT, displayName Jane>]")
	})
	t.Run("row 21 name differs", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		u.CN = "jane"
		w.expect(t, "rename jane: name differs [cn Jane>jane]")
		u.CN, u.SAMAccountName, a.UPN = "Jane", "jdoe", "jane.doe@plant.test" // a UPN that did not follow stays
		w.expect(t, "rename Jane: name differs [sAMAccountName jane>jdoe]")
	})
	t.Run("row 22 in a sub-container", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		w.both("Jane Smith", "other")
		a.Parent = "OU=Sub," + containerDN
		w.expect(t, "unchanged Jane", "unchanged Jane Smith")
		u.CN = "Jane Smith" // free there
		w.expect(t, "rename Jane Smith: name differs [cn Jane>Jane Smith]", "unchanged Jane Smith")
	})
}

// Names that are wanted by several, or given up and wanted at once.
func TestNamesTogether(t *testing.T) {
	t.Run("swap", func(t *testing.T) {
		w := newWorld()
		one, _ := w.both("One", "one")
		two, _ := w.both("Two", "two")
		one.CN, two.CN = two.CN, one.CN
		one.SAMAccountName, two.SAMAccountName = two.SAMAccountName, one.SAMAccountName
		p := w.plan()
		assert.Len(t, p.Actions, 3)
		assert.Equal(t, plan.SwapStep, p.Actions[0].Reason)
		assert.Equal(t, "ad-user-sync "+p.Actions[0].Person.Anchor, p.Actions[0].Changes[0].After[0])
		assert.Equal(t, p.Actions[0].Person.Key(), p.Actions[2].Person.Key(), "the other one goes in between")
		assert.Empty(t, p.Questions)
	})
	t.Run("a chain goes from its free end", func(t *testing.T) {
		w := newWorld()
		for _, name := range []string{"a", "b", "c"} {
			u, _ := w.both("CN "+name, name)
			u.SAMAccountName = map[string]string{"a": "b", "b": "c", "c": "d"}[name]
		}
		var order []string
		for _, a := range w.plan().Actions {
			order = append(order, a.Person.AccountName)
		}
		assert.Equal(t, []string{"d", "c", "b"}, order)
		w.outside("Other", "d") // no one moves if the last one cannot
		w.expect(t, "name? CN c: name taken", "name? CN b: name taken", "name? CN a: name taken")
	})
	t.Run("one waits for a ring", func(t *testing.T) {
		w := newWorld()
		a, _ := w.both("CN a", "a")
		b, _ := w.both("CN b", "b")
		c, _ := w.both("CN c", "c")
		a.CN, b.CN = "CN b", "CN new"
		b.SAMAccountName, c.SAMAccountName = "c", "b"
		p := w.plan()
		assert.Empty(t, p.Questions)
		place := map[string]int{}
		for i, act := range p.Actions {
			place[act.Person.CN+" "+string(act.Reason)] = i
		}
		assert.Len(t, p.Actions, 4, "three renames and one step aside")
		assert.Greater(t, place["CN b name-differs"], place["CN new name-differs"])
	})
	t.Run("two newcomers of one name", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		w.user("June", "Jane")
		w.older()
		w.expect(t, "create Jane: new", "name? June: name taken", "enable? Jane: new")
		w.users[1].CN = "jane" // nothing tells them apart
		w.expect(t, "failed Jane: anchor not unique", "failed jane: anchor not unique")
		w.account("Jane", "jane") // not even whose account this is, so it stays
		w.older()
		w.expect(t, "failed Jane: anchor not unique", "failed jane: anchor not unique")
	})
	t.Run("whoever bears an account name keeps it", func(t *testing.T) {
		w := newWorld()
		w.cfg.UPN.FromFile = true
		u, _ := w.both("B", "b")
		u.Attributes.Set("userPrincipalName", value("other@plant.test"))
		other, _ := w.both("A", "a")
		other.SAMAccountName = "b"
		w.older()
		w.expect(t, "rename B: name differs [userPrincipalName b@plant.example>other@plant.test]", "name? A: name taken")
	})
	t.Run("whoever bears a CN keeps it", func(t *testing.T) {
		w := newWorld()
		a, _ := w.both("N", "a") // has what others want
		b, _ := w.both("N (b)", "b")
		c := w.user("N (b)", "c")
		b.CN = "N"
		w.expect(t, "create N (b) (c): namesake", "enable? N (b) (c): new", "unchanged N (b)", "unchanged N")
		a.CN, c.CN = "M", "other"
		w.expect(t, "rename M: name differs [cn N>M]", "rename N: name differs [cn N (b)>N]", "create other: new", "enable? other: new")
	})
	t.Run("no CN is free", func(t *testing.T) {
		w := newWorld()
		w.user("N", "a")
		w.account("N", "x").Class = "group"
		w.account("N (a)", "y").Class = "group"
		w.expect(t, "failed N: namesake")
	})
	t.Run("no CN is free for an account that is moved in", func(t *testing.T) {
		w := newWorld()
		w.account("N", "x").Class = "group"
		w.account("N (a)", "y").Class = "group"
		w.user("N", "a")
		w.outside("Holder", "a")
		w.agree(t, func(a *plan.Answer) { a.TakeOver = true })
		p := w.plan()
		assert.Equal(t, "N (a "+w.elsewhere[0].GUID.String()[:8]+")", p.Actions[0].Person.CN)
	})
	t.Run("a mail wanted by two", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		v, _ := w.both("Max", "max")
		a.Mail = "x@corp.example"
		a.Values.Set("mail", schema.Value{List: []string{"x@corp.example"}})
		u.Attributes.Set("mail", value("y@corp.example"))
		v.Attributes.Set("mail", value("x@corp.example"))
		w.expect(t, "update Max: differs [mail >x@corp.example]", "update Jane: differs [mail x@corp.example>y@corp.example]")
		w.outside("Other", "other").Mail = "y@corp.example" // so Jane keeps hers
		w.expect(t, "left out Max: value not accepted", "left out Jane: value not accepted", "unchanged Max", "unchanged Jane")
	})
}
