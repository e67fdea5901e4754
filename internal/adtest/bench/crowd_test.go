package bench

import (
	"encoding/json"
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

// place is a unit of a domain, with four groups.
type place struct {
	*adtest.Admin
	adtest.Domain
	ou string
}

func newPlace(b *testing.B, d adtest.Domain) *place {
	p := &place{Admin: d.Admin(b), Domain: d}
	p.ou = p.OU()
	return p
}

// mark makes names unique.
func (p *place) mark() string {
	name, _, _ := strings.Cut(p.ou, ",")
	return name[strings.LastIndex(name, "-")+1:]
}

func (p *place) group(i int) string { return fmt.Sprintf("bench-%d-%s", i, p.mark()) }

func person(i int, ou string) string { return fmt.Sprintf("CN=Person %06d,%s", i, ou) }

// people is LDIF of so many; every third has no mobile. more is of everybody.
func (p *place) people(n int, ou, more string) string {
	var s strings.Builder
	for i := range n {
		account := fmt.Sprintf("b%06d%s", i, p.mark())
		fmt.Fprintf(&s, "dn: %s\nobjectClass: user\nsAMAccountName: %s\nuserPrincipalName: %s@%s\n%s", person(i, ou), account, account, p.Name, more)
		fmt.Fprintf(&s, "givenName: Person\nsn: %06d\ndisplayName: Person %06d\nmail: %s@corp.example\ntelephoneNumber: +49 89 1234-%d\n", i, i, account, i)
		fmt.Fprintf(&s, "department: Assembly %d\ncompany: Corp Example\ntitle: Engineer\nemployeeNumber: %06d\nphysicalDeliveryOfficeName: B%d.%d\n", i%40, i, i%9, i%300)
		if i%3 > 0 {
			fmt.Fprintf(&s, "mobile: +49 170 %07d\n", i)
		}
		s.WriteString("\n")
	}
	return s.String()
}

// groupsOf is LDIF of the groups, or of their members alone; everybody is in one.
func (p *place) groupsOf(n int, ou, change string) string {
	var s strings.Builder
	for g := range groups {
		fmt.Fprintf(&s, "dn: CN=%s,%s\n%s", p.group(g), p.ou, strings.ReplaceAll(change, "NAME", p.group(g)))
		for i := g; i < n; i += groups {
			fmt.Fprintf(&s, "member: %s\n", person(i, ou))
		}
		s.WriteString("\n")
	}
	return s.String()
}

func (p *place) tool(lab *adtest.TwoDomains, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, append([]string{"-x", "-H", p.URL(), "-D", p.Account("Administrator"), "-y", p.PasswordFile("Administrator")}, args...)...)
	cmd.Env = append(os.Environ(), "LDAPTLS_CACERT="+lab.CAFile)
	return cmd
}

// search reads what the program reads, into nothing.
func (p *place) search(lab *adtest.TwoDomains, filter string, names ...string) *exec.Cmd {
	args := append([]string{"-LLL", "-E", "pr=1000/noprompt", "-b", p.ou, filter}, names...)
	cmd := p.tool(lab, "ldapsearch", args...)
	cmd.Stdout, _ = os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	return cmd
}

func write(b *testing.B, dir, name string, content any) string {
	text, isText := content.(string)
	if !isText {
		encoded, err := json.Marshal(content)
		require.NoError(b, err)
		text = string(encoded)
	}
	path := filepath.Join(dir, name)
	require.NoError(b, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// directory is the section of a configuration.
func directory(d adtest.Domain, url, caFile string) map[string]any {
	return map[string]any{"servers": []string{url}, "ca_file": caFile, "username": d.Account("Administrator"), "password_file": d.PasswordFile("Administrator")}
}

// exports is a configuration as people have it.
func (p *place) exports(file string, directory map[string]any) map[string]any {
	var names []string
	for g := range groups {
		names = append(names, "CN="+p.group(g))
	}
	return map[string]any{"export_file": file, "user_path": p.ou, "group_path": p.ou, "search_groups": names, "attributes": attributes, "directory": directory}
}

// filter is that with which an export made its file.
func filter(b *testing.B, file string) string {
	text, err := os.ReadFile(file)
	require.NoError(b, err)
	var made struct {
		Complete struct {
			Searches []struct{ Filter string }
		}
	}
	require.NoError(b, json.Unmarshal(text, &made))
	return made.Complete.Searches[0].Filter
}
