package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

// hundred is a target domain that has accounts for most people of the file, all made by
// hand, with names of their own.
type hundred struct {
	*crossing
	staff, second, services, elsewhere *place // the last is not within match.within
	team                               string // below the managed container
	house                              string // a group that no one mapped
	had                                []*account
}

// account is one that was there before.
type account struct {
	person int
	dn     string
	name   string // sAMAccountName
	sort   string
}

// The sorts of accounts, and what match has to make of them.
const (
	byNumber, inAnotherUnit, inTheContainer, belowIt, whileDisabled, withAnEnd = "by number", "in another unit", "in the container", "below it", "disabled", "with an end"
	otherSurname, byMail, byName, inAGuardedGroup                              = "another surname", "by mail", "by name", "in a guarded group"
	twice, protected, outside, aService, besideAService                        = "twice", "protected", "outside", "a service", "beside a service"
)

var sorts = []struct {
	sort  string
	n     int
	match string // as the command says
}{
	{byNumber, 52, "sure"}, {inAnotherUnit, 10, "sure"}, {inTheContainer, 10, "sure"}, {belowIt, 5, "sure"}, {whileDisabled, 5, "sure"}, {withAnEnd, 5, "sure"},
	{otherSurname, 1, "likely"}, {byMail, 2, "likely"}, {byName, 1, "likely"}, {inAGuardedGroup, 1, "likely"},
	{twice, 2, "several"}, {protected, 2, "barred"}, {outside, 2, "barred"}, {aService, 1, "barred"}, {besideAService, 1, "barred"},
}

// countOf are the people of whom match says this.
func countOf(match string) (n int) {
	for _, s := range sorts {
		if s.match == match {
			n += s.n
		}
	}
	return n
}

const withoutAccount = 30

func newHundred(t *testing.T) *hundred {
	withAccount := countOf("sure") + countOf("likely") + countOf("several") + countOf("barred")
	h := &hundred{crossing: newCrossingOf(t, withAccount+withoutAccount)}
	h.staff, h.second, h.services, h.elsewhere = newPlace(t, h.lab.Target), newPlace(t, h.lab.Target), newPlace(t, h.lab.Target), newPlace(t, h.lab.Target)
	h.team = "OU=Team," + h.target.ou
	h.target.Add(h.team, map[string][]string{"objectClass": {"organizationalUnit"}})
	h.lab.Target.Delegate(t, adtest.Rights{Container: h.target.ou, Elsewhere: []string{h.staff.ou, h.second.ou}})
	for i := range withAccount + withoutAccount {
		dn := h.source.dn(h.name(i))
		for attribute, value := range map[string]string{"employeeID": h.number(i), "givenName": "Person", "sn": h.surname(i), "mail": h.mail(i)} {
			h.source.Replace(dn, attribute, value)
		}
	}
	h.source.Replace(h.source.dn(h.name(withAccount)), "title", "Fitter") // so that the file has it, of all others as null
	h.house = h.services.dn("House")
	h.target.Add(h.house, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {"House" + h.target.mark}})
	i := 0
	for _, s := range sorts {
		for range s.n {
			h.makeAccount(i, s.sort)
			i++
		}
	}
	h.linkPolicies()
	h.importsWithMatch()
	h.write("export_config.json", map[string]any{"export_file": "users.json", "user_path": h.source.ou, "group_path": h.source.ou, "search_groups": []string{"CN=t-Viewers"}, "hmac_file": h.lab.HMAC,
		"attributes": []string{"displayName", "department", "employeeID", "givenName", "sn", "mail", "title"}, "directory": h.directory(h.lab.Source, "svc-export")})
	return h
}

func (h *hundred) importsWithMatch() {
	own := map[string]any{}
	for _, attribute := range []string{"displayName", "department", "employeeID", "givenName", "sn", "mail", "title"} {
		own[attribute] = map[string]any{}
	}
	h.configured(map[string]any{"group_map": map[string]any{"CN=t-Viewers": "CN=p-Viewers", "CN=t-Admins": "CN=p-Editors"}, "restricted_groups": []string{"CN=p-Editors"},
		"limits":     map[string]any{"update": map[string]any{"count": 200}, "join": map[string]any{"count": 200}}, // many were taken over
		"attributes": own, "match": map[string]any{"keys": []string{"employeeID", "mail", "sAMAccountName"},
			"within": []string{h.staff.ou, h.second.ou, h.services.ou}, "until": time.Now().AddDate(0, 0, 30).Format(time.DateOnly)}})
}

func (h *hundred) number(i int) string  { return fmt.Sprintf("00%03d-%s", i, h.source.mark) }
func (h *hundred) surname(i int) string { return fmt.Sprintf("Number %d", i) }
func (h *hundred) mail(i int) string {
	return fmt.Sprintf("p%d-%s@%s", i, h.source.mark, h.lab.Source.Name)
}

// makeAccount makes the account of somebody, as someone made it by hand years ago.
func (h *hundred) makeAccount(i int, sort string) {
	at := map[string]string{inAnotherUnit: h.second.ou, inTheContainer: h.target.ou, belowIt: h.team, outside: h.elsewhere.ou, aService: h.services.ou, besideAService: h.services.ou, protected: h.services.ou}[sort]
	if at == "" {
		at = h.staff.ou
	}
	ou, err := ad.ParseDN(at)
	require.NoError(h, err)
	a := &account{person: i, dn: ou.Child("CN", "Old "+h.name(i)).String(), name: fmt.Sprintf("o%d%s", i, h.target.mark), sort: sort}
	values := map[string][]string{"objectClass": {"user"}, "employeeID": {h.number(i)}, "givenName": {"Person"}, "sn": {h.surname(i)}, "title": {"Foreman"},
		"telephoneNumber": {fmt.Sprintf("+49 30 %d", i)}, "description": {"made by hand"}, "info": {"of before"}, "accountExpires": {"0"}, "logonHours": {strings.Repeat("\xff", 21)}}
	if i%3 == 0 {
		values["department"] = []string{"Ops"} // where the file has another one
	}
	if i%4 == 0 {
		values["mail"] = []string{strings.ToUpper(h.mail(i)[:1]) + h.mail(i)[1:]}
	}
	switch sort {
	case withAnEnd:
		values["accountExpires"] = []string{fmt.Sprint((time.Now().AddDate(0, 0, 40).Unix() + 11644473600) * 1e7)}
	case otherSurname:
		values["sn"] = []string{"Maiden"}
	case byMail:
		delete(values, "employeeID")
		values["mail"] = []string{h.mail(i)}
	case byName:
		delete(values, "employeeID")
		delete(values, "mail")
		a.name = h.account(i)
	}
	values["sAMAccountName"], values["userPrincipalName"] = []string{a.name}, []string{a.name + "@" + h.lab.Target.Name}
	p := h.staff
	p.User(a.dn, a.name, ofBefore, values)
	switch sort {
	case whileDisabled:
		p.Replace(a.dn, "userAccountControl", "514")
	case inAGuardedGroup:
		p.Join("CN=p-Editors,OU=Groups,"+p.Base, a.dn)
	case protected:
		p.Join("CN=Domain Admins,CN=Users,"+p.Base, a.dn)
	case aService:
		p.Replace(a.dn, "servicePrincipalName", "HTTP/"+a.name)
	case twice:
		other := *a
		other.name, other.dn = "t"+a.name[1:], h.elsewhere.dn("Twin "+h.name(i))
		values["sAMAccountName"], values["userPrincipalName"] = []string{other.name}, []string{other.name + "@" + p.Name}
		p.User(other.dn, other.name, ofBefore, values)
		h.had = append(h.had, &other)
	}
	if i%5 == 0 {
		p.Join(h.house, a.dn) // which is not mapped
	}
	h.had = append(h.had, a)
}

const ofBefore = "Of-Before-4711!"

// linkPolicies links group policies at the units, and one at the container.
func (h *hundred) linkPolicies() {
	for name, p := range map[string]*place{"Office": h.staff, "Plant": h.target} {
		dn := h.services.dn(name + " policy " + h.target.mark)
		p.Add(dn, map[string][]string{"objectClass": {"container"}, "displayName": {name + " policy"}})
		p.Replace(p.ou, "gPLink", "[LDAP://"+dn+";0]")
	}
}

// all is what every account had or has that matters, by account name: all attributes,
// memberships, the unit, and the access list.
func (h *hundred) all() map[string]map[string][]string {
	found := map[string]map[string][]string{}
	for _, base := range []string{h.staff.ou, h.second.ou, h.services.ou, h.elsewhere.ou, h.target.ou} {
		for dn := range h.target.Find(base, "(objectClass=user)", "cn") {
			has := h.target.Read(dn, "*", "nTSecurityDescriptor")
			name := has["sAMAccountName"][0]
			require.NotContains(h, found, name)
			parent, err := ad.ParseDN(dn)
			require.NoError(h, err)
			has["parent"] = []string{parent.Parent().String()}
			for _, volatile := range []string{"distinguishedName", "whenChanged", "uSNChanged", "dSCorePropagationData"} {
				delete(has, volatile)
			}
			for _, values := range has {
				slices.Sort(values)
			}
			found[name] = has
		}
	}
	return found
}

// changed are the attributes that differ.
func changed(was, has map[string][]string) (names []string) {
	for name := range maps.Keys(merged(was, has)) {
		if !slices.Equal(was[name], has[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func merged(a, b map[string][]string) map[string][]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
