package adtest

import (
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// attempts are what docs/rights.md promises: what is granted, what is refused,
// and what no right can refuse.
var attempts = []attempt{
	{"create a disabled user", true, true, create("Managed", "user", "514")},
	{"rename a user", true, true, move("Managed", "")},
	{"change an account name", true, true, onPerson("sAMAccountName", "n{random}")},
	{"change a userPrincipalName", true, true, onPerson("userPrincipalName", "n{random}@plant.example")},
	{"change an expiry", true, true, onPerson("accountExpires", "134432316000000000")},
	{"stamp the anchor", true, true, onPerson("adminDescription", "ad-user-sync:x")},
	{"write a mapped attribute", true, true, onPerson("department", "Sales")},
	{"disable", true, true, onPerson("userAccountControl", "514")},
	{"change members of a mapped group", true, true, changeMember("mapped")},
	{"change members of a guarded group", false, true, changeMember("guarded")},
	{"set a password", false, true, onPerson("unicodePwd", string(utf16LE(`"Correct-Horse-7!"`)))},
	{"demand a new password", false, true, onPerson("pwdLastSet", "0")},
	{"move in from where accounts may be taken over", false, true, move("Elsewhere", "Managed")},

	{"create a user elsewhere", false, false, create("Other", "user", "514")},
	{"create a user where accounts may be taken over", false, false, create("Elsewhere", "user", "514")},
	{"create a computer", false, false, create("Managed", "computer", "4096")},
	{"create a group", false, false, create("Managed", "group", "")},
	{"create an inetOrgPerson", false, false, create("Managed", "inetOrgPerson", "514")},
	{"change a user elsewhere", false, false, on("Other", "department", "Sales")},
	{"disable a user elsewhere", false, false, on("Elsewhere", "userAccountControl", "514")},
	{"set a password elsewhere", false, false, on("Elsewhere", "unicodePwd", string(utf16LE(`"Correct-Horse-7!"`)))},
	{"move a user in", false, false, move("Other", "Managed")},
	{"move a user out", false, false, move("Managed", "Other")},
	{"delete a user", false, false, func(d *delegated, conn *ldap.Conn) error {
		return conn.Del(ldap.NewDelRequest(d.person("Managed"), nil))
	}},
	{"delete the container", false, false, func(d *delegated, conn *ldap.Conn) error {
		return conn.Del(ldap.NewDelRequest(d.in("Managed"), nil))
	}},
	{"change the container", false, false, container("description", "x")},
	{"link a group policy", false, false, container("gPLink", "[LDAP://CN={31B2F340-016D-11D2-945F-00C04FB984F9},CN=Policies,CN=System,DC=plant,DC=example;0]")},
	{"change the container's access list", false, false, func(d *delegated, conn *ldap.Conn) error {
		return writeDescriptor(d, conn, d.in("Managed"), accessList)
	}},
	{"change a user's access list", false, false, func(d *delegated, conn *ldap.Conn) error {
		return writeDescriptor(d, conn, d.person("Managed"), accessList)
	}},
	{"own a user", false, false, func(d *delegated, conn *ldap.Conn) error {
		return writeDescriptor(d, conn, d.person("Managed"), owner)
	}},
	{"change the members of another group", false, false, changeMember("other")},
	{"change the members of an administrative group", false, false, func(d *delegated, conn *ldap.Conn) error {
		return addMember(conn, "CN=Domain Admins,CN=Users,"+d.base, d.person("Managed"))
	}},
	{"rename a mapped group", false, false, func(d *delegated, conn *ldap.Conn) error {
		return conn.ModifyDN(ldap.NewModifyDNRequest(d.group("mapped"), "CN=renamed", true, ""))
	}},
	{"trust for delegation", false, false, onPerson("userAccountControl", fmt.Sprint(0x202|0x80000))},
	{"trust to authenticate for others", false, false, onPerson("userAccountControl", fmt.Sprint(0x202|0x1000000))},
	{"servicePrincipalName", false, false, onPerson("servicePrincipalName", "http/{random}")},
	{"altSecurityIdentities", false, false, onPerson("altSecurityIdentities", "X509:<S>CN=x")},
	{"msDS-AllowedToDelegateTo", false, false, onPerson("msDS-AllowedToDelegateTo", "http/x")},
	{"msDS-AllowedToActOnBehalfOfOtherIdentity", false, false, onPerson("msDS-AllowedToActOnBehalfOfOtherIdentity", "x")},
	{"scriptPath", false, false, onPerson("scriptPath", `\\evil\x.cmd`)},
	{"userWorkstations", false, false, onPerson("userWorkstations", "x")},
	{"primaryGroupID", false, false, onPerson("primaryGroupID", "512")},
	{"adminCount", false, false, onPerson("adminCount", "1")},
	{"an attribute that is not mapped", false, false, onPerson("thumbnailPhoto", "x")},
	{"lockoutTime", false, true, onPerson("lockoutTime", "0")},

	// What rights cannot separate.
	{"enable", true, true, onPerson("userAccountControl", "512")},
	{"need no Kerberos pre-authentication", true, true, onPerson("userAccountControl", fmt.Sprint(0x202|0x400000))},
	// Windows refuses this, by the entry for OWNER RIGHTS (MS-DTYP 2.5.3.2);
	// Samba 4.17 does not look at that one.
	{"change the access list of a user it created", true, true, func(d *delegated, conn *ldap.Conn) error {
		dn := d.newDN("Managed")
		d.must(conn.Add(newObject(dn, "user", "514")), "create "+dn)
		return writeDescriptor(d, conn, dn, accessList)
	}},
	{"create with a password, enabled, and with any attribute", true, true, func(d *delegated, conn *ldap.Conn) error {
		request := newObject(d.newDN("Managed"), "user", "512")
		request.Attribute("unicodePwd", []string{string(utf16LE(`"Correct-Horse-7!"`))})
		request.Attribute("scriptPath", []string{`\\evil\x.cmd`})
		request.Attribute("servicePrincipalName", []string{"http/" + randomName(12)})
		return conn.Add(request)
	}},
}

func newObject(dn, class, control string) *ldap.AddRequest {
	request := ldap.NewAddRequest(dn, nil)
	request.Attribute("objectClass", []string{class})
	name := randomName(12)
	if class == "computer" {
		name += "$"
	}
	request.Attribute("sAMAccountName", []string{name})
	if control != "" {
		request.Attribute("userAccountControl", []string{control})
	}
	if class == "inetOrgPerson" {
		request.Attribute("sn", []string{"x"})
	}
	return request
}

func create(where, class, control string) func(*delegated, *ldap.Conn) error {
	return func(d *delegated, conn *ldap.Conn) error {
		return conn.Add(newObject(d.newDN(where), class, control))
	}
}

// on writes an attribute of a fresh account.
func on(where, attribute, value string) func(*delegated, *ldap.Conn) error {
	return func(d *delegated, conn *ldap.Conn) error {
		return set(d.person(where), attribute, strings.ReplaceAll(value, "{random}", randomName(12)))(conn)
	}
}

func onPerson(attribute, value string) func(*delegated, *ldap.Conn) error {
	return on("Managed", attribute, value)
}

func container(attribute, value string) func(*delegated, *ldap.Conn) error {
	return func(d *delegated, conn *ldap.Conn) error { return set(d.in("Managed"), attribute, value)(conn) }
}

// move returns a fresh account a new name, and to another place unless that is "".
func move(from, to string) func(*delegated, *ldap.Conn) error {
	return func(d *delegated, conn *ldap.Conn) error {
		parent := ""
		if to != "" {
			parent = d.in(to)
		}
		dn := d.person(from)
		rdn, _, _ := strings.Cut(dn, ",")
		return conn.ModifyDN(ldap.NewModifyDNRequest(dn, rdn+" new", true, parent))
	}
}

func changeMember(group string) func(*delegated, *ldap.Conn) error {
	return func(d *delegated, conn *ldap.Conn) error { return addMember(conn, d.group(group), d.person("Managed")) }
}

func addMember(conn *ldap.Conn, group, member string) error {
	request := ldap.NewModifyRequest(group, nil)
	request.Add("member", []string{member})
	return conn.Modify(request)
}
