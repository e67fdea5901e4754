package adtest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// What replication needs beside the services of a single controller.
const (
	twinServices    = ", rpc, drepl, kcc"
	twinReplication = `	rpc server dynamic port range = 50000-50999
	dreplsrv:notify_interval = 1
	dreplsrv:periodic_sync_interval = 3
	dreplsrv:periodic_startup_interval = 1
	kccsrv:periodic_startup_interval = 1
	kccsrv:samba_kcc = no
	kccsrv:periodic_interval = 10
`
)

// hostsWrapper assigns names to both controllers without touching the machine's
// own hosts file (libnss-wrapper).
const hostsWrapper = "libnss_wrapper.so"

func (w *Twins) environment() []string {
	return []string{"LD_PRELOAD=" + hostsWrapper, "NSS_WRAPPER_HOSTS=" + w.hostsFile(), "KRB5_CONFIG=" + w.Krb5}
}

func (w *Twins) hostsFile() string       { return filepath.Join(w.dir, "hosts") }
func (w *Twins) templateFile() string    { return filepath.Join(w.dir, "template.tar.gz") }
func (w *Twins) fingerprintFile() string { return filepath.Join(w.dir, "template.sha256") }

// ensureTemplate makes the domain, joins the second controller, and keeps both,
// unless a template of the same content is there.
func (w *Twins) ensureTemplate() error {
	want := w.fingerprint()
	if have, err := os.ReadFile(w.fingerprintFile()); err == nil && string(have) == want && complete(w.templateFile()) {
		return nil
	}
	if err := ensureCertificates(w.CAFile, w.First, w.Second); err != nil {
		return err
	}
	if err := os.WriteFile(w.Krb5, []byte(w.krb5Conf()), 0o600); err != nil {
		return err
	}
	if err := w.writeHosts(); err != nil {
		return err
	}
	if err := w.provision(); err != nil {
		return err
	}
	if err := w.First.tool("tar", "-C", w.dir, "-cSzf", w.templateFile(), "--exclude=run", "--warning=no-file-ignored", "dc1", "dc2", "hosts"); err != nil {
		return err
	}
	return os.WriteFile(w.fingerprintFile(), []byte(want), 0o600)
}

// provision makes the domain; two controllers that do not find to each other are
// made anew.
func (w *Twins) provision() (err error) {
	for range 2 {
		if err = w.First.provision(); err != nil {
			return err
		}
		if err = w.join(); err == nil {
			return nil
		}
		err = fmt.Errorf("join the second controller: %w", err)
		_, _ = w.First.Kill(), w.Second.Kill()
	}
	return err
}

func (w *Twins) unpack() error {
	for _, d := range []Domain{w.First, w.Second} {
		if err := os.RemoveAll(d.root()); err != nil {
			return err
		}
	}
	if err := w.First.tool("tar", "-C", w.dir, "-xzf", w.templateFile()); err != nil {
		return err
	}
	for _, d := range []Domain{w.First, w.Second} {
		if err := d.writeSmbConf(); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(d.root(), "run"), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// join makes the second controller from the running first one, names both to
// each other, and lets them run until they replicate both ways.
func (w *Twins) join() error {
	if err := launch(w.First); err != nil {
		return err
	}
	if err := errors.Join(w.joinSecond(), w.First.Kill()); err != nil {
		return err
	}
	var apart error
	for range 4 { // what links them is thought of anew at each start
		if err := w.launch(); err != nil {
			return err
		}
		apart = w.settle()
		if err := errors.Join(stop(w.First), stop(w.Second)); err != nil {
			return err
		}
		if apart == nil {
			return nil
		}
	}
	return apart
}

func (w *Twins) joinSecond() error {
	password, err := os.ReadFile(w.First.PasswordFile("Administrator"))
	if err != nil {
		return err
	}
	d := w.Second
	if err := os.RemoveAll(d.root()); err != nil {
		return err
	}
	for _, sub := range []string{"etc", "run", "cache", "private", "state", "bind-dns"} {
		if err := os.MkdirAll(filepath.Join(d.root(), sub), 0o755); err != nil {
			return err
		}
	}
	if err := d.writeSmbConf(); err != nil {
		return err
	}
	if err := os.WriteFile(d.PasswordFile("Administrator"), password, 0o600); err != nil {
		return err
	}
	// On the command line only inside this lab: samba-tool takes it no other way.
	if err := d.tool("samba-tool", "domain", "join", d.Name, "DC", "-s", d.smbConf(), "-U", "Administrator%"+string(password),
		"--server="+w.First.Host, "--dns-backend=NONE"); err != nil {
		return err
	}
	return w.introduce()
}

// introduce tells both controllers the names under which they replicate and
// under which Kerberos clients ask for them, which a DNS service would do.
func (w *Twins) introduce() error {
	var s strings.Builder
	fmt.Fprintf(&s, "dn: %s\nchangetype: modify\nreplace: minPwdAge\nminPwdAge: 0\n\n", w.First.Base)
	for _, d := range []Domain{w.First, w.Second} {
		guid, err := w.First.replicaGUID(d)
		if err != nil {
			return err
		}
		fmt.Fprintf(&s, "dn: CN=%s,OU=Domain Controllers,%s\nchangetype: modify\nadd: servicePrincipalName\n", strings.ToUpper(d.computer()), d.Base)
		for _, name := range []string{"E3514235-4B06-11D1-AB04-00C04FC2DCD2/" + guid + "/" + d.Name, "ldap/" + guid + "._msdcs." + d.Name,
			"ldap/" + d.Host, "ldap/" + d.Host + "/" + d.Name} {
			fmt.Fprintf(&s, "servicePrincipalName: %s\n", name)
		}
		s.WriteString("\n")
	}
	file := filepath.Join(w.dir, "introduce.ldif")
	if err := os.WriteFile(file, []byte(s.String()), 0o600); err != nil {
		return err
	}
	defer os.Remove(file)
	for _, d := range []Domain{w.First, w.Second} {
		if err := d.tool("ldbmodify", "--controls=permissive_modify:0", "-H", d.samLDB(), file); err != nil {
			return err
		}
	}
	return w.writeHosts()
}

// writeHosts names the controllers; also as replicas, where these are known.
func (w *Twins) writeHosts() error {
	var s strings.Builder
	fmt.Fprintf(&s, "127.0.0.1 localhost\n")
	for _, d := range []Domain{w.First, w.Second} {
		fmt.Fprintf(&s, "%s %s %s %s", d.Address, d.Host, strings.ToUpper(d.computer()), d.Name)
		if guid, err := w.First.replicaGUID(d); err == nil {
			fmt.Fprintf(&s, " %s._msdcs.%s", guid, d.Name)
		}
		s.WriteString("\n")
	}
	return os.WriteFile(w.hostsFile(), []byte(s.String()), 0o600)
}

// replicaGUID is the objectGUID of a controller's NTDS settings, by which its
// partners know it (MS-ADTS 6.1.1.2.2.1.2.1.1).
func (d Domain) replicaGUID(of Domain) (string, error) {
	base := "CN=NTDS Settings,CN=" + strings.ToUpper(of.computer()) + ",CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration," + d.Base
	out, err := exec.Command("ldbsearch", "-s", "base", "-H", d.samLDB(), "-b", base, "objectGUID").Output()
	for line := range strings.Lines(string(out)) {
		if guid, ok := strings.CutPrefix(line, "objectGUID: "); ok {
			return strings.TrimSpace(guid), nil
		}
	}
	return "", fmt.Errorf("find the objectGUID of %s: %w", base, errors.Join(err, errors.New("it is not there")))
}

func (w *Twins) fingerprint() string {
	hash := sha256.New()
	version, _ := exec.Command("samba", "--version").Output()
	hash.Write(version)
	for _, text := range []string{smbConfText, twinServices, twinReplication, w.dir} {
		hash.Write([]byte(text))
	}
	return hex.EncodeToString(hash.Sum(nil))
}
