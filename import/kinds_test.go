package importer

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/report"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
	"ad-user-sync/schema/text"
)

// exempt are kinds that a place need not know, and why.
type exempt map[plan.Kind]string

var (
	neverAsked = exempt{plan.Update: "", plan.Rename: "", plan.Extend: "", plan.Prolong: "a person gives time on a screen of its own"}
	unlimited  = exempt{
		plan.Adopt: "asked of each", plan.Enable: "asked of each", plan.Name: "asked of each",
		plan.Extend: "takes nothing; one that ends earlier counts as a disable", plan.Prolong: "by a person, of each account",
		plan.NewPassword: "by a person, alone", plan.Unlock: "by a person, alone",
	}
	noAction = exempt{plan.Name: "its answer creates, renames or adopts"}
	// places are code that has to name every kind: files, by a pattern.
	places = map[string]struct {
		files string
		but   exempt
	}{
		"writes it":                 {"apply/*.go", noAction},
		"learns it":                 {"ledger/*.go", exempt{plan.Name: "a name that was given is kept as an answer", plan.Update: "the directory shows it", plan.Rename: "likewise", plan.Unlock: "nothing to remember"}},
		"answers it on an old page": {"older_page*_test.go", exempt{plan.Update: "", plan.Rename: "", plan.Extend: "", plan.Prolong: "prolong_test.go does", plan.NewPassword: "desk_find_test.go does", plan.Unlock: "likewise"}},
	}
)

// A kind of action or question is known wherever it has to be. A new one that was forgotten
// somewhere fails here, in TestKindsAreAll, or in TestFaults, which does each of them.
func TestEveryKindIsKnownEverywhere(t *testing.T) {
	limits, err := os.ReadFile("../schema/config/import_config.schema.json")
	require.NoError(t, err)
	formats, err := os.ReadFile("../schema/report.go")
	require.NoError(t, err)
	page := contents(t, "../approval/page/*.js") + contents(t, "../approval/*.go")
	named := map[string]map[string]bool{}
	for place, p := range places {
		named[place] = kindsIn(t, p.files)
	}
	for _, k := range plan.Kinds() {
		t.Run(string(k), func(t *testing.T) {
			asked, acts := !neverAsked.has(k), !noAction.has(k)
			w := words.OfKind(k)
			assert.NotEmpty(t, w.Title, "import/words")
			assert.NotEmpty(t, w.Done, "import/words")
			assert.NotEmpty(t, w.Count, "import/words")
			if asked {
				assert.NotEmpty(t, w.What, "import/words: as a question")
				offered := plan.Question{Kind: k}.Offered()
				listed := slices.ContainsFunc(words.Titles(), func(title words.Title) bool { return title.Kind == k })
				assert.NotEqual(t, offered, listed, "the page lists it, unless a person looks for the account")
				assert.Contains(t, dryRun(t, schema.Report{RequiredInteractions: report.Interactions([]plan.Question{{Kind: k, Person: &plan.Person{CN: "Jane Doe"}, Group: &plan.Group{}}})}), "Jane Doe")
			}
			if (plan.Question{Kind: k}).Offered() || k == plan.Prolong {
				assert.Contains(t, page, `"`+string(k)+`"`, "approval/page")
			}
			if slices.Contains(plan.Limited, k) {
				assert.Contains(t, string(limits), `"`+string(k)+`": {`+"\n"+`          "$ref": "#/$defs/limit"`, "its limit in the configuration")
				assert.NotEqual(t, words.OfLimit("a limit without words"), strings.ReplaceAll(words.OfLimit(string(k)), string(k), "a limit without words"), "its limit in words")
			} else {
				assert.True(t, unlimited.has(k), "a limit counts it, or why none does")
			}
			if acts {
				done := report.Actions(schema.Report{}, []plan.Action{{Kind: k, Person: &plan.Person{CN: "Jane Doe"}, Group: &plan.Group{CN: "p-View"}}})
				count := 0
				for _, d := range done.Done() {
					count += d.N
				}
				assert.Equal(t, 1, count, "a list of the report")
				assert.Regexp(t, `Jane Doe|Extend \(1\)`, dryRun(t, done), "schema/text")
				assert.Regexp(t, `Type string .*// .*\b`+string(k)+`\b`, string(formats), "schema.Action says which there are")
			}
			for place, p := range places {
				assert.NotEqual(t, p.but.has(k), named[place][string(k)], "%s: %s", p.files, place)
			}
		})
	}
}

func (e exempt) has(k plan.Kind) bool { _, there := e[k]; return there }

// dryRun is what a person reads of a report of what would be done.
func dryRun(t *testing.T, r schema.Report) string {
	var out bytes.Buffer
	r.DryRun = true
	require.NoError(t, text.Report(&out, r))
	return out.String()
}

func contents(t *testing.T, pattern string) (all string) {
	files, err := filepath.Glob(pattern)
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		all += string(data)
	}
	return all
}

// kindsIn are the kinds that files name as constants of package plan.
func kindsIn(t *testing.T, pattern string) map[string]bool {
	values := map[string]string{} // by the name of the constant
	kinds, err := parser.ParseFile(token.NewFileSet(), "plan/kinds.go", nil, 0)
	require.NoError(t, err)
	ast.Inspect(kinds, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			return true
		}
		if value, ok := v.Values[0].(*ast.BasicLit); ok && value.Kind == token.STRING {
			values[v.Names[0].Name] = strings.Trim(value.Value, `"`)
		}
		return true
	})
	files, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	named := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") != strings.HasSuffix(pattern, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "plan" {
					named[values[sel.Sel.Name]] = true
				}
			}
			return true
		})
	}
	return named
}
