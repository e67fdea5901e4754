package adtest

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adrules"
)

// Each GUID of an attribute, class, property set or right that stands in the program,
// its scripts and its documents is that of the domain's own schema, under the name that
// stands beside it.
func TestGUIDsAreThoseOfTheSchema(t *testing.T) {
	known := guidsOfDomain(t, Lab(t).Target.Admin(t))
	require.Greater(t, len(known), 1500)
	met := map[string]int{}
	for _, file := range filesWithGUIDs(t) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			near := plain(strings.Join(lines[max(0, i-4):i+1], " "))
			for _, guid := range guidsIn(line) {
				names, ok := known[guid]
				if !ok && unnamed[guid] {
					continue
				}
				if assert.True(t, ok, "%s:%d: the schema does not have %s", file, i+1, guid) {
					met[filepath.Base(file)]++
					assert.True(t, strings.HasSuffix(file, ".tsv") || slices.ContainsFunc(names, func(n string) bool { return strings.Contains(near, n) }), "%s:%d: %s is %v, which is not said", file, i+1, guid, names)
				}
			}
		}
	}
	for _, file := range []string{"delegate.ps1", "delegate.py", "list.go", "descriptor.go", "definition.go", "guard.go", "domain.go"} {
		assert.NotZero(t, met[file], file)
	}
}

// unnamed are GUIDs that the schema has no name for.
var unnamed = map[string]bool{
	"00000000-0000-0000-0000-000000000000": true,
	"6f9619ff-8b86-d011-b42d-00cf4fc964ff": true, // a person of the examples
	"a29b89fd-c7e8-11d0-9bae-00c04fd92ef5": true, // a property set that MS-ADA1 gives to eFSPolicy alone, and nothing defines
}

// The tables of the directory in memory are those of the domain.
func TestTablesInMemoryAreThoseOfTheSchema(t *testing.T) {
	a := Lab(t).Target.Admin(t)
	schema := "CN=Schema,CN=Configuration," + a.base
	for table, class := range map[string]string{"attributes.tsv": "attributeSchema", "classes.tsv": "classSchema"} {
		in := map[string]*ldap.Entry{}
		for _, e := range a.all(schema, "(objectClass="+class+")", "lDAPDisplayName", "schemaIDGUID", "attributeSecurityGUID") {
			in[e.GetAttributeValue("lDAPDisplayName")] = e
		}
		text, err := os.ReadFile("../memad/" + table)
		require.NoError(t, err)
		lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
		head := strings.Split(lines[0], "\t")
		compared := 0
		for _, line := range lines[1:] {
			cells := strings.Split(line, "\t")
			e := in[cells[0]]
			if e == nil {
				continue // of a newer Windows; MS-ADA has it
			}
			for i, name := range head {
				if name == "schemaIDGUID" || name == "attributeSecurityGUID" {
					compared++
					assert.Equal(t, guidText(t, e, name), cells[i], "%s %s", cells[0], name)
				}
			}
		}
		assert.Greater(t, compared, 20, table)
	}
}

// What the table of rights names are attributes of users, or of groups.
func TestTheTableOfRightsNamesAttributesOfTheSchema(t *testing.T) {
	a := Lab(t).Target.Admin(t)
	text, err := os.ReadFile("../../examples/rights/rights.txt")
	require.NoError(t, err)
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^[a-z].*\bWP;([A-Za-z]+)`).FindAllStringSubmatch(string(text), -1) {
		names = append(names, m[1])
	}
	require.Greater(t, len(names), 30)
	for _, name := range names {
		// as delegate.ps1 looks for it
		assert.Len(t, a.all("CN=Schema,CN=Configuration,"+a.base, "(lDAPDisplayName="+name+")", "schemaIDGUID"), 1, name)
	}
}

// guidsOfDomain are the names of each GUID, as plain makes them.
func guidsOfDomain(t *testing.T, a *Admin) map[string][]string {
	known := map[string][]string{}
	for _, e := range a.all("CN=Schema,CN=Configuration,"+a.base, "(schemaIDGUID=*)", "lDAPDisplayName", "cn", "schemaIDGUID") {
		guid := guidText(t, e, "schemaIDGUID")
		known[guid] = append(known[guid], plain(e.GetAttributeValue("lDAPDisplayName")), plain(e.GetAttributeValue("cn")))
	}
	for _, e := range a.all("CN=Extended-Rights,CN=Configuration,"+a.base, "(rightsGuid=*)", "rightsGuid", "cn", "displayName") {
		guid := strings.ToLower(e.GetAttributeValue("rightsGuid"))
		known[guid] = append(known[guid], plain(e.GetAttributeValue("cn")), strings.TrimSuffix(plain(e.GetAttributeValue("displayName")), "information"))
	}
	return known
}

// plain is a name without case and what stands between its words.
func plain(name string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
}

// all reads every object below, in pages.
func (a *Admin) all(base, filter string, attributes ...string) []*ldap.Entry {
	a.t.Helper()
	found, err := a.conn.SearchWithPaging(ldap.NewSearchRequest(base, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, filter, attributes, nil), 500)
	a.must(err, "search "+base)
	return found.Entries
}

func guidText(t *testing.T, e *ldap.Entry, attribute string) string {
	raw := e.GetRawAttributeValue(attribute)
	if len(raw) == 0 {
		return ""
	}
	guid, err := adrules.GUIDFromBytes(raw)
	require.NoError(t, err, e.DN)
	return guid.String()
}

// filesWithGUIDs are those of the program, its scripts and documents.
func filesWithGUIDs(t *testing.T) (files []string) {
	root := filepath.Join("..", "..")
	for _, folder := range []string{"approval", "cmd", "docs", "examples", "export", "import", "internal", "schema"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(root, folder), func(path string, d os.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "testdata" || d.Name() == "adtest" || d.Name() == "simulation" || d.Name() == "demo" || d.Name() == "node_modules"):
				return filepath.SkipDir
			case strings.HasSuffix(path, "_test.go"):
			case regexp.MustCompile(`\.(go|tsv|ps1|py|md|txt|xml)$`).MatchString(path):
				files = append(files, path)
			}
			return nil
		}))
	}
	return files
}

var (
	guidAsText  = regexp.MustCompile(`(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`)
	guidAsBytes = regexp.MustCompile(`\{(0x[0-9a-f]{2}(?:, 0x[0-9a-f]{2}){15})\}`)
)

func guidsIn(line string) (guids []string) {
	for _, text := range guidAsText.FindAllString(line, -1) {
		guids = append(guids, strings.ToLower(text))
	}
	for _, m := range guidAsBytes.FindAllStringSubmatch(line, -1) {
		raw, _ := hex.DecodeString(strings.NewReplacer("0x", "", ", ", "").Replace(m[1]))
		guid, _ := adrules.GUIDFromBytes(raw)
		guids = append(guids, fmt.Sprint(guid))
	}
	return guids
}
