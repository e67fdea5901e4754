package adtest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Rights are what svc-import and svc-approver are to have, in the words of
// examples/rights, whose script grants them here as it does elsewhere.
type Rights struct {
	Container string   // DN of the managed container
	Groups    []string // DNs of mapped groups
	Guarded   []string // DNs of mapped groups that are guarded
	Elsewhere []string // DNs of containers that accounts may be taken over from
	Options   []string // further options of the script
}

// rights are what the two accounts have in a fresh domain.
func (d Domain) rights() Rights {
	group := func(name string) string { return "CN=" + name + ",OU=Groups," + d.Base }
	return Rights{Container: "OU=Managed," + d.Base, Groups: []string{group("p-Viewers"), group("p-Editors")}, Guarded: []string{group("p-Administrators")}}
}

func (r Rights) arguments() []string {
	arguments := []string{"--unattended=svc-import", "--approvers=svc-approver", "--container=" + r.Container}
	for option, names := range map[string][]string{"--group=": r.Groups, "--guarded-group=": r.Guarded, "--elsewhere=": r.Elsewhere} {
		for _, dn := range names {
			arguments = append(arguments, option+dn)
		}
	}
	return append(arguments, r.Options...)
}

// Delegate grants rights in the running domain, as its administrator. It returns
// a line for each entry that was added or removed.
func (d Domain) Delegate(t testing.TB, r Rights) (changes []string) {
	t.Helper()
	out, faults, err := d.runDelegate(r, d.PasswordFile("Administrator"))
	if err != nil {
		t.Fatalf("give rights on %s: %v: %s", r.Container, err, faults)
	}
	for line := range strings.Lines(out) {
		if strings.Contains(line, ": + ") || strings.Contains(line, ": - ") {
			changes = append(changes, strings.TrimSpace(line))
		}
	}
	return changes
}

// runDelegate returns what the script printed.
func (d Domain) runDelegate(r Rights, passwordFile string) (out, faults string, err error) {
	cmd := exec.Command(d.rightsFile("delegate.py"), append(r.arguments(), "-H", "ldap://"+d.Address, "-U", "Administrator")...)
	cmd.Env = append(os.Environ(), "SMB_CONF_PATH="+d.smbConf(), "PASSWD_FILE="+passwordFile)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	return stdout.String(), stderr.String(), err
}

// rightsFile is a file of examples/rights.
func (d Domain) rightsFile(name string) string {
	root, _ := moduleRoot() // the lab is in it
	return filepath.Join(root, "examples", "rights", name)
}
