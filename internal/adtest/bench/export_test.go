package bench

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/stretchr/testify/require"
)

const exported, exportMultiplied = "export", "export, multiplied"

// exports fills the source with n people, and measures their export.
func (t *table) exports(n int) {
	s := t.source
	s.empty()
	s.fill(s.units() + s.people(n, s.unit, "b", "userAccountControl: 512\n") + s.members(n, s.unit))
	args := t.export("users.json", s.URL(), s.caFile)
	run(t.B, s.Domain, exec.Command(t.programs[0], args...))
	if t.wants(exported) {
		names := append([]string{"cn", "sAMAccountName", "objectGUID", "userAccountControl", "accountExpires", "memberOf", "primaryGroupID", "isCriticalSystemObject", "objectSid"}, attributes...)
		filter := t.filter("users.json")
		t.compare(exported, n, s.Domain, args, func() *exec.Cmd { return s.search(s.unit, filter, names...) }, 0)
	}
	if t.multiplies(n) && t.wants(exportMultiplied) {
		for _, many := range multiples() {
			t.exportMany(n, many)
		}
	}
}

// exportMany exports n people as if they were many, to the file of that name.
func (t *table) exportMany(n, many int) {
	proxy := t.multiplied(t.source, t.source.unit, many/n)
	defer proxy.end()
	for _, program := range t.programs {
		c, err := try(t.B, t.source.Domain, exec.Command(program, t.export(manyFile(many), proxy.url, proxy.caFile)...))
		if err != nil {
			t.Log(err) // older programs refuse so many
			continue
		}
		c.dc = 0 // the proxy has read it once
		t.add(row{what: exportMultiplied, program: name(program), people: many, ours: []cost{c}})
	}
}

// export writes a configuration as people have it, and returns the arguments of the program.
func (t *table) export(file, url, caFile string) []string {
	var names []string
	for g := range groups {
		names = append(names, "CN="+group(g))
	}
	cfg := map[string]any{"export_file": file, "user_path": t.source.unit, "group_path": t.source.unit, "search_groups": names,
		"attributes": attributes, "directory": t.source.directory(url, caFile)}
	return []string{"export", "--config", t.configuration("export.json", cfg)}
}

func (t *table) configuration(name string, content map[string]any) string {
	text, err := json.Marshal(content)
	require.NoError(t, err)
	return t.write(name, string(text))
}

// filter is that with which an export made its file.
func (t *table) filter(file string) string {
	text, err := os.ReadFile(filepath.Join(t.dir, file))
	require.NoError(t, err)
	var made struct {
		Complete struct {
			Searches []struct{ Filter string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &made))
	return made.Complete.Searches[0].Filter
}
