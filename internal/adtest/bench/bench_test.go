package bench

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
)

// table is what a run measures. The programs are BIN, separated by spaces, or
// the one that is built here.
type table struct {
	*testing.B
	lab      *adtest.TwoDomains
	programs []string
}

const rounds = 5

func BenchmarkBesideLDAPTools(b *testing.B) {
	t := &table{B: b, lab: adtest.Lab(b), programs: strings.Fields(os.Getenv("BIN"))}
	if len(t.programs) == 0 {
		program := filepath.Join(b.TempDir(), "ad-user-sync")
		out, err := exec.Command("go", "build", "-o", program, "ad-user-sync/cmd/ad-user-sync").CombinedOutput()
		require.NoError(b, err, "%s", out)
		t.programs = []string{program}
	}
	fmt.Println(head)
	for _, n := range sizes(b) {
		t.size(n)
	}
}

// sizes are PEOPLE, or 1,000 and 5,000, and with SCALE 20,000.
func sizes(b *testing.B) (all []int) {
	text := cmp.Or(os.Getenv("PEOPLE"), "1000 5000")
	if os.Getenv("SCALE") != "" {
		text += " 20000"
	}
	for _, one := range strings.Fields(text) {
		n, err := strconv.Atoi(one)
		require.NoError(b, err)
		all = append(all, n)
	}
	return all
}

// multiplied are the sizes to which 5,000 people are multiplied.
var multiplied = []int{100_000, 1_000_000}

// size measures both sides with n people.
func (t *table) size(n int) {
	dir := t.TempDir()
	source := newPlace(t.B, t.lab.Source)
	t.fill(source, n)
	cfg := write(t.B, dir, "export.json", source.exports("users.json", directory(source.Domain, source.URL(), t.lab.CAFile)))
	names := append([]string{"cn", "sAMAccountName", "objectGUID", "userAccountControl", "accountExpires", "memberOf", "primaryGroupID", "isCriticalSystemObject", "objectSid"}, attributes...)
	t.compare("export", n, source.Domain, []string{"export", "--config", cfg}, func() *exec.Cmd {
		return source.search(t.lab, filter(t.B, filepath.Join(dir, "users.json")), names...)
	})
	if os.Getenv("ONLY") != "export" {
		t.imports(source, dir, n)
	}
	if n == 5000 {
		for _, many := range multiplied {
			t.multiplied(source, dir, many, many/n)
		}
	}
}

func (t *table) fill(p *place, n int) {
	file := write(t.B, t.TempDir(), "people.ldif", p.people(n, p.ou, "userAccountControl: 512\n")+p.groupsOf(n, p.ou, "objectClass: group\nsAMAccountName: NAME\n"))
	out, err := p.tool(t.lab, "ldapmodify", "-a", "-f", file).CombinedOutput()
	require.NoError(t, err, "%s", tail(string(out)))
}

// compare runs each program and the tool in turns.
func (t *table) compare(what string, n int, d adtest.Domain, args []string, tool func() *exec.Cmd) {
	rows := make([]row, len(t.programs))
	for range rounds {
		for i, program := range t.programs {
			rows[i].ours = append(rows[i].ours, run(t.B, d, exec.Command(program, args...)))
			if tool != nil {
				rows[i].tool = append(rows[i].tool, run(t.B, d, tool()))
			}
		}
	}
	for i, program := range t.programs {
		rows[i].what, rows[i].people, rows[i].program = what, n, name(program)
		t.add(rows[i])
	}
}

func name(program string) string {
	base := filepath.Base(program)
	return base[:min(len(base), 12)]
}

// add shows a row as soon as it is measured.
func (t *table) add(r row) { fmt.Println(r) }

// multiplied exports a domain that is k times as large.
func (t *table) multiplied(source *place, dir string, n, k int) {
	const address = "127.0.0.1"
	caFile, certificate := adtest.Certificate(t.B, address)
	listener, err := tls.Listen("tcp", address+":0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	require.NoError(t, err)
	defer listener.Close()
	pool := x509.NewCertPool()
	authority, err := os.ReadFile(t.lab.CAFile)
	require.NoError(t, err)
	pool.AppendCertsFromPEM(authority)
	proxy := &multiplier{Controller: source.Address + ":636", TLS: &tls.Config{RootCAs: pool, ServerName: source.Address},
		Account: source.Account("Administrator"), Password: source.Password(t, "Administrator"), Place: source.ou, Times: k}
	go proxy.listen(listener)
	file := filepath.Join(dir, "many.json")
	cfg := write(t.B, dir, "many-export.json", source.exports(file, directory(source.Domain, "ldaps://"+listener.Addr().String(), caFile)))
	for _, program := range t.programs {
		c, err := try(t.B, source.Domain, exec.Command(program, "export", "--config", cfg))
		if err != nil {
			t.Log(err) // older programs refuse so many
			continue
		}
		c.dc = 0 // the proxy has read it once
		t.add(row{what: "export, multiplied", program: name(program), people: n, ours: []cost{c}})
		require.NoError(t, os.Remove(file))
	}
}
