package adtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TwoDomains is a running lab: two Active Directory domains, each with one
// Samba domain controller on a loopback address.
type TwoDomains struct {
	Dir    string // ".lab" of the module root, or in it
	CAFile string // the authority that signed both controllers' certificates
	Krb5   string // krb5.conf that knows both realms
	HMAC   string // file with a key for user files
	Files  string // folder of the user file and the resolutions; emptied at every start
	Source Domain // corp.example
	Target Domain // plant.example
}

// Domain is one domain of the lab.
type Domain struct {
	Name    string // DNS name
	NetBIOS string
	Host    string // DNS name of the controller; it does not resolve
	Address string // IP address of the controller
	Base    string // DN of the domain
	dir     string
	twin    *Twins // of which it is one controller; nil: the only one of its domain
}

// URL is the address of the controller for LDAP over TLS.
func (d Domain) URL() string { return "ldaps://" + d.Address }

// Realm is the Kerberos realm.
func (d Domain) Realm() string { return strings.ToUpper(d.Name) }

// Account is the logon name of an account as a simple bind takes it.
func (d Domain) Account(name string) string { return d.NetBIOS + `\` + name }

// PasswordFile holds the password of "Administrator" or a service account.
func (d Domain) PasswordFile(account string) string {
	return filepath.Join(d.dir, account+".password")
}

// Password reads the PasswordFile.
func (d Domain) Password(t testing.TB, account string) string {
	t.Helper()
	text, err := os.ReadFile(d.PasswordFile(account))
	if err != nil {
		t.Fatalf("the lab has no password for %s: %v", account, err)
	}
	return string(text)
}

// WithoutLab is the value of AD_USER_SYNC_LAB with which the tests that need
// the lab are left out; the Makefile sets it, and says so, where there is no
// Samba or no root.
const WithoutLab = "none"

// Lab returns the running lab and starts it where it does not run. Several test
// processes share it, so a test works in an organizational unit of its own
// (Domain.OU) and leaves the sample people as they are.
func Lab(t testing.TB) *TwoDomains {
	t.Helper()
	leaveOut(t)
	lab, err := Up(t.Logf)
	if err != nil {
		t.Fatalf("the lab did not start: %v", err)
	}
	return lab
}

func leaveOut(t testing.TB) {
	t.Helper()
	if os.Getenv("AD_USER_SYNC_LAB") == WithoutLab && os.Getenv("CI") == "" {
		t.Skip("left out: this needs the two Samba domains of the lab, and AD_USER_SYNC_LAB=none was given")
	}
}

// labAddresses are those of the lab's controllers.
var labAddresses = [2]string{"127.0.0.20", "127.0.0.30"}

func newTwoDomains(dir string, addresses [2]string) *TwoDomains {
	domain := func(name, netbios, address, base string) Domain {
		return Domain{
			Name: name, NetBIOS: netbios, Host: "dc1." + name, Address: address, Base: base,
			dir: filepath.Join(dir, strings.ToLower(netbios)),
		}
	}
	return &TwoDomains{
		Dir:    dir,
		CAFile: filepath.Join(dir, "ca.pem"),
		Krb5:   filepath.Join(dir, "krb5.conf"),
		HMAC:   filepath.Join(dir, "hmac.key"),
		Files:  filepath.Join(dir, "files"),
		Source: domain("corp.example", "CORP", addresses[0], "DC=corp,DC=example"),
		Target: domain("plant.example", "PLANT", addresses[1], "DC=plant,DC=example"),
	}
}
