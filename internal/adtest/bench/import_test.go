package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const (
	first, besideOthers, dryRun       = "first import", "first import, beside others", "first import, dry run"
	unchanged, multiplied, changedDay = "import without changes", "import, multiplied", "import, 1 % changes"
)

// imports are the rows of imports.
var imports = []string{first, besideOthers, dryRun, unchanged, multiplied, changedDay}

func (t *table) managed() string { return "OU=Managed," + t.target.unit }

// imports measures all imports of the n people that were exported.
func (t *table) imports(n int) {
	s := t.target
	s.empty()
	s.fill(s.units(t.managed()))
	prepared := s.Keep(t)
	t.write("first.ldif", s.people(n, t.managed(), "b", "userAccountControl: 514\naccountExpires: 134432316000000000\nadminDescription: ad-user-sync:"+uuid.NewString()+"@corp.example\n")+s.members(n, t.managed()))
	t.firstImports(first, n, prepared)
	if t.wants(unchanged, multiplied, changedDay) {
		t.anew(prepared)
		run(t.B, s.Domain, exec.Command(t.programs[0], t.imported("users.json", s.URL(), s.caFile)...))
		t.laterImports(n)
	}
	if !t.multiplies(n) {
		return
	}
	if t.wants(dryRun) {
		t.anew(prepared)
		t.dryRuns(n)
	}
	if t.wants(besideOthers) {
		prepared()
		others := "OU=Others," + s.Base
		s.fill("dn: " + others + "\nobjectClass: organizationalUnit\n\n" + s.people(4*n, others, "o", ""))
		t.firstImports(besideOthers, n, s.Keep(t))
	}
}

// firstImports measures imports into a domain without accounts, beside a tool that
// adds the same.
func (t *table) firstImports(what string, n int, prepared func()) {
	if !t.wants(what) {
		return
	}
	times := firsts
	if n > most {
		times = 1
	}
	for _, program := range t.programs {
		r := row{what: what, people: n, program: name(program)}
		for range times {
			t.anew(prepared)
			r.tool = append(r.tool, run(t.B, t.target.Domain, t.target.add(filepath.Join(t.dir, "first.ldif"))))
			t.anew(prepared)
			r.ours = append(r.ours, run(t.B, t.target.Domain, exec.Command(program, t.imported("users.json", t.target.URL(), t.target.caFile)...)))
		}
		t.add(r)
	}
}

// laterImports measures imports into a domain that has all accounts.
func (t *table) laterImports(n int) {
	s := t.target
	if t.wants(unchanged) {
		names := append([]string{"objectClass", "objectGUID", "objectSid", "cn", "sAMAccountName", "userPrincipalName", "userAccountControl", "accountExpires", "memberOf", "primaryGroupID", "adminDescription", "pwdLastSet", "whenCreated"}, attributes...)
		_, searches := t.importMany("users.json", 1)
		args := t.imported("users.json", s.URL(), s.caFile)
		t.compare(unchanged, n, s.Domain, args, func() *exec.Cmd { return s.search(t.managed(), "(objectClass=*)", names...) }, searches)
	}
	if t.wants(multiplied) && t.multiplies(n) {
		for _, many := range multiples() {
			if _, err := os.Stat(filepath.Join(t.dir, manyFile(many))); err != nil {
				t.exportMany(n, many)
			}
			c, searches := t.importMany(manyFile(many), many/n)
			t.add(row{what: multiplied, program: name(t.programs[0]), people: many, ours: []cost{c}, searches: searches})
		}
	}
	if t.wants(changedDay) {
		args := t.imported("users.json", s.URL(), s.caFile)
		for _, program := range t.programs {
			t.changeDay("users.json")
			t.add(row{what: changedDay, people: n, program: name(program), ours: []cost{run(t.B, s.Domain, exec.Command(program, args...))}})
		}
	}
}

// importMany imports a file into a domain whose accounts are multiplied, and returns
// the number of searches beyond pages and ranges.
func (t *table) importMany(file string, times int) (cost, int) {
	proxy := t.multiplied(t.target, t.managed(), times)
	defer proxy.end()
	defer t.rememberMany(times)()
	c := run(t.B, t.target.Domain, exec.Command(t.programs[0], t.imported(file, proxy.url, proxy.caFile)...))
	c.dc = 0
	return c, int(proxy.searches.Load())
}

// rememberMany makes the ledger know the accounts that are multiplied, until forget.
func (t *table) rememberMany(times int) (forget func()) {
	const file = "kept/resolutions.state.json"
	before, err := os.ReadFile(filepath.Join(t.dir, file))
	require.NoError(t, err)
	var ledger map[string]any
	decoder := json.NewDecoder(bytes.NewReader(before))
	decoder.UseNumber() // accountExpires is no float
	require.NoError(t, decoder.Decode(&ledger))
	for _, container := range ledger["containers"].(map[string]any) {
		accounts := container.(map[string]any)["accounts"].(map[string]any)
		for guid, account := range maps.Clone(accounts) {
			for n := 1; n < times; n++ {
				one := maps.Clone(account.(map[string]any))
				one["anchor"] = another(one["anchor"].(string), n)
				delete(one, "seen")
				accounts[another(guid, n)] = one
			}
		}
	}
	t.configuration(file, ledger)
	return func() { t.write(file, string(before)) }
}

// dryRuns measures what a first import takes without its writes: of n people, and of many.
func (t *table) dryRuns(n int) {
	for _, many := range append([]int{n}, multiples()...) {
		file := "users.json"
		if many > n {
			file = manyFile(many)
			if _, err := os.Stat(filepath.Join(t.dir, file)); err != nil {
				t.exportMany(n, many)
			}
		}
		args := append(t.imported(file, t.target.URL(), t.target.caFile), "--dry-run")
		for _, program := range t.programs {
			t.add(row{what: dryRun, people: many, program: name(program), ours: []cost{run(t.B, t.target.Domain, exec.Command(program, args...))}})
		}
	}
}

func manyFile(many int) string { return fmt.Sprint(many, ".json") }

// anew forgets what was imported.
func (t *table) anew(prepared func()) {
	prepared()
	kept := filepath.Join(t.dir, "kept")
	require.NoError(t, os.RemoveAll(kept))
	require.NoError(t, os.Mkdir(kept, 0o700))
}

// imported writes a configuration, and returns the arguments of the program.
func (t *table) imported(file, url, caFile string) []string {
	mapped := map[string]any{}
	for g := range groups {
		mapped["CN="+group(g)] = "CN=" + group(g)
	}
	cfg := map[string]any{"input_file": file, "managed_user_path": t.managed(), "group_path": t.target.unit, "group_map": mapped,
		"expiration_time": "P1M1D", "resolutions_file": "kept/resolutions.json", "report_dir": "kept/reports", "log_level": "WARNING",
		"limits":    map[string]any{"leave": map[string]int{"count": 100}}, // of nobody enabled, any number is many percent
		"directory": t.target.directory(url, caFile)}
	return []string{"import", "--config", t.configuration("import.json", cfg)}
}

// changeDay changes one person of a hundred in the file.
func (t *table) changeDay(name string) {
	text, err := os.ReadFile(filepath.Join(t.dir, name))
	require.NoError(t, err)
	var file map[string]any
	require.NoError(t, json.Unmarshal(text, &file))
	users := file["users"].([]any)
	for i := 0; i < len(users); i += 100 {
		user := users[i].(map[string]any)
		switch kind := i / 100 % 10; {
		case kind < 4:
			user["telephoneNumber"] = fmt.Sprint("+49 89 ", time.Now().UnixNano())
		case kind < 6:
			user["sn"], user["displayName"] = "Married", "Person Married"
		case kind < 8:
			user["memberOf"] = []any{}
		default: // one leaves, another comes
			user["objectGUID"], user["cn"] = uuid.NewString(), fmt.Sprint("New ", uuid.NewString())
			user["sAMAccountName"] = "n" + strings.ReplaceAll(uuid.NewString(), "-", "")[:18]
			user["mail"] = nil
		}
	}
	file["timestamp"] = time.Now().UTC().Format(time.RFC3339Nano)
	t.configuration(name, file)
}
