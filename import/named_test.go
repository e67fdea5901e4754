package importer

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Where the table, the rules and the burns are written down.
var (
	inRow     = regexp.MustCompile(`(?m)^//\t {0,1}(\d+)([a-z] |  )\w`)
	inList    = regexp.MustCompile(`(?m)^//\t(rule|burn) (\d\d)  `)
	inTest    = regexp.MustCompile(`\b(row|rule|burn) (\d\d[a-z]?)\b`)
	inScript  = regexp.MustCompile(`(?m)^# (rule|burn) \d\d .*`)
	documents = []string{"doc.go", "plan/doc.go"}
)

// Every row of the decision table, every rule and every burn has a test that
// carries its number, and no test carries a number that is not written down.
func TestEveryPromiseHasATest(t *testing.T) {
	written := map[string]bool{}
	for _, name := range documents {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range inRow.FindAllStringSubmatch(string(text), -1) {
			written["row "+strings.Repeat("0", 2-len(m[1]))+m[1]+strings.TrimSpace(m[2])] = true
		}
		for _, m := range inList.FindAllStringSubmatch(string(text), -1) {
			written[m[1]+" "+m[2]] = true
		}
	}
	require.Len(t, written, 61+40+26)
	tested := map[string]bool{}
	for _, name := range testNames(t, "..") {
		for _, promise := range inTest.FindAllString(name, -1) {
			tested[promise] = true
			assert.True(t, written[promise], "%q names what no doc.go has", name)
		}
	}
	for promise := range written {
		assert.True(t, tested[promise], "no test is named after %s", promise)
	}
}

// testNames are the names of all subtests, and the headings of all scripts.
func testNames(t *testing.T, root string) (names []string) {
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch {
		case strings.HasSuffix(path, "_test.go"):
			names = append(names, subtests(t, path)...)
		case strings.HasSuffix(path, ".txtar"):
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			names = append(names, inScript.FindAllString(string(text), -1)...)
		}
		return nil
	}))
	return names
}

func subtests(t *testing.T, path string) (names []string) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		name, literal := call.Args[0].(*ast.BasicLit)
		if ok && literal && method.Sel.Name == "Run" && name.Kind == token.STRING {
			names = append(names, name.Value)
		}
		return true
	})
	return names
}
