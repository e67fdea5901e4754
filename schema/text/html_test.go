package text

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Names of a file are text on the page, whatever they look like, and nothing is
// hidden in them.
func TestReportHTML(t *testing.T) {
	r := sampleReport(t)
	r.Notices = append(r.Notices, `<script>alert(1)</script>`+"\u202e\x1b[2J")
	r.Run = `"><img src=x>`
	var out, plain bytes.Buffer
	require.NoError(t, HTML(&out, r))
	require.NoError(t, Report(&plain, r))
	page := out.String()
	assert.NotContains(t, page, "<script")
	assert.NotContains(t, page, "<img")
	assert.NotContains(t, page, "\u202e")
	assert.NotContains(t, page, "\x1b")
	assert.Contains(t, page, "&lt;script&gt;alert(1)&lt;/script&gt;[U&#43;202E][U&#43;001B][2J")
	assert.Contains(t, page, "EXT Jane &lt;Doe&gt;")
	assert.Contains(t, page, "default-src 'none'")
	for line := range strings.Lines(plain.String()) {
		if words := strings.Fields(line); len(words) > 0 && !strings.ContainsAny(line, `<>"+&'`) {
			assert.Contains(t, page, words[len(words)-1], "what the text has, the page has")
		}
	}
	assert.Equal(t, strings.Count(page, "<h2>"), strings.Count(page, "<ul>"))
}
