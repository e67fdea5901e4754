package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	importer "ad-user-sync/import"
	"ad-user-sync/import/matchtable"
)

var someMatches = []matchtable.Row{
	{Match: importer.MatchSure, User: "Doe, Jane", AccountName: "jane", Anchor: "a-1", Account: "CN=Jane,OU=Staff,DC=x", HasName: "jdoe", GUID: "g-1", Evidence: []string{"employeeID is 0042", "names agree"}, Moving: []string{"group policy lost: Office"}},
	{Match: importer.MatchBarred, User: "=HYPERLINK(\"http://x\")", AccountName: "x;=1+1", Anchor: "a-2", Account: "CN=A,DC=x", HasName: "@sum", Evidence: []string{"+1"}, Why: "it\nadministers"},
	{Match: importer.MatchNone, User: "New\x1b[2J", AccountName: "new", Evidence: []string{}},
}

func TestMatchesAsText(t *testing.T) {
	var out strings.Builder
	require.NoError(t, writeMatches(&out, someMatches))
	assert.Contains(t, out.String(), "employeeID is 0042; names agree\n")
	assert.Regexp(t, `none +New\S+ +new +a new account is made\n`, out.String())
	assert.Contains(t, out.String(), "it[U+000A]administers\n")
	assert.NotContains(t, out.String(), "\x1b")
	assert.Contains(t, out.String(), "BY BEING MOVED INTO THE MANAGED CONTAINER:\n1  group policy lost: Office\n")
	assert.True(t, strings.HasSuffix(out.String(), "\n1 sure, 0 likely, 0 several, 1 barred, 1 none\n"))
}
