package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/memad"
)

// What a name holds can neither begin a line nor reach the terminal.
func TestPreviewIsAlignedAndCanNotBeForged(t *testing.T) {
	const rule = `exclude: cn matches "*"`
	var out strings.Builder
	require.NoError(t, writePreview(&out, &export.Previewed{
		Candidates: []export.Candidate{
			{CN: "Doe, Jane", SAMAccountName: "jdoe", MemberOf: []string{"CN=t-Viewers", "CN=t-Editors"}},
			{CN: "李伟", SAMAccountName: "wli", Disabled: true},
			{CN: strings.Repeat("x", 50), SAMAccountName: "eold", Expired: true},
			{CN: "A\ngoes      Forged", SAMAccountName: "a\x1b[2J\u202e", LeftOut: rule + "\n0 would go", Rule: rule},
			{CN: "B", SAMAccountName: "b", LeftOut: rule, Rule: rule},
			{CN: "C", SAMAccountName: "c", LeftOut: "in none of search_groups", Rule: "in none of search_groups", Outside: true},
		},
		LeftOut: 2, Reasons: map[string]int{rule: 2}, Outside: 1, Unjudged: 4, Twice: 2, Referrals: 3,
	}))
	assert.Equal(t, `goes      Doe, Jane                  jdoe                  CN=t-Viewers, CN=t-Editors
goes      李伟                       wli                   disabled
goes      xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx  eold                  expired
left out  A[U+000A]goes      Forged  a[U+001B][2J[U+202E]  exclude: cn matches "*"[U+000A]0 would go
left out  B                          b                     exclude: cn matches "*"
outside   C                          c                     in none of search_groups

3 would go (1 disabled, 1 expired), 2 would be left out
      2  exclude: cn matches "*"
4 cannot be judged, so that no file would be written
1 more are in none of search_groups
2 were found by several queries and count once
3 referrals were not followed: other parts of the forest are not searched
`, out.String())
}

// The same for programs.
func TestPreviewAsJSON(t *testing.T) {
	dir, etc := documentDomain("corp.example"), t.TempDir()
	dir.AddUser(memad.User{Parent: "OU=Staff", CN: "Jane\u202e Doe", AccountName: "jdoe", Password: secretPassword})
	dir.AddUser(memad.User{Parent: "OU=Staff", CN: "Max Roe", AccountName: "max", Password: secretPassword})
	writeAll(t, etc, map[string]string{"directory.password": boundPassword,
		"export_config.yaml": "user_path: OU=Staff,DC=corp,DC=example\nexclude: {sAMAccountName: [max]}\n" + documentDirectory(t, etc, dir)})
	t.Chdir(etc)
	var out, said bytes.Buffer
	code := run(t.Context(), []string{"export", "--preview", "--format", "json", "-q"}, streams{out: &out, err: &said})
	require.Equal(t, exitDone, code, said.String())
	assert.NotContains(t, out.String(), "\u202e")
	var p export.Previewed
	require.NoError(t, json.Unmarshal(out.Bytes(), &p))
	require.Len(t, p.Candidates, 2)
	assert.Equal(t, []string{"jdoe", "", "max"}, []string{p.Candidates[0].SAMAccountName, p.Candidates[0].LeftOut, p.Candidates[1].SAMAccountName})
	assert.Contains(t, p.Candidates[1].LeftOut, "exclude")
	assert.Equal(t, 1, p.LeftOut)
}
