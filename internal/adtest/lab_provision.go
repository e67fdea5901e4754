package adtest

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed lab/smb.conf
var smbConfText string

var smbConfTemplate = template.Must(template.New("smb.conf").Parse(smbConfText))

// ensureTemplate provisions and fills the domain, while it is stopped, unless
// a template of the same content is there.
func (lab *TwoDomains) ensureTemplate(d Domain) error {
	want := fingerprint(d)
	if have, err := os.ReadFile(d.fingerprintFile()); err == nil && string(have) == want && complete(d.templateFile()) {
		return nil
	}
	if err := d.provision(); err != nil {
		return err
	}
	if err := d.fill(); err != nil {
		return err
	}
	if err := d.tool("tar", "-C", d.dir, "-cSzf", d.templateFile(), "--exclude=dc/run", "dc"); err != nil {
		return err
	}
	return os.WriteFile(d.fingerprintFile(), []byte(want), 0o600)
}

func unpackTemplate(d Domain) error {
	if err := os.RemoveAll(d.root()); err != nil {
		return err
	}
	if err := d.tool("tar", "-C", d.dir, "-xzf", d.templateFile()); err != nil {
		return err
	}
	if err := d.writeSmbConf(); err != nil { // the working copy may have been moved
		return err
	}
	return os.MkdirAll(filepath.Join(d.root(), "run"), 0o755)
}

func (d Domain) provision() error {
	if err := os.RemoveAll(d.root()); err != nil {
		return err
	}
	for _, sub := range []string{"etc", "run", "cache"} {
		if err := os.MkdirAll(filepath.Join(d.root(), sub), 0o755); err != nil {
			return err
		}
	}
	if err := d.writeSmbConf(); err != nil { // samba-tool takes a file that is there as it is
		return err
	}
	password, err := d.newPassword("Administrator")
	if err != nil {
		return err
	}
	// On the command line only inside this lab: samba-tool takes it no other way.
	return d.tool("samba-tool", "domain", "provision", "-q", "--realm="+d.Realm(), "--domain="+d.NetBIOS,
		"--adminpass="+password, "--server-role=dc", "--dns-backend=NONE", "--targetdir="+d.root(),
		"--host-ip="+d.Address, "--host-name="+d.computer())
}

func (d Domain) writeSmbConf() error {
	var text bytes.Buffer
	services, replication := "", ""
	if d.twin != nil {
		services, replication = twinServices, twinReplication
	}
	err := smbConfTemplate.Execute(&text, map[string]string{
		"Computer": strings.ToUpper(d.computer()), "Services": services, "Replication": replication,
		"Root": d.root(), "Realm": d.Realm(), "NetBIOS": d.NetBIOS, "Address": d.Address, "Domain": d.Name,
		"Cert": d.certFile(), "Key": d.keyFile(), "CA": filepath.Join(filepath.Dir(d.dir), "ca.pem"),
	})
	if err != nil {
		return err
	}
	return os.WriteFile(d.smbConf(), text.Bytes(), 0o600)
}

// newPassword makes and keeps a password that every default policy accepts.
func (d Domain) newPassword(account string) (string, error) {
	password := rand.Text() + "-a7"
	return password, os.WriteFile(d.PasswordFile(account), []byte(password), 0o600)
}

// fingerprint changes with what a template is made from.
func fingerprint(d Domain) string {
	hash := sha256.New()
	version, _ := exec.Command("samba", "--version").Output()
	hash.Write(version)
	hash.Write([]byte(smbConfText))
	hash.Write([]byte(d.ldif(func(string) string { return "" })))
	hash.Write([]byte(fmt.Sprint(d.rights())))
	for _, name := range []string{"delegate.py", "rights.txt"} {
		text, _ := os.ReadFile(d.rightsFile(name))
		hash.Write(text)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

func krb5Conf(domains ...Domain) string {
	var s strings.Builder
	s.WriteString("[libdefaults]\n default_realm = PLANT.EXAMPLE\n dns_lookup_kdc = false\n dns_lookup_realm = false\n udp_preference_limit = 1\n rdns = false\n[realms]\n")
	for _, d := range domains {
		fmt.Fprintf(&s, " %s = {\n  kdc = %s:88\n  kpasswd_server = %s:464\n }\n", d.Realm(), d.Address, d.Address)
	}
	s.WriteString("[domain_realm]\n")
	for _, d := range domains {
		fmt.Fprintf(&s, " %s = %s\n .%s = %s\n", d.Name, d.Realm(), d.Name, d.Realm())
	}
	return s.String()
}

// tool runs a program with this domain's smb.conf, and says what it wrote when
// it fails.
func (d Domain) tool(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env = d.environment()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(out))
	}
	return nil
}

// environment of the programs of Samba.
func (d Domain) environment() []string {
	env := append(os.Environ(), "SMB_CONF_PATH="+d.smbConf())
	if d.twin != nil {
		return append(env, d.twin.environment()...)
	}
	return append(env, "KRB5_CONFIG="+filepath.Join(d.root(), "private", "krb5.conf"))
}

// computer is the short name of the controller.
func (d Domain) computer() string {
	name, _, _ := strings.Cut(d.Host, ".")
	return name
}

func (d Domain) root() string            { return filepath.Join(d.dir, "dc") }
func (d Domain) smbConf() string         { return filepath.Join(d.root(), "etc", "smb.conf") }
func (d Domain) samLDB() string          { return filepath.Join(d.root(), "private", "sam.ldb") }
func (d Domain) templateFile() string    { return filepath.Join(d.dir, "template.tar.gz") }
func (d Domain) fingerprintFile() string { return filepath.Join(d.dir, "template.sha256") }
