package setup

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// told asks one question of the import, answered by a person, and returns what
// the configuration has then: nil, where the key is left out.
func told(t *testing.T, key, typed string, former map[string]any) (value any, has bool, screen string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "typed")
	require.NoError(t, os.WriteFile(path, []byte(typed), 0o600))
	in, err := os.Open(path)
	require.NoError(t, err)
	defer in.Close()
	var out bytes.Buffer
	program := Program{In: in, Out: &out, Private: func(string) error { return nil }}
	questions := importQuestions()
	q := questions[slices.IndexFunc(questions, func(q question) bool { return q.key == key })]
	w := &wizard{ctx: t.Context(), program: program, console: newConsole(t.Context(), program),
		draft: &draft{program: program, side: "import", folder: t.TempDir(), given: map[string]string{}, former: former}}
	require.NoError(t, w.ask(q), "%s", &out)
	return w.draft.value(key), len(w.draft.items) > 0, out.String()
}

// What the word none comes to, and an empty value of an earlier configuration.
func TestNothing(t *testing.T) {
	empty := map[string]any{"prefix_common_names": "", "expect_every": nil, "input_file": nil}
	for _, c := range []struct {
		key, typed string
		former     map[string]any
		prompt     string
		value      any
		has        bool
	}{
		{"prefix_common_names", "none\n", nil, "[EXT]: ", "", true},
		{"prefix_common_names", "None\n", nil, "[EXT]: ", "", true},
		{"prefix_common_names", "\n", nil, "[EXT]: ", "EXT ", true},
		{"prefix_common_names", "\n", empty, "[none]: ", "", true},
		{"prefix_common_names", "PLANT\n", empty, "[none]: ", "PLANT ", true},
		{"expect_every", "\n", empty, "[none]: ", nil, true},
		{"expect_every", "P7D\n", empty, "[none]: ", "P7D", true},
		{"expect_every", "none\nP7D\n", nil, "this cannot be left out", "P7D", true},
		{"input_file", "none\nother.json\n", nil, "this cannot be left out", "other.json", true},
		{"hmac_file", "none\nother.key\n", nil, "this cannot be left out", "other.key", true},
		{"names.account_name", "none\n", nil, "[none]: ", nil, false},
	} {
		value, has, screen := told(t, c.key, c.typed, c.former)
		assert.Equal(t, c.value, value, "%s %q", c.key, c.typed)
		assert.Equal(t, c.has, has, "%s %q", c.key, c.typed)
		assert.Contains(t, screen, c.prompt, "%s %q", c.key, c.typed)
	}
}
