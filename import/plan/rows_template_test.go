package plan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// templated is a world whose names are made by template.
func templated() *world {
	w := newWorld()
	w.cfg.Names = schema.Names{AccountName: "{givenName|ascii|lower|1}{sn|ascii|letters|lower|7}{n}"}
	return w
}

// named is someone of the file with a given name and a surname.
func (w *world) named(given, sn string) *schema.User {
	u := w.user(given+" "+sn, given+sn)
	u.Attributes.Set("givenName", value(given))
	u.Attributes.Set("sn", value(sn))
	return u
}

// names are the account names and UPNs of the accounts that are created.
func created(p plan.Plan) map[string][2]string {
	list := map[string][2]string{}
	for _, a := range p.Actions {
		if a.Kind == plan.Create {
			list[a.Person.CN] = [2]string{a.Person.AccountName, a.Person.UPN}
		}
	}
	return list
}

func nameQuestion(p plan.Plan) plan.Question {
	for _, q := range p.Questions {
		if q.Kind == plan.Name {
			return q
		}
	}
	return plan.Question{}
}

func TestRowsTemplates(t *testing.T) {
	t.Run("rule 38 a new account", func(t *testing.T) {
		w := templated()
		w.named("Jürgen", "Müller")
		assert.Equal(t, map[string][2]string{"Jürgen Müller": {"jmueller", "jmueller@plant.example"}}, created(w.plan()))
		w.cfg.Names.UPN, w.cfg.UPN.Suffix = "{givenName|ascii|lower}.{sn|ascii|lower}{n}", "plant.test"
		assert.Equal(t, map[string][2]string{"Jürgen Müller": {"jmueller", "juergen.mueller@plant.test"}}, created(w.plan()))
		w.cfg.Names = schema.Names{UPN: "{sn|ascii|lower}"}
		assert.Equal(t, [2]string{"juergen", "mueller@plant.test"}, created(w.answeredName("juergen"))["Jürgen Müller"], "the file's name is not acceptable")
	})
	t.Run("rule 38 an account that match found is named by template where a person does not keep its names", func(t *testing.T) {
		w, u, a := matching()
		u.SAMAccountName = "jane.of.the.source"
		a.Values.Set("sn", schema.Value{List: []string{"DOE"}})
		w.cfg.Names = schema.Names{AccountName: "{givenName|ascii|lower|1}.{sn|ascii|lower}{n}", UPN: "{sn|ascii|lower}.{givenName|ascii|lower}{n}"}
		w.both("Other", "j.doe") // has the first name
		w.agree(t, func(a *plan.Answer) {
			a.Keeps = &plan.Keeps{Password: true, Expiry: true, Memberships: true, Values: true}
		})
		p := w.plan()
		i := slices.IndexFunc(p.Actions, func(a plan.Action) bool { return a.Kind == plan.Adopt })
		assert.Equal(t, "adopt Doe, Jane: answered [cn Jane Doe>Doe, Jane, sAMAccountName jdoe>j.doe2, userPrincipalName jdoe@plant.example>doe.jane2@plant.example, anchor]", readable(p)[i])

		w.answers[0].Keeps = &plan.Keeps{Password: true, Expiry: true, Memberships: true, Names: true, Values: true}
		assert.NotContains(t, strings.Join(readable(w.plan()), "\n"), "sAMAccountName", "as long as its names are ticked")
	})
	t.Run("rule 38 an account keeps its names", func(t *testing.T) {
		w := templated()
		u, a := w.both("Jane", "jane")
		u.Attributes.Set("givenName", value("Zoe"))
		u.Attributes.Set("sn", value("Doe"))
		w.cfg.Names.UPN = "{sn}"
		w.expect(t, "unchanged Jane")
		u.SAMAccountName, u.CN = "zoe", "Jane Married"
		w.expect(t, "rename Jane Married: name differs [cn Jane>Jane Married]")
		a.AccountName = "by-hand"
		u.CN = "Jane"
		w.expect(t, "unchanged Jane")
	})
	t.Run("rule 38 the common name follows", func(t *testing.T) {
		w := templated()
		w.cfg.Names = schema.Names{CommonName: "{sn}, {givenName}"}
		u, a := w.both("Jane", "jane")
		u.Attributes.Set("givenName", value("Jane"))
		u.Attributes.Set("sn", value("Doe"))
		w.expect(t, "rename Doe, Jane: name differs [cn Jane>Doe, Jane]")
		a.CN = "Doe, Jane"
		w.expect(t, "unchanged Doe, Jane")
		u.Attributes.Set("sn", value("Roe"))
		w.expect(t, "rename Roe, Jane: name differs [cn Doe, Jane>Roe, Jane]")
		a.CN = "Jane"
		u.Attributes.Delete("sn")
		w.expect(t, "left out Jane: value not accepted", "unchanged Jane")
	})
	t.Run("rule 38 attributes", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		w.cfg.Attributes = map[string]schema.AttributeRule{"displayName": {Template: "{givenName} {sn|upper}", Prefix: "EXT "}}
		u.Attributes.Set("givenName", value("Jane"))
		u.Attributes.Set("sn", value("Doe"))
		w.expect(t, "update Jane: differs [displayName >EXT Jane DOE]")
		a.Values.Set("displayname", schema.Value{List: []string{"by hand"}})
		u.Attributes.Set("sn", schema.Value{})
		w.expect(t, "left out Jane: value not accepted", "unchanged Jane")
	})
	t.Run("row 60 a number where it is taken", func(t *testing.T) {
		w := templated()
		w.cfg.Names.UPN = "{givenName|lower}.{sn|lower}{n}"
		w.outside("Someone", "jdoe")
		w.outside("Else", "else").UPN = "jane.doe2@plant.example"
		w.named("Jane", "Doe")
		w.named("John", "Doe")
		got := created(w.plan())
		assert.Len(t, got, 2)
		assert.Contains(t, [][2]string{{"jdoe3", "jane.doe3@plant.example"}, {"jdoe4", "jane.doe4@plant.example"}}, got["Jane Doe"])
		assert.NotEqual(t, got["Jane Doe"][0], got["John Doe"][0])
		assert.Equal(t, created(w.plan()), got)
	})
	t.Run("row 60 names are looked up in rounds", func(t *testing.T) {
		w := templated()
		w.named("Jane", "Doe")
		unknown := plan.Begin(w.input()).Unknown()
		assert.Equal(t, []string{"jdoe"}, unknown.AccountNames)
		w.outside("Someone", "jdoe")
		unknown = plan.Begin(w.input()).Unknown()
		assert.Equal(t, []string{"jdoe", "jdoe10", "jdoe2", "jdoe3", "jdoe4", "jdoe5", "jdoe6", "jdoe7", "jdoe8", "jdoe9"}, unknown.AccountNames)
		w = templated()
		w.both("Jane", "jane")
		assert.True(t, plan.Begin(w.input()).Unknown().Empty())
	})
	t.Run("row 60 without a number it is asked", func(t *testing.T) {
		w := templated()
		w.cfg.Names.AccountName = "{sn|lower}"
		w.outside("Someone", "doe")
		w.named("Jane", "Doe")
		q := nameQuestion(w.plan())
		assert.Equal(t, "doe", q.Wanted)
		assert.Equal(t, "doe2", q.Proposal)
		assert.Equal(t, [2]string{"doe2", "doe2@plant.example"}, created(w.answeredName("doe2"))["Jane Doe"])
	})
	t.Run("row 61 an empty part", func(t *testing.T) {
		for _, sn := range []string{"", "👑", "''"} {
			w := templated()
			w.named("Jane", sn)
			q := nameQuestion(w.plan())
			assert.Equal(t, plan.NameInvalid, q.Reason)
			assert.Contains(t, q.Conflict, "{sn|ascii|letters|lower|7}")
			assert.Equal(t, [2]string{"jane.x", "jane.x@plant.example"}, created(w.answeredName("jane.x"))[strings.TrimSpace("Jane "+sn)])
			w.cfg.Names = schema.Names{UPN: "{sn|ascii|letters}"}
			assert.Contains(t, nameQuestion(w.plan()).Conflict, "user principal names has nothing")
		}
	})
	t.Run("row 62 another person had the name", func(t *testing.T) {
		w := templated()
		w.named("Jane", "Doe")
		w.memory.Names = map[string]plan.FormerName{"jdoe": {Anchor: anchor("former"), Until: now.AddDate(-1, 0, 0)}}
		assert.Equal(t, "jdoe2", created(w.plan())["Jane Doe"][0])
		w.cfg.Names.AccountName = "j{sn|lower}"
		q := nameQuestion(w.plan())
		assert.Contains(t, q.Conflict, "jdoe was another person's until 2025-11-22")
		assert.Equal(t, "jdoe", created(w.answeredName("jdoe"))["Jane Doe"][0], "a person says that it may be had")
		w.memory.Names["jdoe"] = plan.FormerName{Anchor: anchor("JaneDoe"), Until: now.AddDate(-1, 0, 0)}
		assert.Equal(t, "jdoe", created(w.plan())["Jane Doe"][0], "it was theirs")
		w.memory.Names["jdoe"] = plan.FormerName{Anchor: anchor("former"), Until: now.Add(-plan.NameRestsFor)}
		assert.Equal(t, "jdoe", created(w.plan())["Jane Doe"][0], "two years are over")
	})
	t.Run("row 62 an account that is gone, or was renamed since", func(t *testing.T) {
		w := templated()
		_, a := w.both("Max", "max")
		w.remember(a, func(r *plan.Remembered) { r.Seen = plan.Sight{DN: a.DN, CN: "Max", AccountName: "JDoe"} })
		w.named("Jane", "Doe")
		assert.Equal(t, "jdoe2", created(w.plan())["Jane Doe"][0])
		w.accounts = nil
		assert.Equal(t, "jdoe2", created(w.plan())["Jane Doe"][0])
		w.remember(a, func(r *plan.Remembered) { r.Gone = now.Add(-plan.NameRestsFor) })
		assert.Equal(t, "jdoe", created(w.plan())["Jane Doe"][0])
	})
	t.Run("row 62 a user principal name that went with an account name", func(t *testing.T) {
		w := newWorld()
		w.cfg.Names = schema.Names{AccountName: "{employeeID}{n}", UPN: "{givenName|lower}.{sn|lower}{n}"}
		w.named("Jane", "Doe").Attributes.Set("employeeID", value("e9"))
		for _, memory := range []func(){
			func() {
				w.memory.Accounts[guid("gone")] = plan.Remembered{Anchor: anchor("former"), Seen: plan.Sight{CN: "Jane Doe", AccountName: "jane.doe"}, Gone: now.AddDate(0, -1, 0)}
			},
			func() {
				clear(w.memory.Accounts)
				w.memory.Names = map[string]plan.FormerName{"jane.doe": {Anchor: anchor("former"), Until: now.AddDate(0, -1, 0)}}
			},
			func() {
				w.memory.Names = map[string]plan.FormerName{"e9@plant.example": {Anchor: anchor("former"), Until: now.AddDate(0, -1, 0)}}
			},
		} {
			memory()
			assert.Equal(t, [2]string{"e92", "jane.doe2@plant.example"}, created(w.plan())["Jane Doe"])
		}
		w.memory.Names = nil
		assert.Equal(t, [2]string{"e9", "jane.doe@plant.example"}, created(w.plan())["Jane Doe"])
	})
	t.Run("row 63 only a number keeps it from a protected account's", func(t *testing.T) {
		w := templated()
		admin := w.outside("Administrator", "jdoe")
		admin.Protected = "it is an administrator"
		w.named("Jane", "Doe")
		q := nameQuestion(w.plan())
		assert.Contains(t, q.Conflict, "only a number would tell")
		assert.Equal(t, admin.GUID, q.Holder.GUID)
		assert.Equal(t, "jdoe2", q.Proposal)
		assert.Equal(t, "jdoe2", created(w.answeredName("jdoe2"))["Jane Doe"][0])
		admin.Protected = ""
		assert.Equal(t, "jdoe2", created(w.plan())["Jane Doe"][0])
		admin.MemberOf = map[adrules.SID]bool{sid("p-Admin"): true}
		assert.Contains(t, nameQuestion(w.plan()).Conflict, "only a number would tell")
	})
	t.Run("row 63 a number that the file brings along", func(t *testing.T) {
		for sn, asked := range map[string]bool{"Doe2": true, "Doe-07": true, "DOE 1": true, "Doe": true, "Roe2": false, "2": false} {
			w := templated()
			w.cfg.Names.AccountName = "{sn|ascii|lower|word}{n}"
			admin := w.outside("Administrator", "doe")
			admin.Protected = "it is an administrator"
			if sn == "DOE 1" {
				w.cfg.Names.AccountName = "{sn|ascii|letters|lower}{n}"
			}
			w.named("Jane", sn)
			p := w.plan()
			assert.Equal(t, asked, strings.Contains(nameQuestion(p).Conflict, "only a number would tell"), sn)
			assert.Equal(t, !asked, len(created(p)) == 1, sn)
			if asked && sn != "Doe" {
				assert.Contains(t, plan.Begin(w.input()).Unknown().AccountNames, "doe", "else the administrator is not found")
			}
		}
		w := templated()
		w.cfg.Names.AccountName = "{sn|ascii|lower}{n}"
		w.named("Jane", "Administrator1")
		assert.Contains(t, nameQuestion(w.plan()).Conflict, "administrator is reserved, and only a number")
		w = templated()
		w.cfg.Names = schema.Names{UPN: "{sn|ascii|lower}"}
		admin := w.outside("Boss", "boss")
		admin.MemberOf = map[adrules.SID]bool{sid("p-Admin"): true}
		w.users = nil
		w.user("Jane", "jane").Attributes.Set("sn", value("Boss3"))
		assert.Contains(t, nameQuestion(w.plan()).Conflict, "only a number would tell")
	})
	t.Run("row 63 another holder hides no protected account", func(t *testing.T) {
		w := templated()
		w.outside("Anyone", "jdoe").UPN = "anyone@plant.example"
		admin := w.outside("Administrator", "adm")
		admin.Protected, admin.UPN = "it is an administrator", "jdoe@plant.example"
		w.named("Jane", "Doe")
		q := nameQuestion(w.plan())
		assert.Contains(t, q.Conflict, "the user principal name is that of CN=Administrator,")
		assert.Contains(t, q.Conflict, "only a number would tell")
		assert.Equal(t, admin.GUID, q.Holder.GUID)
		admin.UPN = "jdoe2@plant.example"
		w.outside("Anyone 2", "jdoe2").UPN = "anyone2@plant.example"
		assert.Equal(t, admin.GUID, nameQuestion(w.plan()).Holder.GUID, "of the second number either")
	})
	t.Run("rule 38 the result is judged as every name", func(t *testing.T) {
		for _, sn := range []string{"Administrator", "krbtgt", "plant", "O'Brien", "van der Berg", "أحمد"} {
			w := templated()
			w.cfg.Names.AccountName = "{sn}"
			w.named("X", sn)
			assert.Equal(t, plan.NameInvalid, nameQuestion(w.plan()).Reason, sn)
			assert.Empty(t, created(w.plan()))
		}
	})
	t.Run("rule 38 an accepted name is kept", func(t *testing.T) {
		w := templated()
		w.outside("Administrator", "jdoe").Protected = "it is an administrator"
		u := w.named("Jane", "Doe")
		w.kept = append(w.kept, schema.Resolution{Type: "name", User: "Jane Doe", Name: "jdoe", NewName: "jane", Accept: true, Anchor: u.ObjectGUID, Timestamp: now.Add(-time.Hour)})
		assert.Equal(t, "jane", created(w.plan())["Jane Doe"][0])
		made := w.known(w.account("Jane Doe", "jane"), u.ObjectGUID)
		p := w.plan()
		assert.Empty(t, p.Gone, "the account keeps that name")
		assert.NotContains(t, strings.Join(p.Notices, "\n"), "no longer kept")
		made.AccountName = "by-hand"
		assert.Len(t, w.plan().Gone, 1)
	})
}

// answeredName is the plan in which a person gave the name that was asked for.
func (w *world) answeredName(name string) plan.Plan {
	w.answers = []plan.Answer{{ID: nameQuestion(w.plan()).ID, Accept: true, NewName: name}}
	p := w.plan()
	w.answers = nil
	return p
}
