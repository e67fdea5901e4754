package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
)

// How long the built program takes, as a multiple of what OpenLDAP's own tools
// take for the same objects in the same run ("make bench").

const crowd = 2000

// BenchmarkAgainstLDAPTools carries a crowd from one domain to the other.
func BenchmarkAgainstLDAPTools(b *testing.B) {
	lab := adtest.Lab(b)
	source, target := newPlace(b, lab.Source), newPlace(b, lab.Target)
	for i := range crowd {
		name := fmt.Sprintf("Person %04d %s", i, source.mark)
		source.Add(source.dn(name), map[string][]string{"objectClass": {"user"}, "sAMAccountName": {fmt.Sprintf("b%04d%s", i, source.mark)},
			"displayName": {name}, "department": {"Assembly"}, "userAccountControl": {"512"}})
	}
	dir := b.TempDir()
	write := func(name string, content any) string {
		text, err := json.Marshal(content)
		require.NoError(b, err)
		require.NoError(b, os.WriteFile(filepath.Join(dir, name), text, 0o600))
		return filepath.Join(dir, name)
	}
	directory := func(d adtest.Domain) map[string]any {
		return map[string]any{"servers": []string{d.URL()}, "ca_file": lab.CAFile, "username": d.Account("Administrator"), "password_file": d.PasswordFile("Administrator")}
	}
	exports := write("export.json", map[string]any{"export_file": "users.json", "user_path": source.ou, "attributes": []string{"displayName", "department"}, "directory": directory(lab.Source)})
	imports := write("import.json", map[string]any{"input_file": "users.json", "managed_user_path": target.ou, "log_level": "WARNING", "directory": directory(lab.Target)})

	bench := &comparison{B: b, lab: lab}
	bench.compare("export", []string{"export", "--config", exports}, func() *exec.Cmd {
		return bench.tool(lab.Source, "ldapsearch", "-LLL", "-E", "pr=1000/noprompt", "-b", source.ou, "(&(objectCategory=person)(objectClass=user))",
			"cn", "sAMAccountName", "objectGUID", "userAccountControl", "accountExpires", "memberOf", "primaryGroupID", "displayName", "department")
	})
	other := newPlace(b, lab.Target)
	defer func() { require.Len(b, target.Find(target.ou, "(objectClass=user)", "cn"), crowd) }()
	ldif := bench.ldif(dir, source, other)
	bench.compare("first-import", []string{"import", "--config", imports}, func() *exec.Cmd {
		return bench.tool(lab.Target, "ldapmodify", "-a", "-f", ldif)
	})
	bench.compare("import-without-changes", []string{"import", "--config", imports}, func() *exec.Cmd {
		return bench.tool(lab.Target, "ldapsearch", "-LLL", "-E", "pr=1000/noprompt", "-b", target.ou, "(objectClass=*)")
	})
}

type comparison struct {
	*testing.B
	lab *adtest.TwoDomains
}

// compare runs the program and then the tool, each once.
func (c *comparison) compare(what string, args []string, tool func() *exec.Cmd) {
	ours := c.time(exec.Command(binary, args...))
	theirs := c.time(tool())
	c.ReportMetric(ours.Seconds()/theirs.Seconds(), what+"/tool")
	c.Logf("%s: %s, the tool %s", what, ours.Round(time.Millisecond), theirs.Round(time.Millisecond))
}

func (c *comparison) time(cmd *exec.Cmd) time.Duration {
	var out bytes.Buffer
	cmd.Stderr, cmd.Stdout = &out, &out
	began := time.Now()
	err := cmd.Run()
	require.NoError(c, err, "%s: %s", cmd.Args[0], out.String())
	return time.Since(began)
}

func (c *comparison) tool(d adtest.Domain, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, append([]string{"-x", "-H", d.URL(), "-D", d.Account("Administrator"), "-y", d.PasswordFile("Administrator")}, args...)...)
	cmd.Env = append(os.Environ(), "LDAPTLS_CACERT="+c.lab.CAFile)
	return cmd
}

// ldif adds as many objects with as many attributes as the import does.
func (c *comparison) ldif(dir string, source, target *place) string {
	var s strings.Builder
	for i := range crowd {
		name := fmt.Sprintf("Person %04d %s", i, source.mark)
		account := fmt.Sprintf("l%04d%s", i, source.mark)
		fmt.Fprintf(&s, "dn:: %s\nobjectClass: user\nsAMAccountName: %s\nuserPrincipalName: %s@plant.example\ndisplayName: %s\ndepartment: Assembly\n"+
			"userAccountControl: 514\naccountExpires: 134432316000000000\nadminDescription: ad-user-sync:6f9619ff-8b86-d011-b42d-%012d@corp.example\n\n",
			base64.StdEncoding.EncodeToString([]byte(target.dn(name))), account, account, name, i)
	}
	file := filepath.Join(dir, "crowd.ldif")
	require.NoError(c, os.WriteFile(file, []byte(s.String()), 0o600))
	return file
}
