package adtest

import (
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// delegated is a place where svc-import and svc-approver have their rights and
// the administrator prepares what they try.
type delegated struct {
	*Admin
	domain Domain
	ou     string
	n      int
}

func newDelegated(t *testing.T) *delegated {
	domain := Lab(t).Target
	d := &delegated{Admin: domain.Admin(t), domain: domain}
	d.ou = d.OU()
	for _, name := range []string{"OU=Managed", "OU=Elsewhere", "OU=Other"} {
		d.Add(name+","+d.ou, map[string][]string{"objectClass": {"organizationalUnit"}})
	}
	for _, name := range []string{"mapped", "guarded", "other"} {
		d.Add(d.group(name), map[string][]string{"objectClass": {"group"}, "sAMAccountName": {name + "-" + randomName(8)}})
	}
	return d
}

func (d *delegated) in(name string) string    { return "OU=" + name + "," + d.ou }
func (d *delegated) group(name string) string { return "CN=" + name + "," + d.ou }

func (d *delegated) rights(options ...string) Rights {
	return Rights{Container: d.in("Managed"), Groups: []string{d.group("mapped")}, Guarded: []string{d.group("guarded")}, Elsewhere: []string{d.in("Elsewhere")}, Options: options}
}

func (d *delegated) bind(account string) *ldap.Conn {
	d.t.Helper()
	conn, err := d.domain.bind(account, d.domain.Password(d.t, account))
	require.NoError(d.t, err)
	d.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// newDN names something that is not there yet.
func (d *delegated) newDN(where string) string {
	d.n++
	return fmt.Sprintf("CN=p%03d,OU=%s,%s", d.n, where, d.ou)
}

// person is a fresh account, disabled, that the administrator made.
func (d *delegated) person(where string) string {
	dn := d.newDN(where)
	d.Add(dn, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {randomName(12)}, "userAccountControl": {"514"}})
	return dn
}

// grantedAttributes are those that rights.txt lets an account write.
func (d *delegated) grantedAttributes(who string) (names []string) {
	text, err := os.ReadFile(d.domain.rightsFile("rights.txt"))
	require.NoError(d.t, err)
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) < 5 || f[0] != "both" && f[0] != who || f[1] != "container" || !slices.Contains([]string{"always", "default", "anchor"}, f[2]) {
			continue
		}
		if right := strings.Split(f[4], ";"); right[0] == "WP" {
			names = append(names, strings.ReplaceAll(right[1], "%anchor%", "adminDescription"))
		}
	}
	slices.Sort(names)
	return names
}

func TestRightsGivenTwiceAreGivenOnce(t *testing.T) {
	d := newDelegated(t)
	shown := d.domain.Delegate(t, d.rights("--show"))
	assert.Greater(t, len(shown), 60)
	assert.Equal(t, shown, d.domain.Delegate(t, d.rights()), "what was shown is done")
	assert.Empty(t, d.domain.Delegate(t, d.rights()))
	again, _, err := d.domain.runDelegate(d.rights(), d.domain.PasswordFile("Administrator"))
	require.NoError(t, err)
	assert.Regexp(t, `^OU=Managed,.*: [0-9]+ entries are there already\n`, again, "a second run says what is there")
	assert.Len(t, d.domain.Delegate(t, d.rights("--leave-guarded", "--can-not-change-password")), 2)
	assert.Len(t, d.domain.Delegate(t, d.rights("--undo", "--show")), len(shown)+2)
	assert.Len(t, d.domain.Delegate(t, d.rights("--undo")), len(shown)+2)
	assert.Empty(t, d.domain.Delegate(t, d.rights("--undo")))
	again, _, err = d.domain.runDelegate(d.rights("--undo"), d.domain.PasswordFile("Administrator"))
	require.NoError(t, err)
	assert.Contains(t, again, d.in("Managed")+": nothing to take away\n")
	assert.Equal(t, shown, d.domain.Delegate(t, d.rights("--show")), "as it was before")

	_, faults, err := d.domain.runDelegate(d.rights("--show"), d.domain.PasswordFile("svc-import"))
	assert.Error(t, err)
	assert.Contains(t, faults, "log on to ldap://"+d.domain.Address+" as Administrator: the name or password is wrong")
	assert.NotContains(t, faults, "Traceback")
}

// The directory's own word on what each may write: the table, and nothing of
// all the schema knows besides.
func TestOnlyWhatTheTableSaysMayBeWritten(t *testing.T) {
	d := newDelegated(t)
	d.domain.Delegate(t, d.rights())
	for account, who := range map[string]string{"svc-import": "unattended", "svc-approver": "approvers"} {
		conn := d.bind(account)
		granted := slices.DeleteFunc(d.grantedAttributes(who), func(name string) bool { return name == "name" }) // Samba leaves it out
		assert.Equal(t, effective{attributes: granted}, d.effective(conn, d.person("Managed")), account)
		assert.Equal(t, effective{classes: []string{"user"}}, d.effective(conn, d.in("Managed")), account)
		assert.Equal(t, effective{attributes: []string{"member"}}, d.effective(conn, d.group("mapped")), account)
		assert.Equal(t, effective{}, d.effective(conn, d.group("other")), account)
		assert.Equal(t, effective{}, d.effective(conn, d.person("Other")), account)
		assert.Equal(t, effective{}, d.effective(conn, d.in("Other")), account)
	}
	assert.Equal(t, effective{}, d.effective(d.bind("svc-import"), d.group("guarded")))
	assert.Equal(t, effective{attributes: []string{"member"}}, d.effective(d.bind("svc-approver"), d.group("guarded")))
	assert.Equal(t, effective{}, d.effective(d.bind("svc-import"), d.person("Elsewhere")))
	assert.Equal(t, effective{attributes: []string{"cn"}}, d.effective(d.bind("svc-approver"), d.person("Elsewhere")))
}

// Of what comes with the domain, either may change what everybody may.
func TestNothingElsewhereMayBeWritten(t *testing.T) {
	d := newDelegated(t)
	mine := d.domain.rights()
	nobody := "nobody-" + randomName(8)
	d.User(d.newDN("Other"), nobody, "Correct-Horse-7!", nil)
	plain, err := d.domain.bind(nobody, "Correct-Horse-7!")
	require.NoError(t, err)
	defer plain.Close()
	anybody := d.ofTheDomain(plain)
	assert.Greater(t, len(anybody), 200)
	for _, account := range []string{"svc-import", "svc-approver"} {
		may := d.ofTheDomain(d.bind(account))
		for _, dn := range append(slices.Concat(mine.Groups, mine.Guarded), "CN="+account+",CN=Users,"+d.base) {
			delete(may, dn)
		}
		for dn, e := range may {
			assert.Equal(t, anybody[dn], e, "%s on %s", account, dn)
		}
	}
}

// ofTheDomain is what an account may do to all that comes with a domain.
func (d *delegated) ofTheDomain(conn *ldap.Conn) map[string]effective {
	all := d.allEffective(conn, d.base, ldap.ScopeBaseObject)
	for _, base := range []string{"CN=Users", "CN=Builtin", "CN=Computers", "CN=System", "OU=Domain Controllers", "OU=Groups", "CN=Configuration"} {
		maps.Copy(all, d.allEffective(conn, base+","+d.base, ldap.ScopeWholeSubtree))
	}
	return all
}

// effective is what an account may do to an object (MS-ADTS 3.1.1.4.5.20 to
// 26): attributes to write, classes to create below, parts of the descriptor.
type effective struct {
	attributes, classes []string
	descriptor          string
}

func (d *delegated) effective(conn *ldap.Conn, dn string) effective {
	d.t.Helper()
	return d.allEffective(conn, dn, ldap.ScopeBaseObject)[dn]
}

func (d *delegated) allEffective(conn *ldap.Conn, base string, scope int) map[string]effective {
	d.t.Helper()
	found, err := conn.SearchWithPaging(ldap.NewSearchRequest(base, scope, 0, 0, 0, false, "(objectClass=*)",
		[]string{"allowedAttributesEffective", "allowedChildClassesEffective", "sDRightsEffective"}, nil), 200)
	require.NoError(d.t, err)
	all := map[string]effective{}
	for _, e := range found.Entries {
		got := effective{e.GetAttributeValues("allowedAttributesEffective"), e.GetAttributeValues("allowedChildClassesEffective"), strings.Trim(e.GetAttributeValue("sDRightsEffective"), "0")}
		slices.Sort(got.attributes)
		all[e.DN] = effective{orNil(got.attributes), orNil(got.classes), got.descriptor}
	}
	return all
}

func orNil(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}

// attempt is an operation and who of the two may do it.
type attempt struct {
	what                 string
	unattended, approver bool
	do                   func(d *delegated, conn *ldap.Conn) error
}

func TestWhatEachMayAndMayNotDo(t *testing.T) {
	d := newDelegated(t)
	d.domain.Delegate(t, d.rights())
	unattended, approver := d.bind("svc-import"), d.bind("svc-approver")
	for _, a := range attempts {
		t.Run(a.what, func(t *testing.T) {
			for account, one := range map[string]struct {
				conn *ldap.Conn
				may  bool
			}{"svc-import": {unattended, a.unattended}, "svc-approver": {approver, a.approver}} {
				err := a.do(d, one.conn)
				if one.may {
					assert.NoError(t, err, account)
				} else {
					assert.True(t, ldap.IsErrorWithCode(err, ldap.LDAPResultInsufficientAccessRights), "%s: %v", account, err)
				}
			}
		})
	}
}

// With the options that are off by default.
func TestWhatTheOptionsAllow(t *testing.T) {
	d := newDelegated(t)
	d.domain.Delegate(t, d.rights("--leave-guarded", "--can-not-change-password", "--attributes=manager thumbnailPhoto", "--anchor=mS-DS-ConsistencyGuid"))
	unattended, approver := d.bind("svc-import"), d.bind("svc-approver")
	person := d.person("Managed")
	assert.NoError(t, changeMember("guarded")(d, unattended))
	assert.NoError(t, set(person, "manager", d.person("Other"))(unattended))
	assert.NoError(t, set(person, "mS-DS-ConsistencyGuid", "0123456789abcdef")(unattended))
	assert.Error(t, set(person, "department", "Sales")(unattended), "other attributes were named")
	assert.Error(t, set(person, "adminDescription", "x")(unattended))
	assert.NoError(t, writeDescriptor(d, approver, person, accessList))
	assert.Error(t, writeDescriptor(d, unattended, person, accessList))
}

// set replaces one attribute.
func set(dn, attribute string, values ...string) func(*ldap.Conn) error {
	return func(conn *ldap.Conn) error {
		request := ldap.NewModifyRequest(dn, nil)
		request.Replace(attribute, values)
		return conn.Modify(request)
	}
}

// Parts of a descriptor, by LDAP_SERVER_SD_FLAGS_OID (MS-ADTS 3.1.1.3.4.1.11).
const (
	owner      = 1
	accessList = 4
)

// writeDescriptor writes back the access list as it is, or another owner.
func writeDescriptor(d *delegated, conn *ldap.Conn, dn string, part int32) error {
	flags := &ldap.ControlMicrosoftSDFlags{Criticality: true, ControlValue: part}
	found, err := d.conn.Search(ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", []string{"nTSecurityDescriptor"}, []ldap.Control{flags}))
	d.must(err, "read "+dn)
	value := found.Entries[0].GetRawAttributeValue("nTSecurityDescriptor")
	if part == owner {
		value = ownedBy(d.Read("CN=svc-import,CN=Users,"+d.base, "objectSid")["objectSid"][0])
	}
	request := ldap.NewModifyRequest(dn, []ldap.Control{flags})
	request.Replace("nTSecurityDescriptor", []string{string(value)})
	return conn.Modify(request)
}

// ownedBy is a self-relative descriptor with an owner alone (MS-DTYP 2.4.6).
func ownedBy(sid string) []byte {
	value := make([]byte, 20, 20+len(sid))
	value[0] = 1
	binary.LittleEndian.PutUint16(value[2:], 0x8000)
	binary.LittleEndian.PutUint32(value[4:], 20)
	return append(value, sid...)
}
