package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// right is a line of examples/rights/rights.txt.
type right struct{ who, where, condition, inherit, right string }

func rightsTable(t *testing.T) (table []right) {
	for line := range strings.Lines(rightsFile(t, "rights.txt")) {
		if f := strings.Fields(line); len(f) > 4 && f[0] != "#" {
			table = append(table, right{f[0], f[1], f[2], f[3], strings.Join(f[4:], " ")})
		}
	}
	require.NotEmpty(t, table)
	return table
}

func rightsFile(t *testing.T, name string) string {
	text, err := os.ReadFile(filepath.Join(examples, "rights", name))
	require.NoError(t, err)
	return string(text)
}

func TestRightsAreThoseThatAnImportNeeds(t *testing.T) {
	var safe, others []string
	for _, r := range rightsTable(t) {
		if r.who != "both" || r.where != "container" {
			continue
		}
		if attribute := strings.TrimSuffix(strings.TrimPrefix(r.right, "WP;"), ";user"); r.condition == "default" {
			safe = append(safe, attribute)
		} else {
			others = append(others, attribute)
		}
	}
	assert.Equal(t, schema.SafeAttributes(), safe)
	assert.Equal(t, []string{"CC", "RPLCLORC;", "cn", "name", "sAMAccountName", "userPrincipalName", "userAccountControl", "accountExpires", "%anchor%", "%attribute%"},
		cutAll(others, ";user"))
}

func cutAll(list []string, suffix string) (cut []string) {
	for _, s := range list {
		cut = append(cut, strings.TrimSuffix(s, suffix))
	}
	return cut
}

// Nothing to write is given without naming what.
func TestRightsNameWhatMayBeWritten(t *testing.T) {
	exact := regexp.MustCompile(`^((RP)?WP;[A-Za-z%]+(;user)?|CC;user|RPLCLORC(;;user)?|RC;;user|SD;;user|WD;;user|CA;Reset Password;user)$`)
	for _, r := range rightsTable(t) {
		assert.Regexp(t, exact, r.right)
		switch r.right {
		case "WD;;user":
			assert.Equal(t, right{"approvers", "container", "can-not-change-password", "/I:S", r.right}, r)
		case "SD;;user":
			assert.Equal(t, right{"approvers", "elsewhere", "always", "/I:S", r.right}, r)
		case "CA;Reset Password;user":
			assert.Equal(t, "approvers", r.who)
		}
	}
}

func TestBothScriptsKnowTheWholeTable(t *testing.T) {
	for _, name := range []string{"delegate.py", "delegate.ps1"} {
		script := rightsFile(t, name)
		assert.Contains(t, script, "rights.txt")
		for _, r := range rightsTable(t) {
			for _, word := range []string{r.who, r.where, r.condition} {
				assert.Contains(t, script, `"`+word+`"`, name)
			}
		}
		for _, r := range script {
			require.Less(t, r, '\x7f', "%s is ASCII, as Windows PowerShell reads it", name)
		}
	}
}

// No right and no class is known to the script by a name that another language has.
func TestTheWindowsScriptKnowsEveryRight(t *testing.T) {
	script := rightsFile(t, "delegate.ps1")
	assert.NotContains(t, script, "dsacls")
	assert.Contains(t, script, `"Reset Password" = [Guid]"00299570-246d-11d0-a768-00aa006e0529"`)
	for _, r := range rightsTable(t) {
		assert.Contains(t, script, `"`+r.inherit+`" = "`)
		letters, _, _ := strings.Cut(r.right, ";")
		require.Zero(t, len(letters)%2)
		for ; letters != ""; letters = letters[2:] {
			assert.Contains(t, script, `"`+letters[:2]+`" = "`)
		}
	}
}

// An option of one script is an option of the other.
func TestBothScriptsHaveTheSameOptions(t *testing.T) {
	var py, ps []string
	for _, m := range regexp.MustCompile(`add\("--([a-z-]+)"`).FindAllStringSubmatch(rightsFile(t, "delegate.py"), -1) {
		py = append(py, strings.ReplaceAll(m[1], "-", ""))
	}
	parameters, _, _ := strings.Cut(rightsFile(t, "delegate.ps1"), "$ErrorActionPreference")
	for _, m := range regexp.MustCompile(`\]\$([A-Za-z]+)`).FindAllStringSubmatch(parameters, -1) {
		ps = append(ps, strings.ToLower(m[1]))
	}
	slices.Sort(py)
	slices.Sort(ps)
	assert.Equal(t, py, ps)
}
