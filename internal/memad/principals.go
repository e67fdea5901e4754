package memad

import (
	"strconv"

	"ad-user-sync/internal/adrules"
)

// Kinds of the groups every domain has.
const (
	global      = groupGlobal | groupSecurity
	domainLocal = groupDomainLocal | groupSecurity
	universal   = groupUniversal | groupSecurity
	builtin     = groupSystem | groupDomainLocal | groupSecurity
)

// wellKnownGroup is a group of MS-ADTS 6.1.1.6; guarded ones have adminCount
// (MS-ADTS 3.1.1.6.1).
type wellKnownGroup struct {
	name    string
	rid     int
	kind    int
	guarded bool
}

var groupsInUsers = []wellKnownGroup{
	{"Enterprise Read-only Domain Controllers", 498, universal, false},
	{"Domain Admins", 512, global, true}, {"Domain Users", 513, global, false}, {"Domain Guests", 514, global, false},
	{"Domain Computers", 515, global, false}, {"Domain Controllers", 516, global, true},
	{"Cert Publishers", 517, domainLocal, false}, {"Schema Admins", 518, universal, true},
	{"Enterprise Admins", 519, universal, true}, {"Group Policy Creator Owners", 520, global, false},
	{"Read-only Domain Controllers", 521, global, true}, {"Cloneable Domain Controllers", 522, global, false},
	{"Protected Users", 525, global, false}, {"Key Admins", 526, global, true}, {"Enterprise Key Admins", 527, universal, true},
	{"RAS and IAS Servers", 553, domainLocal, false}, {"Allowed RODC Password Replication Group", 571, domainLocal, false},
	{"Denied RODC Password Replication Group", 572, domainLocal, false},
	{"DnsAdmins", 1101, domainLocal, false}, {"DnsUpdateProxy", 1102, global, false},
}

var groupsInBuiltin = []wellKnownGroup{
	{"Administrators", 544, builtin, true}, {"Users", 545, builtin, false}, {"Guests", 546, builtin, false},
	{"Account Operators", 548, builtin, true}, {"Server Operators", 549, builtin, true}, {"Print Operators", 550, builtin, true},
	{"Backup Operators", 551, builtin, true}, {"Replicator", 552, builtin, true},
	{"Pre-Windows 2000 Compatible Access", 554, builtin, false}, {"Remote Desktop Users", 555, builtin, false},
	{"Network Configuration Operators", 556, builtin, false}, {"Performance Monitor Users", 558, builtin, false},
	{"Performance Log Users", 559, builtin, false}, {"Distributed COM Users", 562, builtin, false},
	{"Event Log Readers", 573, builtin, false}, {"Remote Management Users", 580, builtin, false},
}

func (d *Directory) foundPrincipals() {
	users, builtins := d.at("CN=Users"), d.at("CN=Builtin")
	for _, g := range groupsInUsers {
		d.foundGroup(users, g, d.domain.sidOf(strconv.Itoa(g.rid)))
	}
	for _, g := range groupsInBuiltin {
		d.foundGroup(builtins, g, adrules.SID("S-1-5-32-"+strconv.Itoa(g.rid)))
	}
	administrator := d.foundAccount(users, "Administrator", 500, values{"userAccountControl": "66048", "adminCount": "1", "primaryGroupID": "513"})
	d.foundAccount(users, "Guest", 501, values{"userAccountControl": "66082", "primaryGroupID": "514"})
	d.foundAccount(users, "krbtgt", 502, values{"userAccountControl": "514", "adminCount": "1",
		"servicePrincipalName": "kadmin/changepw", "showInAdvancedViewOnly": "TRUE"})
	d.make(d.at("OU=Domain Controllers"), rdn{"CN", "DC1"}, "computer", values{"sAMAccountName": "DC1$", "userAccountControl": "532480",
		"primaryGroupID": "516", "isCriticalSystemObject": "TRUE", "dNSHostName": "dc1." + d.domain.name,
		"objectSid": string(d.domain.sidOf("1000").Bytes()), "servicePrincipalName": "ldap/dc1." + d.domain.name})
	d.identity = administrator.guid
	for group, members := range wellKnownMembers {
		for _, member := range members {
			d.link(d.at(group), "member", d.at(member).guid)
		}
	}
}

var wellKnownMembers = map[string][]string{
	"CN=Domain Admins,CN=Users": {"CN=Administrator,CN=Users"}, "CN=Schema Admins,CN=Users": {"CN=Administrator,CN=Users"},
	"CN=Enterprise Admins,CN=Users":           {"CN=Administrator,CN=Users"},
	"CN=Group Policy Creator Owners,CN=Users": {"CN=Administrator,CN=Users"},
	"CN=Administrators,CN=Builtin":            {"CN=Administrator,CN=Users", "CN=Domain Admins,CN=Users", "CN=Enterprise Admins,CN=Users"},
	"CN=Users,CN=Builtin":                     {"CN=Domain Users,CN=Users"},
	"CN=Guests,CN=Builtin":                    {"CN=Guest,CN=Users", "CN=Domain Guests,CN=Users"},
}

func (d *Directory) foundGroup(parent *object, g wellKnownGroup, sid adrules.SID) {
	v := values{"sAMAccountName": g.name, "groupType": strconv.Itoa(g.kind), "objectSid": string(sid.Bytes())}
	if g.rid < adrules.FirstUserRID {
		v["isCriticalSystemObject"] = "TRUE"
	}
	if g.guarded {
		v["adminCount"] = "1"
	}
	d.make(parent, rdn{"CN", g.name}, "group", v)
}

func (d *Directory) foundAccount(parent *object, name string, rid int, v values) *object {
	v["sAMAccountName"], v["isCriticalSystemObject"] = name, "TRUE"
	v["objectSid"] = string(d.domain.sidOf(strconv.Itoa(rid)).Bytes())
	return d.make(parent, rdn{"CN", name}, "user", v)
}

// at finds an object by its name relative to the domain; the objects it is
// asked for exist.
func (d *Directory) at(relative string) *object {
	dn, err := d.domain.base.Join(relative)
	if err != nil {
		panic(err)
	}
	return d.find(dn)
}
