package adtest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// Twins are two domain controllers of one domain, twin.example, that replicate.
type Twins struct {
	CAFile string
	Krb5   string // krb5.conf that knows both
	First  Domain // dc1
	Second Domain // dc2
	dir    string
}

// TwoControllers starts a new domain with two controllers for this test alone,
// and ends them with it. Both can be halted and killed.
func TwoControllers(t testing.TB) *Twins {
	t.Helper()
	leaveOut(t)
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	twins := newTwins(filepath.Join(root, ".lab", "twin"))
	unlock, err := lockFolder(twins.dir, 5*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		twins.end(t)
		unlock()
	})
	if err := twins.start(); err != nil {
		t.Fatalf("the two controllers did not start: %v", err)
	}
	return twins
}

func newTwins(dir string) *Twins {
	w := &Twins{CAFile: filepath.Join(dir, "ca.pem"), Krb5: filepath.Join(dir, "krb5.conf"), dir: dir}
	controller := func(name, address string) Domain {
		return Domain{Name: "twin.example", NetBIOS: "TWIN", Host: name + ".twin.example", Address: address,
			Base: "DC=twin,DC=example", dir: filepath.Join(dir, name), twin: w}
	}
	w.First, w.Second = controller("dc1", "127.0.0.40"), controller("dc2", "127.0.0.41")
	return w
}

func (w *Twins) start() error {
	if err := ready(); err != nil {
		return err
	}
	if found, _ := filepath.Glob("/usr/lib/*/" + hostsWrapper); len(found) == 0 {
		return errors.New("libnss-wrapper is not installed; on Debian run \"make install\" as root")
	}
	for _, d := range []Domain{w.First, w.Second} { // of a test that was killed
		if err := d.Kill(); err != nil {
			return err
		}
	}
	if err := w.ensureTemplate(); err != nil {
		return err
	}
	if err := w.unpack(); err != nil {
		return err
	}
	return w.launch()
}

func (w *Twins) launch() error {
	return together(launch, w.First, w.Second)
}

func (w *Twins) end(t testing.TB) {
	for _, d := range []Domain{w.First, w.Second} {
		if err := d.Kill(); err != nil {
			t.Errorf("end %s: %v", d.Host, err)
		}
	}
}

// AwaitReplication waits until both controllers know the same of an attribute.
// Replication that got stuck when its partner fell silent is started again.
func (w *Twins) AwaitReplication(t testing.TB, dn, attribute string) {
	t.Helper()
	for _, stuck := range []Domain{w.Second, w.First, w.Second, w.First, w.Second} {
		if w.agree(t, dn, attribute) {
			return
		}
		t.Logf("%s of %s does not replicate; %s is started again", attribute, dn, stuck.Host)
		if err := stuck.Kill(); err != nil {
			t.Fatal(err)
		}
		stuck.Start(t)
	}
	if !w.agree(t, dn, attribute) {
		t.Fatalf("%s of %s is %v on dc1 and %v on dc2", attribute, dn, w.First.Admin(t).Read(dn, attribute), w.Second.Admin(t).Read(dn, attribute))
	}
}

func (w *Twins) agree(t testing.TB, dn, attribute string) bool {
	first, second := w.First.Admin(t), w.Second.Admin(t)
	for deadline := time.Now().Add(agreeTime); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if fmt.Sprint(first.Read(dn, attribute)) == fmt.Sprint(second.Read(dn, attribute)) {
			return true
		}
	}
	return false
}

// How long replication is waited for before controllers are started again: two that were
// just made think of what links them for some seconds, others take less than one.
const (
	settleTime = 20 * time.Second
	agreeTime  = 6 * time.Second
)

// settle waits until a change made on each controller is known on the other.
func (w *Twins) settle() error {
	for _, way := range [][2]Domain{{w.First, w.Second}, {w.Second, w.First}} {
		if err := replicates(way[0], way[1]); err != nil {
			return fmt.Errorf("replicate from %s to %s: %w", way[0].Host, way[1].Host, err)
		}
	}
	return nil
}

func replicates(from, to Domain) error {
	password, err := os.ReadFile(from.PasswordFile("Administrator"))
	if err != nil {
		return err
	}
	a, err := from.bind("Administrator", string(password))
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := to.bind("Administrator", string(password))
	if err != nil {
		return err
	}
	defer b.Close()
	dn := "CN=seen from " + from.computer() + ",CN=Users," + from.Base
	request := ldap.NewAddRequest(dn, nil)
	request.Attribute("objectClass", []string{"contact"})
	if err := a.Add(request); err != nil && !ldap.IsErrorWithCode(err, ldap.LDAPResultEntryAlreadyExists) {
		return err
	}
	for deadline := time.Now().Add(settleTime); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		_, err = b.Search(ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", []string{"cn"}, nil))
		if err == nil {
			return nil
		}
	}
	return err
}

// Lab of the twins: what the tests need to know beside the controllers.
func (w *Twins) krb5Conf() string {
	return fmt.Sprintf(`[libdefaults]
 default_realm = TWIN.EXAMPLE
 dns_lookup_kdc = false
 dns_lookup_realm = false
 udp_preference_limit = 1
 rdns = false
[realms]
 TWIN.EXAMPLE = {
  kdc = %s
  kdc = %s
 }
[domain_realm]
 twin.example = TWIN.EXAMPLE
 .twin.example = TWIN.EXAMPLE
`, net.JoinHostPort(w.First.Address, "88"), net.JoinHostPort(w.Second.Address, "88"))
}
