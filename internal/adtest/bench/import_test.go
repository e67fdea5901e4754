package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// imports measures a first import, one without changes, and one of a day on which
// one of a hundred changes.
func (t *table) imports(source *place, dir string, n int) {
	target := newPlace(t.B, t.lab.Target)
	mapped := map[string]any{}
	for g := range groups {
		mapped["CN="+source.group(g)] = "CN=" + target.group(g)
	}
	managed := "OU=Managed," + target.ou
	cfg := write(t.B, dir, "import.json", map[string]any{"input_file": "users.json", "managed_user_path": managed, "group_path": target.ou, "group_map": mapped,
		"expiration_time": "P1M1D", "resolutions_file": "kept/resolutions.json", "log_level": "WARNING", "directory": directory(target.Domain, target.URL(), t.lab.CAFile)})
	args := []string{"import", "--config", cfg}
	empty := func() {
		for g := range groups { // first: a member that goes costs as much as the group is large
			dn := "CN=" + target.group(g) + "," + target.ou
			target.Delete(dn)
			target.Add(dn, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {target.group(g)}})
		}
		target.Delete(managed)
		target.Add(managed, map[string][]string{"objectClass": {"organizationalUnit"}})
		require.NoError(t, os.RemoveAll(filepath.Join(dir, "kept")))
		require.NoError(t, os.Mkdir(filepath.Join(dir, "kept"), 0o700))
	}
	ldif := write(t.B, dir, "first.ldif", target.managed(managed, n))
	anew := func(cmd *exec.Cmd) cost {
		empty()
		return run(t.B, target.Domain, cmd)
	}
	tool := func() cost { return anew(target.tool(t.lab, "ldapmodify", "-a", "-f", ldif)) }
	for _, program := range t.programs {
		r := row{what: "first import", people: n, program: name(program)}
		for before := tool(); len(r.ours) < firsts; {
			ours := anew(exec.Command(program, args...))
			after := tool()
			r.ours, r.tool = append(r.ours, ours), append(r.tool, between(before, after))
			before = after
		}
		t.add(r)
	}
	anew(exec.Command(t.programs[0], args...))
	names := append([]string{"objectClass", "objectGUID", "objectSid", "cn", "sAMAccountName", "userPrincipalName", "userAccountControl", "accountExpires", "memberOf", "primaryGroupID", "adminDescription", "pwdLastSet", "whenCreated"}, attributes...)
	t.compare("import without changes", n, target.Domain, args, func() *exec.Cmd { return target.search(t.lab, "(objectClass=*)", names...) })
	for _, program := range t.programs {
		t.changeDay(filepath.Join(dir, "users.json"))
		t.add(row{what: "import, 1 % changes", people: n, program: name(program), ours: []cost{run(t.B, target.Domain, exec.Command(program, args...))}})
	}
}

// firsts is how often a first import is measured.
const firsts = 3

// between is the mean of two costs. A controller gets slower with each object that
// was deleted from it, and so with each measurement: what is measured between two
// runs of a tool is compared with their mean.
func between(x, y cost) cost {
	return cost{wall: (x.wall + y.wall) / 2, cpu: (x.cpu + y.cpu) / 2, dc: (x.dc + y.dc) / 2}
}

// managed is LDIF of what a first import makes of n people.
func (p *place) managed(ou string, n int) string {
	return p.people(n, ou, "userAccountControl: 514\naccountExpires: 134432316000000000\nadminDescription: ad-user-sync:"+uuid.NewString()+"@corp.example\n") +
		p.groupsOf(n, ou, "changetype: modify\nadd: member\n")
}

// changeDay changes one person of a hundred in the file.
func (t *table) changeDay(path string) {
	text, err := os.ReadFile(path)
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
	write(t.B, filepath.Dir(path), filepath.Base(path), file)
}
