package importer

import (
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// change is what happens between the question and its answer.
type change struct {
	ofAccount bool // that the question is about
	happens   func(*page)
}

// meanwhile is everything that may change.
var meanwhile = func() map[string]change {
	all := map[string]change{"nothing": {happens: func(*page) {}}}
	for _, kind := range []struct {
		prefix    string
		ofAccount bool
		changes   map[string]func(*page)
	}{{"account ", true, ofAccount}, {"group ", false, ofGroups}, {"domain ", false, ofDomain}, {"file: ", false, ofFile},
		{"configuration: ", false, ofConfiguration}, {"colleague: ", false, ofColleagues}} {
		for name, happens := range kind.changes {
			all[kind.prefix+name] = change{kind.ofAccount, happens}
		}
	}
	return all
}()

func sets(attribute, value string) func(*page) {
	return func(p *page) { p.set(p.dn(), attribute, value) }
}

func joins(group string) func(*page) {
	return func(p *page) {
		dn := p.dn()
		if !slices.Contains(p.get(p.group(group), "member").Texts("member"), dn.String()) {
			p.join(group, dn)
		}
	}
}

func (p *page) rename(to ad.DN) { require.NoError(p.t, p.admin.Rename(p.t.Context(), p.dn(), to)) }

// ofAccount are changes of the account that the question is about.
var ofAccount = map[string]func(*page){
	"renamed":             func(p *page) { p.rename(p.dn().Parent().Child("CN", "Jane Renamed")) },
	"has another name":    sets("sAMAccountName", "renamed"),
	"has another UPN":     sets("userPrincipalName", "renamed@plant.example"),
	"has another mail":    sets("mail", "renamed@plant.example"),
	"is called otherwise": sets("displayName", "Renamed"),
	"moved": func(p *page) {
		to := p.managed()
		if p.dn().Within(to) {
			to = p.ou
		}
		p.rename(to.Child("CN", "Jane Moved"))
	},
	"moved below": func(p *page) {
		p.add(p.managed().Child("OU", "Below"), "organizationalUnit", nil)
		_, cn := p.dn().Name()
		p.rename(p.managed().Child("OU", "Below").Child("CN", cn))
	},
	"deleted": func(p *page) { require.NoError(p.t, p.mem.Delete(p.dn())) },
	"made anew by hand": func(p *page) {
		dn, before := p.dn(), p.take(nil).accounts[p.subject]
		require.NoError(p.t, p.mem.Delete(dn))
		p.user(dn, before.sam, nil)
	},
	"made anew by hand, with its anchor": func(p *page) {
		dn, before := p.dn(), p.take(nil).accounts[p.subject]
		stamp := p.get(dn, "adminDescription").Text("adminDescription")
		require.NoError(p.t, p.mem.Delete(dn))
		p.user(dn, before.sam, nil)
		p.set(dn, "adminDescription", stamp)
	},
	"lost its anchor":         sets("adminDescription", ""),
	"bears somebody else's":   func(p *page) { p.set(p.dn(), "adminDescription", p.anchorValue(&p.rest[0])) },
	"bears another source's":  sets("adminDescription", "ad-user-sync:6f9619ff-8b86-d011-b42d-000000000001@other.example"),
	"bears another program's": sets("adminDescription", "another program"),
	"shares its anchor": func(p *page) {
		if stamp := p.get(p.dn(), "adminDescription").Text("adminDescription"); stamp != "" {
			p.user(p.managed().Child("CN", "Copy"), "copy", map[string]string{"adminDescription": stamp})
		}
	},
	"is anchored for Jane":     func(p *page) { p.set(p.dn(), "adminDescription", "ad-user-sync:"+p.anchor("Jane Doe")+"@corp.example") },
	"is protected":             func(p *page) { p.mem.Overwrite(p.dn(), map[string]string{"adminCount": "1"}) },
	"runs a service":           sets("servicePrincipalName", "http/plant"),
	"is in a listed group":     joins("p-Admins"),
	"is in another listed one": joins("p-Board"),
	"is in p-Viewers":          joins("p-Viewers"),
	"is in p-Editors":          joins("p-Editors"),
	"is in Domain Admins":      func(p *page) { p.addMember(p.domainAdmins(), p.dn()) },
	"is in a group not mapped": func(p *page) {
		p.add(p.group("p-Finance"), "group", map[string]string{"sAMAccountName": "p-Finance"})
		p.join("p-Finance", p.dn())
	},
	"is in a group that is in Domain Admins": func(p *page) {
		p.add(p.group("p-Finance"), "group", map[string]string{"sAMAccountName": "p-Finance"})
		p.join("p-Finance", p.dn())
		p.nest("p-Finance", p.domainAdmins())
	},
	"has another password": sets("unicodePwd", string(ad.PasswordValue("Set-By-Hand-4712!"))),
	"is enabled":           works,
	"is disabled":          sets("userAccountControl", "514"),
	"enabled and disabled": func(p *page) {
		works(p)
		p.imported()
		sets("userAccountControl", "514")(p)
	},
	"needs a smart card":     sets("userAccountControl", "262658"),
	"has ended":              func(p *page) { p.set(p.dn(), "accountExpires", p.at(-time.Hour)) },
	"ends tomorrow":          func(p *page) { p.set(p.dn(), "accountExpires", p.at(24*time.Hour)) },
	"ends in the year after": func(p *page) { p.set(p.dn(), "accountExpires", p.at(400*24*time.Hour)) },
	"never ends":             sets("accountExpires", "0"),
	"gave its name to another": func(p *page) {
		name := p.take(nil).accounts[p.subject].sam
		p.set(p.dn(), "sAMAccountName", "gave")
		p.set(p.dn(), "userPrincipalName", "gave@plant.example")
		p.user(p.ou.Child("CN", "The Heir"), name, nil)
	},
}

// works enables the account by hand.
func works(p *page) {
	if p.get(p.dn(), "pwdLastSet").Text("pwdLastSet") == "0" {
		sets("unicodePwd", string(ad.PasswordValue("Set-By-Hand-4712!")))(p)
	}
	sets("userAccountControl", "512")(p)
}

func (p *page) addMember(group, member ad.DN) {
	require.NoError(p.t, p.admin.Modify(p.t.Context(), group, []ad.Change{{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(member.String())}}))
}

func nests(group string, in func(*page) ad.DN) func(*page) {
	return func(p *page) {
		if !slices.Contains(p.get(in(p), "member").Texts("member"), p.group(group).String()) {
			p.nest(group, in(p))
		}
	}
}

func board(p *page) ad.DN        { return p.group("p-Board") }
func admins(p *page) ad.DN       { return p.group("p-Admins") }
func domainAdmins(p *page) ad.DN { return p.domainAdmins() }
func operators(p *page) ad.DN {
	return parse2(p.t, "CN=Backup Operators,CN=Builtin,DC=plant,DC=example")
}

func anew(group string) func(*page) {
	return func(p *page) {
		require.NoError(p.t, p.mem.Delete(p.group(group)))
		p.add(p.group(group), "group", map[string]string{"sAMAccountName": group})
		sid := p.get(p.group(group), "objectSid").SID()
		p.listed[sid] = group == "p-Admins"
	}
}

// ofGroups are changes of mapped groups, and of what they are nested in.
var ofGroups = map[string]func(*page){
	"p-Viewers in Domain Admins":     nests("p-Viewers", domainAdmins),
	"p-Viewers in p-Admins":          nests("p-Viewers", admins),
	"p-Viewers in p-Board":           nests("p-Viewers", board),
	"p-Viewers in Backup Operators":  nests("p-Viewers", operators),
	"p-Admins in Domain Admins":      nests("p-Admins", domainAdmins),
	"p-Admins in p-Board":            nests("p-Admins", board),
	"p-Board in Domain Admins":       nests("p-Board", domainAdmins),
	"p-Admins anew":                  anew("p-Admins"),
	"p-Viewers anew":                 anew("p-Viewers"),
	"p-Viewers deleted":              func(p *page) { require.NoError(p.t, p.mem.Delete(p.group("p-Viewers"))) },
	"p-Admins deleted":               func(p *page) { require.NoError(p.t, p.mem.Delete(p.group("p-Admins"))) },
	"p-Viewers and p-Admins swapped": func(p *page) { p.swap("p-Viewers", "p-Admins") },
	"p-Admins and p-Editors swapped": func(p *page) { p.swap("p-Admins", "p-Editors") },
	"p-Viewers has adminCount":       func(p *page) { p.mem.Overwrite(p.group("p-Viewers"), map[string]string{"adminCount": "1"}) },
	"p-Admins has adminCount":        func(p *page) { p.mem.Overwrite(p.group("p-Admins"), map[string]string{"adminCount": "1"}) },
	"p-Viewers guarded no more": func(p *page) {
		for _, in := range []ad.DN{p.domainAdmins(), p.group("p-Admins")} {
			if slices.Contains(p.get(in, "member").Texts("member"), p.group("p-Viewers").String()) {
				p.unnest("p-Viewers", in)
			}
		}
	},
}

// swap returns two groups the name of each other.
func (p *page) swap(a, b string) {
	for _, step := range [][2]string{{a, "between"}, {b, a}, {"between", b}} {
		require.NoError(p.t, p.admin.Rename(p.t.Context(), p.group(step[0]), p.group(step[1])))
	}
	for _, name := range []string{a, b} { // restricted_groups goes by the name
		p.listed[p.get(p.group(name), "objectSid").SID()] = name == "p-Admins"
	}
}

// ofDomain are changes around the account.
var ofDomain = map[string]func(*page){
	"container renamed": func(p *page) {
		require.NoError(p.t, p.admin.Rename(p.t.Context(), p.managed(), p.ou.Child("OU", "Managed Before")))
	},
	"container replaced": func(p *page) {
		require.NoError(p.t, p.admin.Rename(p.t.Context(), p.managed(), p.ou.Child("OU", "Managed Before")))
		p.add(p.managed(), "organizationalUnit", nil)
	},
	"holder of the wanted name moved": func(p *page) {
		for _, a := range p.take(nil).accounts {
			if a.cn == "Another Jane" {
				require.NoError(p.t, p.admin.Rename(p.t.Context(), a.dn, p.ou.Child("CN", "Another Jane Still")))
			}
		}
	},
	"name jane2 taken": func(p *page) { p.user(p.ou.Child("CN", "Jane the Second"), "jane2", nil) },
	"namesake outside": func(p *page) {
		p.user(p.managed().Child("OU", "x").Parent().Child("CN", "Jane Doe (jane)"), "jane3", nil)
	},
	"mail taken": func(p *page) {
		p.user(p.ou.Child("CN", "Mail"), "mail", map[string]string{"mail": "jane@corp.example"})
	},
	"long passwords": func(p *page) {
		p.mem.Overwrite(parse2(p.t, "DC=plant,DC=example"), map[string]string{"minPwdLength": "60"})
	},
}

// ofColleagues are answers that others give meanwhile.
var ofColleagues = map[string]func(*page){
	"accepts": func(p *page) { p.answers(p.sameQuestion, p.answer) },
	"rejects": func(p *page) { p.answers(p.sameQuestion, plan.Answer{Reason: "no"}) },
	"asks again": func(p *page) {
		p.answers(p.sameQuestion, plan.Answer{Reason: "no"})
		d := p.colleague()
		for _, r := range p.look(d).Refusals {
			_ = d.AskAgain(p.t.Context(), r.Question.ID) // one may be about two questions
		}
	},
	"accepts everything else": func(p *page) {
		p.answers(func(q plan.Question) bool { return !p.sameQuestion(q) }, plan.Answer{Accept: true, Password: testPassword, Keeps: &plan.Keeps{}})
	},
	"rejects everything else": func(p *page) {
		p.answers(func(q plan.Question) bool { return !p.sameQuestion(q) }, plan.Answer{Reason: "no"})
	},
	"accepts, and it is undone": func(p *page) {
		p.answers(p.sameQuestion, p.answer)
		p.imported()
		if p.subject.IsZero() || p.dn().String() == "" {
			return
		}
		p.set(p.dn(), "userAccountControl", "514")
		if p.q.Group != nil && slices.Contains(p.get(p.group(p.q.Group.CN), "member").Texts("member"), p.dn().String()) {
			p.leave(p.q.Group.CN, p.dn())
		}
	},
	"gives the account to another": func(p *page) {
		if p.jane == nil {
			p.jane = &schema.User{CN: "Jane Doe", SAMAccountName: "jane", Attributes: schema.Attributes{}}
		}
		again := *p.jane
		again.ObjectGUID = p.anchor("Jane Doe the third")
		p.jane = &again
		p.export()
		p.imported()
		p.imported()
		p.answers(func(q plan.Question) bool { return q.Kind == plan.Adopt }, plan.Answer{Accept: true, Keeps: &plan.Keeps{Password: true, Expiry: true, Memberships: true}})
	},
}

func (p *page) sameQuestion(q plan.Question) bool {
	return q.Kind == p.q.Kind && q.Person.CN == p.q.Person.CN && (q.Group == nil || q.Group.SID == p.q.Group.SID)
}

// answers are given to all that fit, one by one, on a page of today.
func (p *page) answers(fits func(plan.Question) bool, a plan.Answer) {
	d := p.colleague()
	for _, q := range p.look(d).Questions {
		if fits(q) {
			a.ID = q.ID
			if a.NewName = ""; q.Kind == plan.Name && a.Accept {
				a.NewName, a.TakeOver = p.answer.NewName, p.answer.TakeOver
			}
			_, err := d.Decide(p.t.Context(), []plan.Answer{a}, func(plan.Result) {})
			require.NoError(p.t, err)
		}
	}
}
