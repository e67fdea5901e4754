package approval

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// hostileNames are what someone who may edit the source could be called.
var hostileNames = map[string]string{
	"script":    `<script>window.hacked = 1</script>`,
	"markup":    `<img src=x onerror="window.hacked = 1">`,
	"attribute": `" onmouseover="window.hacked = 1" x="`,
	"quotes":    `'"` + "`" + `&quot;</textarea></title>`,
	"turned":    "Jane \u202eeoD\u2066 enaJ",
	"hidden":    "Ja\u200bne\u00ad D\u200doe",
	"lookalike": "J\u0430ne D\u043ee",
	"formula":   `=cmd|'/c calc'!A1`,
	"path":      `..\..\evil.zip`,
}

// enlist puts someone with this text in every attribute into the next file.
func (s *labScene) enlist(first, text string) {
	s.employ(first + " Hostile")
	u := s.users[first]
	u.CN = text[:min(len(text), 4096)] // longer names are refused with the file
	for _, name := range []string{"displayName", "department", "title", "company", "description", "telephoneNumber", "l", "givenName", "sn"} {
		u.Attributes.Set(name, schema.Value{List: []string{text}})
	}
	u.Attributes.Set("mail", schema.Value{List: []string{text + "@corp.example"}})
	s.users[first] = u
}

func TestLabHostileFile(t *testing.T) {
	s := newLabScene(t)
	for first, text := range hostileNames {
		s.enlist(first, text)
	}
	s.enlist("long", strings.Repeat("x<b>", 2500))
	s.enlist("account", "Account Hostile")
	u := s.users["account"]
	u.SAMAccountName = hostileNames["markup"]
	s.users["account"] = u
	im := s.start()
	_, err := im.Run(t.Context())
	require.NoError(t, err)
	served, b := s.open(s.desk(im))

	people := len(hostileNames) + 2
	b.until(fmt.Sprintf(`document.querySelectorAll("#open article").length === %d`, people))
	for _, name := range []string{"script", "markup", "attribute", "quotes", "formula", "path"} {
		b.sees(hostileNames[name])
	}
	for _, point := range []string{"U+0430", "U+043E"} {
		b.sees(point)
	}
	harmless := func(where string) {
		t.Helper()
		assert.False(t, eval[bool](b, `"hacked" in window`), where)
		assert.Equal(t, 0, eval[int](b, `document.querySelectorAll("body script, body img, body iframe, body b, body [onmouseover], body [onerror]").length`), where)
		assert.False(t, eval[bool](b, `/[\u202a-\u202e\u2066-\u2069\u200b\u200d\u00ad]/.test(document.body.textContent)`), where)
		assert.LessOrEqual(t, eval[int](b, "document.documentElement.scrollWidth"), 1280, where)
	}
	harmless("open")

	b.click("#open .tools", "Select all shown")
	b.click(".bulk", "Accept")
	b.click("dialog", "Accept")
	b.sees(fmt.Sprintf("%d new passwords not yet handed out", people-1))
	b.click("[role=tablist]", "Done")
	b.sees(hostileNames["script"])
	harmless("done")

	list, _ := b.download(t)
	assert.Equal(t, people-1, strings.Count(list, "\r\nPassword: "))
	for _, line := range strings.Split(list, "\r\n") {
		assert.Regexp(t, `^$|^(Name|Display name|Domain|Account|Logon name|Password): `, line, "a name starts a line of its own")
	}
	for _, odd := range []string{"\u202e", "\u2066", "\u200b", "\u00ad"} {
		assert.NotContains(t, list, odd)
		assert.NotContains(t, served.log.String(), odd)
	}
	eval[bool](b, `(window.print = () => { window.printed = document.getElementById("letters").textContent; }, true)`)
	b.click(".handout", "Print letters")
	b.until("window.printed")
	harmless("letters")
	assert.Contains(t, eval[string](b, "printed"), hostileNames["script"])
	_, err = chromedp.Run(b.ctx, chromedp.PrintToPDF())
	require.NoError(t, err)
	b.click("dialog", "Yes, printed")
	b.click("header", "End session")
	b.click("dialog", "End session")
	b.sees("The session has ended")
	_, err = served.wait()
	require.NoError(t, err)
	for len(served.lines) > 0 {
		assert.NotRegexp(t, `[\x{202a}-\x{202e}\x{2066}-\x{2069}]`, <-served.lines)
	}
}
