package main

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whoever has a release and no source can follow every link.
func TestDocumentsOfAReleaseHaveNoDeadLink(t *testing.T) {
	t.Chdir("../..")
	all, err := documents()
	require.NoError(t, err)
	known := map[string]bool{}
	for _, f := range all {
		for name := f.name; name != "."; name = path.Dir(name) {
			known[name] = true
		}
	}
	followed := 0
	for _, f := range all {
		if path.Ext(f.name) != ".md" {
			continue
		}
		for _, link := range regexp.MustCompile(`\]\(([^)#\s]+)`).FindAllStringSubmatch(string(f.body), -1) {
			if strings.Contains(link[1], ":") {
				continue
			}
			followed++
			assert.True(t, known[path.Join(path.Dir(f.name), link[1])], "%s has a link to %s, which a release does not have", f.name, link[1])
		}
	}
	assert.Greater(t, followed, 50)
}
