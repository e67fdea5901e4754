package importer

import (
	"time"

	"ad-user-sync/schema"
)

// janes changes what the file has of Jane, if it has her.
func janes(f func(p *page, u *schema.User)) func(*page) {
	return func(p *page) {
		if p.jane != nil {
			u := *p.jane
			f(p, &u)
			p.jane = &u
		}
	}
}

// ofFile are changes in the source.
var ofFile = map[string]func(*page){
	"without Jane":    func(p *page) { p.jane = nil },
	"Jane is back":    func(p *page) { back(p, "Jane Doe") },
	"Jane is another": func(p *page) { back(p, "Jane Doe the second") },
	"without Jane, and with her again": func(p *page) {
		jane := p.jane
		p.jane = nil
		p.export()
		p.imported()
		p.imported()
		p.jane = jane
	},
	"disabled":    janes(func(_ *page, u *schema.User) { u.Disabled = true }),
	"expired":     janes(func(p *page, u *schema.User) { at := p.now.Add(-time.Hour); u.AccountExpires = &at }),
	"ends soon":   janes(func(p *page, u *schema.User) { at := p.now.Add(24 * time.Hour); u.AccountExpires = &at }),
	"called John": janes(func(_ *page, u *schema.User) { u.CN = "John Smith" }),
	"named john":  janes(func(_ *page, u *schema.User) { u.SAMAccountName = "john" }),
	"is John": janes(func(_ *page, u *schema.User) {
		u.CN, u.SAMAccountName = "John Smith", "john"
		u.Attributes = schema.AttributesOf(map[string]schema.Value{"displayName": {List: []string{"John Smith"}}})
	}),
	"swaps names with Max": janes(func(p *page, u *schema.User) {
		max := &p.rest[0]
		u.CN, max.CN, u.SAMAccountName, max.SAMAccountName = max.CN, u.CN, max.SAMAccountName, u.SAMAccountName
	}),
	"swaps anchors with Max": janes(func(p *page, u *schema.User) {
		max := &p.rest[0]
		u.ObjectGUID, max.ObjectGUID = max.ObjectGUID, u.ObjectGUID
	}),
	"all groups": janes(func(_ *page, u *schema.User) { u.MemberOf = []string{"CN=t-Viewers", "CN=t-Editors", "CN=t-Admins"} }),
	"no groups":  janes(func(_ *page, u *schema.User) { u.MemberOf = nil }),
	"made anew":  janes(func(p *page, u *schema.User) { u.ObjectGUID = p.anchor("Jane Doe the third") }),
	"made anew, beside the former": janes(func(p *page, u *schema.User) {
		former := *u
		former.CN, former.SAMAccountName, former.Disabled = "Jane Former", "former", true
		p.rest = append(p.rest, former)
		u.ObjectGUID = p.anchor("Jane Doe the third")
	}),
	"other mail":         janes(func(_ *page, u *schema.User) { has("mail", "other@corp.example")(u) }),
	"Max's mail":         janes(func(p *page, u *schema.User) { has("mail", "jane@corp.example")(&p.rest[0]) }),
	"other display name": janes(func(_ *page, u *schema.User) { has("displayName", "Dr. Jane Doe")(u) }),
	"a namesake": func(p *page) {
		p.rest = append(p.rest, p.person("Jane Doe", func(u *schema.User) { u.ObjectGUID, u.SAMAccountName = p.anchor("namesake"), "jdoe2" }))
	},
	"a namesake first": func(p *page) {
		p.rest = append(p.rest, p.person("Jane Doe", func(u *schema.User) {
			u.ObjectGUID, u.SAMAccountName = "00000000-0000-0000-0000-000000000001", "jdoe2"
		}))
	},
	"older":             func(p *page) { p.stamp = p.stamp.Add(-30 * 24 * time.Hour) },
	"of another domain": func(p *page) { p.other = &schema.Source{Domain: "other.example", Scope: "5c09e", Tool: "test"} },
}

// back is someone with Jane's names, where no one has them.
func back(p *page, who string) {
	if p.jane == nil {
		jane := p.person("Jane Doe", func(u *schema.User) { u.ObjectGUID = p.anchor(who) }, has("mail", "jane@corp.example"))
		p.jane = &jane
	}
}

func configured(more string) func(*page) { return func(p *page) { p.with(more) } }

// ofConfiguration are other configurations; an import runs with it, and the page
// belongs to a process that has read the former one.
var ofConfiguration = map[string]func(*page){
	"more listed": func(p *page) {
		p.listed[p.get(p.group("p-Viewers"), "objectSid").SID()] = true
		p.listed[p.get(p.group("p-Editors"), "objectSid").SID()] = true
		p.with(`"restricted_groups": ["p-Admins", "p-Board", "p-Viewers", "p-Editors"], "attributes": {"displayName": {}, "mail": {}}`)
		janes(func(_ *page, u *schema.User) { u.MemberOf = []string{"CN=t-Viewers", "CN=t-Editors"} })(p)
	},
	"none listed": configured(`"attributes": {"displayName": {}, "mail": {}}`),
	"groups elsewhere": func(p *page) {
		p.with(olderPageConfig)
		p.cfg.GroupMap = map[string]schema.OneOrMore{"t-Admins": {"p-Viewers"}, "t-Viewers": {"p-Admins"}, "t-Editors": {"p-Board"}}
	},
	"other end":        configured(olderPageConfig + `, "expiration_time": "P3D"`),
	"other attributes": configured(`"restricted_groups": ["p-Admins", "p-Board"], "attributes": {}`),
	"other names":      configured(olderPageConfig + `, "account_name_pattern": "^x[a-z]+$"`),
	"prefix":           configured(olderPageConfig + `, "prefix_common_names": "x-"`),
	"approves all":     configured(olderPageConfig + `, "approve": {"disable": true, "leave": true}`),
	"approves nothing": configured(olderPageConfig + `, "approve": {"disable": false, "leave": false}`),
	"other container": func(p *page) {
		p.with(olderPageConfig)
		p.cfg.ManagedUserPath = p.ou.Child("OU", "Managed Too").String()
	},
}
