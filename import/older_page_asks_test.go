package importer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// pages are the questions, each as its page shows it, and how it is answered.
var pages = map[string]func(*page){
	"enable, new": func(p *page) {
		p.arriving()
		p.asks(plan.Enable, plan.Answer{Password: testPassword})
	},
	"enable, returned": func(p *page) {
		p.returned()
		p.asks(plan.Enable, plan.Answer{Password: testPassword})
	},
	"enable, returned, with the password it has": func(p *page) {
		p.returned()
		p.asks(plan.Enable, plan.Answer{Keep: true})
	},
	"enable, disabled by others": func(p *page) {
		p.employed()
		p.set(p.account("Jane Doe"), "userAccountControl", "514")
		p.asks(plan.Enable, plan.Answer{Keep: true})
	},
	"enable, ended by others": func(p *page) {
		p.employed()
		p.set(p.account("Jane Doe"), "accountExpires", p.at(10*24*time.Hour))
		p.asks(plan.Enable, plan.Answer{Keep: true})
	},
	"enable, taken over": func(p *page) {
		p.arriving(in("CN=t-Viewers"))
		p.stray(*p.jane)
		p.asks(plan.Name, plan.Answer{TakeOver: true, Keeps: &plan.Keeps{}})
		p.open()
		require.Equal(p.t, plan.Done, p.decide(p.desk, p.answer)[0].Outcome)
		p.export()
		p.imported()
		p.asks(plan.Enable, plan.Answer{Password: testPassword})
	},
	"join, listed": func(p *page) {
		p.employed(in("CN=t-Admins"))
		p.asks(plan.Join, plan.Answer{})
	},
	"join, privileged": func(p *page) {
		p.nest("p-Viewers", p.domainAdmins())
		p.employed(in("CN=t-Viewers"))
		p.asks(plan.Join, plan.Answer{})
	},
	"join, nested in a listed one": func(p *page) {
		p.nest("p-Viewers", p.group("p-Admins"))
		p.employed(in("CN=t-Viewers"))
		p.asks(plan.Join, plan.Answer{})
	},
	"leave": func(p *page) {
		p.with(olderPageConfig + `, "approve": {"leave": true}`)
		p.employed(in("CN=t-Viewers"))
		p.jane.MemberOf = nil
		p.asks(plan.Leave, plan.Answer{})
	},
	"disable": func(p *page) {
		p.with(olderPageConfig + `, "approve": {"disable": true, "leave": true}`)
		p.employed(in("CN=t-Viewers"))
		p.jane = nil
		p.asks(plan.Disable, plan.Answer{})
	},
	"name, another one": func(p *page) {
		p.arriving()
		p.user(p.ou.Child("CN", "Another Jane"), "jane", nil)
		p.asks(plan.Name, plan.Answer{NewName: "jane2"})
	},
	"name, of an account that is renamed": func(p *page) {
		p.employed()
		p.user(p.ou.Child("CN", "Another Jane"), "jdoe", nil)
		p.jane.SAMAccountName = "jdoe"
		p.asks(plan.Name, plan.Answer{NewName: "jane2"})
	},
	"name, taking over": func(p *page) {
		p.arriving(in("CN=t-Viewers"))
		p.stray(*p.jane)
		p.asks(plan.Name, plan.Answer{TakeOver: true})
	},
	"name, taking over with what it has": func(p *page) {
		p.arriving(in("CN=t-Viewers", "CN=t-Admins"))
		p.user(p.ou.Child("CN", "Another Jane"), "jane", nil)
		p.asks(plan.Name, plan.Answer{TakeOver: true, Keeps: &plan.Keeps{Password: true, Expiry: true, Memberships: true}})
	},
	"adopt, one name alike": func(p *page) {
		p.arriving(in("CN=t-Admins"))
		p.user(p.account("Jane Doe"), "jdoe", nil)
		p.asks(plan.Adopt, plan.Answer{Keeps: &plan.Keeps{Password: true, Expiry: true, Memberships: true}})
	},
	"adopt, both names": func(p *page) {
		p.arriving()
		p.user(p.account("Jane Doe"), "jane", nil)
		p.asks(plan.Adopt, plan.Answer{Keeps: &plan.Keeps{}})
	},
	"adopt, anchored by nobody knows whom": func(p *page) {
		p.arriving()
		p.user(p.account("Jane Doe"), "jane", map[string]string{"adminDescription": p.anchorValue(p.jane)})
		p.asks(plan.Adopt, plan.Answer{})
	},
	"adopt, anchored outside": func(p *page) {
		p.arriving()
		p.user(p.ou.Child("CN", "Jane Doe"), "jane", map[string]string{"adminDescription": p.anchorValue(p.jane)})
		p.asks(plan.Adopt, plan.Answer{})
	},
	"adopt, same mail": func(p *page) {
		p.arriving()
		p.user(p.ou.Child("CN", "Jane Doe"), "jdoe", map[string]string{"mail": "jane@corp.example"})
		p.asks(plan.Adopt, plan.Answer{})
	},
	"adopt, matched by number, with all it has": func(p *page) {
		p.matched("employeeID", map[string]string{"employeeID": "4711" + p.suffix})
		p.asks(plan.Adopt, plan.Answer{Keeps: &plan.Keeps{Password: true, Expiry: true, Memberships: true, Names: true, Values: true}})
	},
	"adopt, matched by number, with nothing it has": func(p *page) {
		p.matched("employeeID", map[string]string{"employeeID": "4711" + p.suffix})
		p.asks(plan.Adopt, plan.Answer{Keeps: &plan.Keeps{}})
	},
	"adopt, matched by mail": func(p *page) {
		p.matched("mail", map[string]string{"mail": "jane@corp.example"})
		p.asks(plan.Adopt, plan.Answer{Keeps: &plan.Keeps{Password: true, Names: true}})
	},
	"adopt, made anew": func(p *page) {
		p.employed(in("CN=t-Viewers"))
		p.jane.ObjectGUID = p.anchor("Jane Doe the second")
		p.asks(plan.Adopt, plan.Answer{})
		p.export()
		p.imported()
	},
	"adopt, from another source": func(p *page) {
		p.arriving(in("CN=t-Viewers"))
		p.user(p.account("Jane Doe"), "jane", map[string]string{"userAccountControl": "514", "adminDescription": "ad-user-sync:" + p.anchor("Jane of works") + "@works.example"})
		p.asks(plan.Adopt, plan.Answer{})
	},
	"create, seen nowhere": func(p *page) {
		p.employed()
		require.NoError(p.t, p.mem.Delete(p.account("Jane Doe")))
		p.asks(plan.Create, plan.Answer{})
	},
}

func (p *page) asks(kind plan.Kind, a plan.Answer) {
	p.kind, p.answer = kind, a
	p.answer.Accept = true
}

// matched is Jane, who has an account under other names outside the container.
func (p *page) matched(key string, attributes map[string]string) {
	p.with(strings.Replace(olderPageConfig, `"mail": {}`, `"mail": {}, "employeeID": {}, "givenName": {}, "sn": {}`, 1) +
		fmt.Sprintf(`, "match": {"keys": [%q], "within": [%q], "until": %q}`, key, p.staff().String(), p.now.AddDate(0, 0, 30).Format(time.DateOnly)))
	p.arriving(in("CN=t-Viewers"), has("employeeID", "4711"+p.suffix), has("givenName", "Jane"), has("sn", "Doe"))
	p.add(p.staff(), "organizationalUnit", nil)
	attributes["givenName"], attributes["sn"] = "Jane", "Doe"
	p.user(p.staff().Child("CN", "Doe J"), "jdoe", attributes)
}

// returned is Jane, whom one file did not have.
func (p *page) returned() {
	p.employed()
	p.run(p.file(slices.Clone(p.rest)...))
}

// at is a moment from now, as the directory writes it.
func (p *page) at(d time.Duration) string { return fmt.Sprint(adrules.FileTime(p.now.Add(d))) }

func (p *page) anchorValue(u *schema.User) string {
	return "ad-user-sync:" + u.ObjectGUID + "@corp.example"
}
