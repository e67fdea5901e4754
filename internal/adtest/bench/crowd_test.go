package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
)

var attributes = []string{"givenName", "sn", "displayName", "mail", "telephoneNumber", "mobile", "department", "company", "title", "employeeNumber", "physicalDeliveryOfficeName"}

const groups = 4

// side is one of the two domains. What is measured is in a unit of its own.
type side struct {
	adtest.Domain
	b      *testing.B
	caFile string
	unit   string
	empty  func() // brings the domain back to how it was at first
}

func newSide(b *testing.B, d adtest.Domain, caFile string) *side {
	return &side{Domain: d, b: b, caFile: caFile, unit: "OU=Bench," + d.Base, empty: d.Keep(b)}
}

func group(i int) string { return fmt.Sprintf("bench-%d", i) }

// units is LDIF of the unit, its groups, and more units in it.
func (s *side) units(more ...string) string {
	var text strings.Builder
	for _, dn := range append([]string{s.unit}, more...) {
		fmt.Fprintf(&text, "dn: %s\nobjectClass: organizationalUnit\n\n", dn)
	}
	for g := range groups {
		fmt.Fprintf(&text, "dn: CN=%s,%s\nobjectClass: group\nsAMAccountName: %s\n\n", group(g), s.unit, group(g))
	}
	return text.String()
}

func person(i int, ou string) string { return fmt.Sprintf("CN=Person %06d,%s", i, ou) }

// people is LDIF of so many; every third has no mobile. more is of everybody.
func (s *side) people(n int, ou, letter, more string) string {
	var text strings.Builder
	for i := range n {
		account := fmt.Sprintf("%s%06d", letter, i)
		fmt.Fprintf(&text, "dn: %s\nobjectClass: user\nsAMAccountName: %s\nuserPrincipalName: %s@%s\n%s", person(i, ou), account, account, s.Name, more)
		fmt.Fprintf(&text, "givenName: Person\nsn: %06d\ndisplayName: Person %06d\nmail: %s@corp.example\ntelephoneNumber: +49 89 1234-%d\n", i, i, account, i)
		fmt.Fprintf(&text, "department: Assembly %d\ncompany: Corp Example\ntitle: Engineer\nemployeeNumber: %06d\nphysicalDeliveryOfficeName: B%d.%d\n", i%40, i, i%9, i%300)
		if i%3 > 0 {
			fmt.Fprintf(&text, "mobile: +49 170 %07d\n", i)
		}
		text.WriteString("\n")
	}
	return text.String()
}

// members is LDIF that puts each of n people into one of the groups.
func (s *side) members(n int, ou string) string {
	var text strings.Builder
	for g := range groups {
		fmt.Fprintf(&text, "dn: CN=%s,%s\nchangetype: modify\nadd: member\n", group(g), s.unit)
		for i := g; i < n; i += groups {
			fmt.Fprintf(&text, "member: %s\n", person(i, ou))
		}
		text.WriteString("\n")
	}
	return text.String()
}

// fill adds what is written in LDIF.
func (s *side) fill(ldif string) {
	file := filepath.Join(s.b.TempDir(), "fill.ldif")
	require.NoError(s.b, os.WriteFile(file, []byte(ldif), 0o600))
	out, err := s.add(file).CombinedOutput()
	require.NoError(s.b, err, "%s", tail(string(out)))
}

// add is the tool that adds the content of a file.
func (s *side) add(file string) *exec.Cmd { return s.tool("ldapmodify", "-a", "-f", file) }

// search is the tool that reads what the program reads, into nothing.
func (s *side) search(base, filter string, names ...string) *exec.Cmd {
	cmd := s.tool("ldapsearch", append([]string{"-LLL", "-E", "pr=1000/noprompt", "-b", base, filter}, names...)...)
	cmd.Stdout, _ = os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	return cmd
}

func (s *side) tool(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, append([]string{"-x", "-H", s.URL(), "-D", s.Account("Administrator"), "-y", s.PasswordFile("Administrator")}, args...)...)
	cmd.Env = append(os.Environ(), "LDAPTLS_CACERT="+s.caFile)
	return cmd
}

// directory is the section of a configuration.
func (s *side) directory(url, caFile string) map[string]any {
	return map[string]any{"servers": []string{url}, "ca_file": caFile, "username": s.Account("Administrator"), "password_file": s.PasswordFile("Administrator")}
}
