package approval

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// printed returns what the page would print, as HTML.
func (b *tab) printed(t *testing.T) string {
	t.Helper()
	eval[bool](b, `(window.printed = "", window.print = () => { window.printed = document.getElementById("letters").innerHTML; }, true)`)
	b.click(".handout", "Print letters")
	b.until("window.printed")
	return eval[string](b, "printed")
}

func TestLettersOfTheDomainThatWantsAnotherPassword(t *testing.T) {
	desk := &paperDesk{view: sample()}
	desk.view.MustChange = true
	_, b := opened(t, desk)
	b.click(of("id-enable-jane.doe"), "Enable")
	b.gone("id-enable-jane.doe")
	html := b.printed(t)
	for _, text := range []string{"<h1>Your account</h1>", "<h1>Ihr Konto</h1>", "For Jane Doe", "Für Jane Doe", "Logon name\tjane.doe@plant.example",
		"You have to change it", "Bei der ersten Anmeldung müssen Sie es ändern", `Kennwort	<span class="passphrase">` + desk.taken()[0].Password.Reveal() + "</span>"} {
		assert.Contains(t, html, text)
	}
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	require.NoError(t, err)
	assert.Len(t, regexp.MustCompile(`/Type /Page\b`).FindAll(pdf, -1), 1, "both languages on one sheet")
	b.onPaper(794, 1123) // A4
}

// The language is the approver's to choose where the configuration leaves it open.
func TestLettersInTheLanguageThatIsChosen(t *testing.T) {
	letterOf := func(template string) *tab {
		_, b := opened(t, &paperDesk{view: sample()}, func(o *Options) { o.Config.LetterTemplate = template })
		b.click(of("id-enable-jane.doe"), "Enable")
		b.gone("id-enable-jane.doe")
		b.sees("1 new password not yet handed out")
		return b
	}
	choice := `document.querySelector(".handout select")`
	b := letterOf("")
	b.until(choice + ".checkVisibility()")
	for language, text := range map[string][2]string{"de": {"Ihr Konto", "Your account"}, "en": {"Your account", "Ihr Konto"}} {
		eval[bool](b, "("+choice+".value = "+quote(language)+", true)")
		html := b.printed(t)
		assert.Contains(t, html, text[0], language)
		assert.NotContains(t, html, text[1], language)
		b.click("dialog", "Cancel")
	}
	assert.False(t, eval[bool](letterOf("en"), choice+".checkVisibility()"))
}

// A template is text in the page, whatever it has in it, and each letter is of one
// person.
func TestLettersOfATemplateRunNoScripts(t *testing.T) {
	file := filepath.Join(t.TempDir(), "letter.txt")
	require.NoError(t, os.WriteFile(file, []byte("# Works <b>council</b>\n\n<script>window.bad = 1</script><img src=x onerror='window.bad = 1'>\n"+
		"{{.Name}}\t{{.Account}}\n{{.Password}} and once more {{.Password}}\n\nvalid until {{.Expires}}"), 0o600))
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk, func(o *Options) { o.Config.LetterTemplate = file })
	b.click(of("id-enable-jane.doe"), "Enable")
	b.gone("id-enable-jane.doe")
	b.click(of("id-enable-rita.returned"), "Enable")
	b.sees("2 new passwords not yet handed out")
	html := b.printed(t)
	assert.Contains(t, html, "<h1>Works &lt;b&gt;council&lt;/b&gt;</h1>")
	assert.NotContains(t, html, "<img")
	assert.NotContains(t, html, "<script")
	assert.Contains(t, html, "<p>valid until 2026-12-23</p>")
	texts := strings.SplitAfter(strings.TrimSuffix(html, "</article>"), "</article>")
	require.Len(t, texts, 2)
	for i, a := range desk.taken() {
		other := desk.taken()[1-i]
		assert.Contains(t, texts[i], "<span class=\"passphrase\">"+a.Password.Reveal()+"</span> and once more <span class=\"passphrase\">"+a.Password.Reveal()+"</span>")
		assert.NotContains(t, texts[i], other.Password.Reveal())
	}
	assert.False(t, eval[bool](b, "Boolean(window.bad)"))
	b.click("dialog", "Yes, printed")
	b.sees("all handed out")
}

// onPaper shows the page as it is printed.
func (b *tab) onPaper(width, height int64) {
	b.t.Helper()
	b.viewport(width, height, false)
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	require.NoError(b.t, err)
}
