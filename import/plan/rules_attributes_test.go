package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What the file may bring.
func TestRulesAttributes(t *testing.T) {
	t.Run("rule 13 never", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		for _, name := range []string{"adminDescription", "scriptPath", "servicePrincipalName", "msDS-AllowedToDelegateTo", "sIDHistory", "info"} {
			u.Attributes.Set(name, value("x"))
			w.cfg.Attributes[name] = schema.AttributeRule{}
		}
		w.schema = append(w.schema, plan.Attribute{Name: "info", Barred: "it is confidential"})
		p := w.expect(t, "unchanged Jane")
		text := strings.Join(p.Notices, "\n")
		assert.Contains(t, text, "never imported: adminDescription, msDS-AllowedToDelegateTo, sIDHistory, scriptPath, servicePrincipalName")
		assert.Contains(t, text, "info is not imported: it is confidential")
	})
	t.Run("rule 14 mail", func(t *testing.T) {
		for mail, accepted := range map[string]bool{
			"jane@corp.example": true, "jane@plant.example": false, "jane@PLANT.EXAMPLE.": false, "jane@plant.test": false,
			"boss@corp.example": false, "BOSS@corp.example": false, "alias@corp.example": false,
			"x@plant.example,jane@corp.example": false, "jane@corp.example, x": false, "jane@plant.example@corp.example": false,
			"boss@corp.example.": false, "smtp:boss@corp.example": false, "SMTP:jane@corp.example": false, "jane@corp.example.": false,
			"jane": false, "jane@": false, "@corp.example": false, "jane@[10.0.0.1]": false, "ｂoss@corp.example": false, "Jane.O'Neil+x@corp.example": true,
			"dot@corp.example": false, "jane\u200b@corp.example": false, "ｐlant@ｐlant.example": false,
			"jane@plant\u3002example": false, "boss@corp\uff61example": false, "jane@corp\uff0eexample": false, "x\ufe6bplant.example@corp.example": false, "jürgen@córp.example": true,
		} {
			w := newWorld()
			u, _ := w.both("Jane", "jane")
			boss := w.outside("Boss", "boss")
			boss.Mail, boss.Proxies = "Boss@corp.example", []string{"alias@corp.example"}
			w.outside("Dot", "dot").Mail = "dot@corp.example."
			u.Attributes.Set("mail", value(mail))
			u.Attributes.Set("department", value("IT"))
			if accepted {
				w.expect(t, "update Jane: differs [department >IT, mail >"+mail+"]")
			} else {
				w.expect(t, "update Jane: differs [department >IT]", "left out Jane: value not accepted")
			}
		}
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		u.Attributes.Set("mail", value("jane@plant.example"))
		w.cfg.MailDomains = []string{"Plant.Example"}
		w.expect(t, "update Jane: differs [mail >jane@plant.example]")
	})
	t.Run("rule 15 rules", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		constant := "made by the import"
		w.cfg.Attributes = map[string]schema.AttributeRule{
			"company": {From: "department", Prefix: "EXT "}, "description": {OnCreate: &constant}, "title": {Keep: true}, "l": {}, "st": {}, "otherTelephone": {},
		}
		w.schema = append(w.schema, plan.Attribute{Name: "otherTelephone"})
		u.Attributes.Set("DEPARTMENT", value("IT"))
		u.Attributes.Set("title", value("new"))
		u.Attributes.Set("st", schema.Value{})
		u.Attributes.Set("otherTelephone", value("2", "1", "2"))
		a.Values = schema.AttributesOf(map[string]schema.Value{"title": {List: []string{"old"}}, "l": {List: []string{"stays"}}, "st": {List: []string{"goes"}}, "othertelephone": {List: []string{"1", "2"}}})
		w.expect(t, "update Jane: differs [company >EXT IT, st goes>]")
		w.accounts, w.memory.Accounts = nil, nil
		p := w.plan()
		got := map[string][]string{}
		for _, c := range p.Actions[0].Changes {
			got[c.Attribute] = c.After
		}
		assert.Equal(t, []string{constant}, got["description"])
		assert.Equal(t, []string{"new"}, got["title"])
		assert.Equal(t, []string{"2", "1"}, got["otherTelephone"])
	})
	t.Run("rule 15 values the schema does not take", func(t *testing.T) {
		for _, v := range []schema.Value{value("a", "b"), value(strings.Repeat("x", 65)), {List: []string{"x"}, Binary: true}} {
			w := newWorld()
			u, _ := w.both("Jane", "jane")
			u.Attributes.Set("department", v)
			w.expect(t, "left out Jane: value not accepted", "unchanged Jane")
		}
	})
	t.Run("rule 15 numbers and truth values", func(t *testing.T) {
		w := newWorld()
		w.cfg.Attributes = map[string]schema.AttributeRule{"countryCode": {}, "shown": {}}
		w.schema = []plan.Attribute{{Name: "countryCode", Single: true, Integer: 32, RangeUpper: 65535}, {Name: "shown", Single: true, Boolean: true}}
		for text, taken := range map[string]bool{"276": true, "65535": true, "65536": false, "-1": false, "abc": false, "99999999999": false, "1.5": false} {
			w.users, w.accounts = nil, nil
			u, _ := w.both("Jane", "jane")
			u.Attributes.Set("countryCode", value(text))
			u.Attributes.Set("shown", value("TRUE"))
			want := []string{"update Jane: differs [countryCode >" + text + ", shown >TRUE]"}
			if !taken {
				want = []string{"update Jane: differs [shown >TRUE]", "left out Jane: value not accepted"}
			}
			w.expect(t, want...)
			u.Attributes.Set("countryCode", value("1"))
			u.Attributes.Set("shown", value("true"))
			w.expect(t, "update Jane: differs [countryCode >1]", "left out Jane: value not accepted")
		}
	})
	t.Run("rule 16 UPN", func(t *testing.T) {
		w := newWorld()
		w.cfg.UPN.FromFile = true
		u := w.user("Jane", "jane")
		for from, want := range map[string]string{"j.doe@plant.test": "j.doe@plant.test", "j.doe@evil.example": "jane@plant.example",
			"a@b@plant.test": "jane@plant.example", "@plant.test": "jane@plant.example", "j doe@plant.test": "jane@plant.example"} {
			u.Attributes.Set("userPrincipalName", value(from))
			assert.Equal(t, want, w.plan().Actions[0].Person.UPN, from)
		}
	})
	t.Run("rule 17 a UPN is a login name, too", func(t *testing.T) {
		for _, name := range []string{"\u0430dmin", "j\uff4fe", "jo\u200be", "ro\u00f6t", "Root", "SYSTEM", "administrator", "network", "plant", "plant.example"} {
			w := newWorld()
			w.cfg.UPN.FromFile = true
			w.user("Jane", "jane").Attributes.Set("userPrincipalName", value(name+"@plant.test"))
			p := w.plan()
			assert.Equal(t, "jane@plant.example", p.Actions[0].Person.UPN, name)
			assert.Contains(t, strings.Join(p.Notices, "\n"), "are not taken from the file: Jane")
		}
		w := newWorld()
		w.cfg.UPN.FromFile, w.cfg.AccountNamePattern = true, `^\p{L}{2,20}$`
		w.user("Jane", "jane").Attributes.Set("userPrincipalName", value("jörg@plant.test"))
		assert.Equal(t, "jörg@plant.test", w.plan().Actions[0].Person.UPN, "allowed by account_name_pattern")
	})
	t.Run("rule 16 the implicit UPN of others is not taken from the file", func(t *testing.T) {
		for upn, holder := range map[string]string{"chief@plant.example": "Chief", "DC1@Plant.Example": "DC1$", "dc1$@plant.example": "DC1$"} {
			w := newWorld()
			w.cfg.UPN.FromFile = true
			w.user("Jane", "jane").Attributes.Set("userPrincipalName", value(upn))
			asked := plan.Begin(w.input()).Unknown().AccountNames
			assert.Contains(t, asked, strings.SplitN(upn, "@", 2)[0])
			a := w.outside(holder, holder)
			a.UPN, a.Protected = "", "it is one of the domain's own accounts"
			p := w.expect(t, "name? Jane: name taken")
			assert.Equal(t, []string{"userPrincipalName"}, p.Questions[0].Decision[1].After)
			assert.Equal(t, a.GUID, p.Questions[0].Holder.GUID)
			w.agree(t, func(a *plan.Answer) { a.NewName = "jane2" }) // the UPN stays the file's
			w.expect(t, "name? Jane: name taken", "failed Jane: name taken")
			w.users[0].Attributes.Set("userPrincipalName", value(strings.SplitN(upn, "@", 2)[0]+"@plant.test"))
			w.answers = nil
			w.expect(t, "create Jane: new", "enable? Jane: new")
		}
	})
	t.Run("rule 17 what nobody can be called is not looked up", func(t *testing.T) {
		w := newWorld()
		w.cfg.UPN.FromFile = true
		jane, max := w.user("Jane", strings.Repeat("x", 4000)), w.user("Max", "max*max")
		jane.Attributes.Set("mail", value(strings.Repeat("x", 300)+"@corp.example"))
		max.Attributes.Set("mail", value("two@corp.example, three@corp.example"))
		w.user("Zoe", "zoe").Attributes.Set("userPrincipalName", value(strings.Repeat("z", 1020)+"@plant.test"))
		l := plan.Begin(w.input()).Unknown()
		assert.NotContains(t, l.AccountNames, jane.SAMAccountName)
		assert.NotContains(t, l.AccountNames, max.SAMAccountName)
		assert.Contains(t, l.AccountNames, "zoe")
		assert.Empty(t, l.Mails)
		for _, upn := range l.UPNs {
			assert.LessOrEqual(t, len(upn), 100)
		}
		w.expect(t, "create Zoe: new", "name? Max: name invalid", "name? Jane: name invalid", "enable? Zoe: new")
	})
	t.Run("rule 18 anchorInUse", func(t *testing.T) {
		w := newWorld()
		w.memory.Finished = false
		w.user("Jane", "jane")
		w.account("Jane", "jane").Anchor = plan.Anchor{Other: "somebody else's value"}
		p := w.expect(t, "failed Jane: anchor attribute holds something else")
		assert.Contains(t, p.Failed[0].Detail, "choose another anchor_attribute")
		assert.Empty(t, p.Managed)
		w.memory.Finished = true // and no question whose only answer is no
		w.expect(t, "failed Jane: anchor attribute holds something else")
	})
	t.Run("rule 18 binary anchor", func(t *testing.T) {
		w := newWorld()
		w.cfg.AnchorAttribute = "mS-DS-ConsistencyGuid"
		w.schema = append(w.schema, plan.Attribute{Name: "mS-DS-ConsistencyGuid", Binary: true, Single: true})
		u := w.user("Jane", "jane")
		p := w.plan()
		last := p.Actions[0].Changes[len(p.Actions[0].Changes)-1]
		assert.True(t, last.Binary)
		assert.Equal(t, plan.Anchor{ObjectGUID: u.ObjectGUID}, plan.ParseAnchor([]byte(last.After[0])))
	})
	t.Run("manager", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		_, boss := w.both("Doe, J", "boss")
		boss.DN = `CN=Doe\, J,` + containerDN
		u.Attributes.Set("manager", value(anchor("boss")))
		w.expect(t, "update Jane: differs [manager >"+anchor("boss")+"]", "unchanged Doe, J")
		a.Values.Set("manager", schema.Value{List: []string{`cn=Doe\2C J,` + containerDN}})
		w.expect(t, "unchanged Jane", "unchanged Doe, J")
		u.Attributes.Set("manager", value(anchor("nobody")))
		p := w.expect(t, `update Jane: differs [manager cn=Doe\2C J,`+containerDN+`>]`, "unchanged Doe, J")
		assert.Contains(t, strings.Join(p.Notices, "\n"), `who was manager before is cleared, unless the rule has "keep"`)
	})
	t.Run("rule 15 a manager who was set here is kept", func(t *testing.T) {
		w := newWorld()
		w.cfg.Attributes["manager"] = schema.AttributeRule{Keep: true}
		u, a := w.both("Jane", "jane")
		w.both("Boss", "boss")
		a.Values.Set("manager", schema.Value{List: []string{"CN=Local Boss,OU=Staff,DC=plant,DC=example"}})
		for _, manager := range []schema.Value{value(anchor("boss")), value(anchor("nobody")), {}} {
			u.Attributes.Set("manager", manager)
			w.expect(t, "unchanged Jane", "unchanged Boss")
			assert.NotContains(t, strings.Join(w.plan().Notices, "\n"), "managers")
		}
		a.Values.Set("manager", schema.Value{})
		u.Attributes.Set("manager", value(anchor("boss")))
		w.expect(t, "update Jane: differs [manager >"+anchor("boss")+"]", "unchanged Boss")
	})
}
