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

func (f founder) foundPrincipals() {
	users, builtins := f.store.at("CN=Users"), f.store.at("CN=Builtin")
	for _, g := range groupsInUsers {
		f.foundGroup(users, g, f.domain.sidOf(strconv.Itoa(g.rid)))
	}
	for _, g := range groupsInBuiltin {
		f.foundGroup(builtins, g, adrules.SID("S-1-5-32-"+strconv.Itoa(g.rid)))
	}
	f.foundAccount(users, "Administrator", 500, values{"userAccountControl": "66048", "adminCount": "1", "primaryGroupID": "513"})
	f.foundAccount(users, "Guest", 501, values{"userAccountControl": "66082", "primaryGroupID": "514"})
	f.foundAccount(users, "krbtgt", 502, values{"userAccountControl": "514", "adminCount": "1",
		"servicePrincipalName": "kadmin/changepw", "showInAdvancedViewOnly": "TRUE"})
	f.make(f.store.at("OU=Domain Controllers"), rdn{"CN", "DC1"}, "computer", values{"sAMAccountName": "DC1$", "userAccountControl": "532480",
		"primaryGroupID": "516", "isCriticalSystemObject": "TRUE", "dNSHostName": "dc1." + f.domain.name,
		"objectSid": string(f.domain.sidOf("1000").Bytes()), "servicePrincipalName": "ldap/dc1." + f.domain.name})
	for group, members := range wellKnownMembers {
		for _, member := range members {
			f.store.link(f.store.at(group), "member", f.store.at(member).guid)
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

func (f founder) foundGroup(parent *object, g wellKnownGroup, sid adrules.SID) {
	v := values{"sAMAccountName": g.name, "groupType": strconv.Itoa(g.kind), "objectSid": string(sid.Bytes())}
	if g.rid < adrules.FirstUserRID {
		v["isCriticalSystemObject"] = "TRUE"
	}
	if g.guarded {
		v["adminCount"] = "1"
	}
	f.make(parent, rdn{"CN", g.name}, "group", v)
}

func (f founder) foundAccount(parent *object, name string, rid int, v values) {
	v["sAMAccountName"], v["isCriticalSystemObject"] = name, "TRUE"
	v["objectSid"] = string(f.domain.sidOf(strconv.Itoa(rid)).Bytes())
	f.make(parent, rdn{"CN", name}, "user", v)
}
