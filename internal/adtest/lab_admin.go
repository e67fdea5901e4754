package adtest

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// Admin is the domain's administrator at work beside the program: it prepares
// and looks at objects without the code that is being tested.
type Admin struct {
	t      testing.TB
	conn   *ldap.Conn
	base   string
	domain Domain
}

// Admin binds as Administrator; the connection ends with the test.
func (d Domain) Admin(t testing.TB) *Admin {
	t.Helper()
	conn, err := d.bind("Administrator", d.Password(t, "Administrator"))
	if err != nil {
		t.Fatalf("bind as administrator of %s: %v", d.Name, err)
	}
	a := &Admin{t: t, conn: conn, base: d.Base, domain: d}
	t.Cleanup(func() { _ = a.conn.Close() })
	return a
}

// later runs at the end of the test, by when the controller may have ended a
// connection that was idle for long.
func (a *Admin) later(f func()) {
	a.t.Cleanup(func() {
		if a.conn.IsClosing() {
			conn, err := a.domain.bind("Administrator", a.domain.Password(a.t, "Administrator"))
			if err != nil {
				a.t.Errorf("bind as administrator of %s again: %v", a.domain.Name, err)
				return
			}
			a.conn = conn
		}
		f()
	})
}

// LogOn reports whether an account can log on, by a simple bind.
func (d Domain) LogOn(account, password string) error {
	conn, err := d.bind(account, password)
	if err == nil {
		_ = conn.Close()
	}
	return err
}

func (d Domain) bind(account, password string) (*ldap.Conn, error) {
	ca, err := os.ReadFile(filepath.Join(filepath.Dir(d.dir), "ca.pem"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	conn, err := ldap.DialURL(d.URL(), ldap.DialWithTLSConfig(&tls.Config{RootCAs: pool}))
	if err != nil {
		return nil, err
	}
	if err := conn.Bind(d.Account(account), password); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// OU makes an organizational unit for this test alone, directly below the
// domain, and returns its DN. It goes with the test, and all in it.
func (a *Admin) OU() string {
	a.t.Helper()
	name := strings.NewReplacer("/", " ", "=", " ", ",", " ", "#", " ").Replace(a.t.Name())
	if len(name) > 40 {
		name = name[:40]
	}
	dn := fmt.Sprintf("OU=%s-%s,%s", strings.TrimSpace(name), randomName(8), a.base)
	a.Add(dn, map[string][]string{"objectClass": {"organizationalUnit"}})
	a.later(func() { a.Delete(dn) })
	return dn
}

// DeleteLater removes an object with the test.
func (a *Admin) DeleteLater(dn string) { a.later(func() { a.Delete(dn) }) }

// Add makes an object.
func (a *Admin) Add(dn string, attributes map[string][]string) {
	a.t.Helper()
	request := ldap.NewAddRequest(dn, nil)
	for name, values := range attributes {
		request.Attribute(name, values)
	}
	a.must(a.conn.Add(request), "add "+dn)
}

// User makes an enabled user with a password; more may be nil.
func (a *Admin) User(dn, account, password string, more map[string][]string) {
	a.t.Helper()
	attributes := map[string][]string{
		"objectClass": {"user"}, "sAMAccountName": {account}, "userAccountControl": {"512"},
		"unicodePwd": {string(utf16LE(`"` + password + `"`))},
	}
	maps.Copy(attributes, more)
	a.Add(dn, attributes)
}

// Replace sets an attribute to these values; none clear it.
func (a *Admin) Replace(dn, attribute string, values ...string) {
	a.t.Helper()
	request := ldap.NewModifyRequest(dn, nil)
	request.Replace(attribute, values)
	a.must(a.conn.Modify(request), "change "+dn)
}

// Join adds members to a group.
func (a *Admin) Join(group string, members ...string) {
	a.t.Helper()
	request := ldap.NewModifyRequest(group, nil)
	request.Add("member", members)
	a.must(a.conn.Modify(request), "join "+group)
}

// Leave takes members out of a group.
func (a *Admin) Leave(group string, members ...string) {
	a.t.Helper()
	request := ldap.NewModifyRequest(group, nil)
	request.Delete("member", members)
	a.must(a.conn.Modify(request), "leave "+group)
}

// SetPassword resets a password.
func (a *Admin) SetPassword(dn, password string) {
	a.t.Helper()
	a.Replace(dn, "unicodePwd", string(utf16LE(`"`+password+`"`)))
}

// Backdate sets an attribute to a value that a directory would not take, in its
// database, beside it.
func (d Domain) Backdate(t testing.TB, dn, attribute, value string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "change.ldif")
	text := fmt.Sprintf("dn: %s\nchangetype: modify\nreplace: %s\n%s: %s\n", dn, attribute, attribute, value)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(d.root(), "private", "sam.ldb.d", strings.ToUpper(d.Base)+".ldb")
	if err := d.tool("ldbmodify", "-H", "tdb://"+database, file); err != nil {
		t.Fatal(err)
	}
}

// Read returns the named attributes of one object, nil where there is none.
func (a *Admin) Read(dn string, attributes ...string) map[string][]string {
	a.t.Helper()
	found, err := a.conn.Search(ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", attributes, nil))
	if ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject) {
		return nil
	}
	a.must(err, "read "+dn)
	values := map[string][]string{}
	for _, attribute := range found.Entries[0].Attributes {
		values[attribute.Name] = attribute.Values
	}
	return values
}

// Find returns one attribute of everything below base that matches, by DN. With
// "uSNChanged" it shows whether anything was written.
func (a *Admin) Find(base, filter, attribute string) map[string]string {
	a.t.Helper()
	found, err := a.conn.SearchWithPaging(ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, 0, 0, 0, false, filter, []string{attribute}, nil), 500)
	a.must(err, "search below "+base)
	values := map[string]string{}
	for _, entry := range found.Entries {
		values[entry.DN] = strings.Join(entry.GetEqualFoldAttributeValues(attribute), "\n")
	}
	return values
}

// Delete removes an object and all below it, one by one: a tree delete would
// keep the controller busy for seconds, while other tests wait for it.
func (a *Admin) Delete(dn string) {
	a.t.Helper()
	if a.Read(dn, "cn") == nil {
		return
	}
	below := slices.Collect(maps.Keys(a.Find(dn, "(objectClass=*)", "cn")))
	slices.SortFunc(below, func(x, y string) int { return len(y) - len(x) }) // children before parents
	for _, name := range below {
		if err := a.conn.Del(ldap.NewDelRequest(name, nil)); !ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject) {
			a.must(err, "delete "+name)
		}
	}
}

func (a *Admin) must(err error, doing string) {
	a.t.Helper()
	if err != nil {
		a.t.Fatalf("%s: %v", doing, err)
	}
}

// LockAfter locks an account after so many wrong passwords (a fine-grained
// password policy, MS-ADTS 3.1.1.1.9 and MS-ADA2 msDS-LockoutThreshold).
func (a *Admin) LockAfter(name, domain string, tries int, accounts ...string) {
	dn := "CN=" + name + ",CN=Password Settings Container,CN=System," + domain
	a.Add(dn, map[string][]string{"objectClass": {"msDS-PasswordSettings"}, "msDS-PasswordSettingsPrecedence": {"10"},
		"msDS-PasswordReversibleEncryptionEnabled": {"FALSE"}, "msDS-PasswordHistoryLength": {"0"}, "msDS-PasswordComplexityEnabled": {"FALSE"},
		"msDS-MinimumPasswordLength": {"0"}, "msDS-MinimumPasswordAge": {"0"}, "msDS-MaximumPasswordAge": {"-9223372036854775808"},
		"msDS-LockoutThreshold": {fmt.Sprint(tries)}, "msDS-LockoutObservationWindow": {"-18000000000"}, "msDS-LockoutDuration": {"-18000000000"},
		"msDS-PSOAppliesTo": accounts})
	a.DeleteLater(dn)
}
