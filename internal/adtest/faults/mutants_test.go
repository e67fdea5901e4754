//go:build mutants

package faults_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mutant is a fault that is put into a copy of how the program reads, and a
// scenario that shows it.
type mutant struct {
	name, shownBy string
	edits         []edit
}

type edit struct{ file, old, new string }

const (
	searchFile = "internal/ad/search.go"
	pageFile   = "internal/ad/page.go"
	rangesFile = "internal/ad/ranges.go"
)

var mutants = []mutant{
	{"a page is asked for again with its cookie", "export_unit/next-page-*/busy-51-late", []edit{
		{pageFile, "send = p.client.exchange", "send = p.client.patiently"},
	}},
	{"a cookie is kept after a page that failed", "export_unit/next-page-*/other-80-late", []edit{
		{searchFile, "passes  uint8\n", "passes  uint8\n\tkept []byte\n"},
		{searchFile, "(&page{reading: r, session: s})", "(&page{reading: r, session: s, cookie: r.kept})"},
		{searchFile, "return r.fault(ctx, s, p, err)", "r.kept = p.cookie\n\t\t\treturn r.fault(ctx, s, p, err)"},
	}},
	{"the last page is forgotten where a search begins again", "export_unit/next-page-*/other-80-late", []edit{
		{searchFile, "if err := r.handOn(p); err != nil {", "if r.passes > 1 && p.last && p.cookie != nil {\n\t\t\tp.entries = nil\n\t\t}\n\t\tif err := r.handOn(p); err != nil {"},
	}},
	{"an answer without pages is taken for the last page", "export_unit/first-page-*/no-paging", []edit{
		{pageFile, "return errNoPaging\n", "p.last = true\n\t\treturn nil\n"},
	}},
	{"values behind a part that failed are forgotten", "export/range-*/other-80", []edit{
		{rangesFile, "\t\tif err != nil {\n\t\t\treturn err\n\t\t}\n\t\tp, values = next", "\t\tif err != nil {\n\t\t\tbreak\n\t\t}\n\t\tp, values = next"},
	}},
}

// TestMutants puts each fault into the program; the scenario must break.
func TestMutants(t *testing.T) {
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			pattern := "^TestFaults$/" + strings.ReplaceAll(strings.ReplaceAll(m.shownBy, "/", "$/"), "-*", "-[0-9]*") + "$"
			out, err := run(root, pattern, overlay(t, root, m.edits))
			assert.Error(t, err, "nothing showed it")
			assert.Regexp(t, `[1-9][0-9]* broken`, out)
		})
	}
}

// run plays scenarios with some of the program's files replaced.
func run(root, pattern, overlay string) (string, error) {
	command := exec.Command("go", "test", "-count=1", "-overlay", overlay, "-run", pattern, "./internal/adtest/faults")
	command.Dir = root
	out, err := command.CombinedOutput()
	return string(out), err
}

func overlay(t *testing.T, root string, edits []edit) string {
	dir, texts, replace := t.TempDir(), map[string]string{}, map[string]string{}
	for _, e := range edits {
		if texts[e.file] == "" {
			data, err := os.ReadFile(filepath.Join(root, e.file))
			require.NoError(t, err)
			texts[e.file] = string(data)
		}
		require.Equal(t, 1, strings.Count(texts[e.file], e.old), "%s has %q", e.file, e.old)
		texts[e.file] = strings.Replace(texts[e.file], e.old, e.new, 1)
	}
	for file, text := range texts {
		changed := filepath.Join(dir, filepath.Base(file))
		require.NoError(t, os.WriteFile(changed, []byte(text), 0o600))
		replace[filepath.Join(root, file)] = changed
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	path := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(path, list, 0o600))
	return path
}
