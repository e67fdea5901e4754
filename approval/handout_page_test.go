package approval

import (
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHandOut(t *testing.T) {
	desk := &paperDesk{view: sample()}
	s, b := opened(t, desk)
	b.click(of("id-enable-jane.doe"), "Enable")
	b.gone("id-enable-jane.doe")
	b.click(of("id-enable-rita.returned"), "Enable")
	b.sees("2 new passwords not yet handed out")
	b.click("header", "End session")
	b.sees("They are lost when the session ends")
	b.click("dialog", "Cancel")

	list, phrase := b.download(t)
	for _, a := range desk.taken() {
		assert.Contains(t, list, "Password:     "+a.Password.Reveal()+"\r\n")
	}
	assert.NotContains(t, s.log.String(), phrase)

	eval[bool](b, `(window.print = () => { window.printed = document.getElementById("letters").textContent; }, true)`)
	b.click(".handout", "Print letters")
	b.until("window.printed")
	letters := eval[string](b, "printed")
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	require.NoError(t, err)
	assert.Equal(t, 2, len(regexp.MustCompile(`/Type /Page\b`).FindAll(pdf, -1)), "one page for each person")
	for _, a := range desk.taken() {
		assert.Contains(t, letters, a.Password.Reveal())
	}
	assert.Equal(t, 2, len(regexp.MustCompile("Your account").FindAllString(letters, -1)))
	b.click("dialog", "Yes, printed")
	b.until(`document.getElementById("letters").childNodes.length === 0`)
	b.click("header", "End session")
	b.click("dialog", "End session")
	sum, err := s.wait()
	require.NoError(t, err)
	assert.Empty(t, sum.Unsaved)
}

// The passphrase of an archive is shown again to whoever unlocks the page, until
// they say that they have it.
func TestArchivesPassphraseIsShownUntilNoted(t *testing.T) {
	desk := &paperDesk{view: sample()}
	s, b := opened(t, desk)
	b.click(of("id-enable-jane.doe"), "Enable")
	b.gone("id-enable-jane.doe")
	b.click(".handout", "Download encrypted archive")
	b.sees("all handed out")
	phrase := eval[string](b, `document.querySelector(".archive output").textContent`)
	s.leaveIdle(brisk.idle)
	b.sees("This page was not used")
	b.seesNot(phrase)

	again := look(t, s.enter())
	again.sees(phrase)
	again.click("header", "End session")
	again.sees("note it first")
	again.click("dialog", "Cancel")
	again.click(".archive", "It is noted")
	again.seesNot(phrase)
	again.click("header", "End session")
	again.seesNot("note it first")
	again.click("dialog", "Cancel")
	assert.NotContains(t, s.log.String(), phrase)
}

// download returns the text in the archive that the page saves, unpacked by
// 7-Zip with the passphrase that is shown.
func (b *tab) download(t *testing.T) (list, passphrase string) {
	t.Helper()
	eval[bool](b, `(() => { // what the page saves, caught on its way to the disk
		const create = URL.createObjectURL, click = HTMLAnchorElement.prototype.click;
		HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; return click.call(this); };
		URL.createObjectURL = (blob) => { const r = new FileReader(); r.onload = () => { window.saved = r.result; }; r.readAsDataURL(blob); return create(blob); };
		return true;
	})()`)
	b.click(".handout", "Download encrypted archive")
	b.sees("all handed out")
	b.until("window.saved")
	assert.Regexp(t, `^passwords-\d{8}-\d{6}\.zip$`, eval[string](b, "savedAs"))
	packed, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(eval[string](b, "saved"), "data:application/zip;base64,"))
	require.NoError(t, err)
	passphrase = eval[string](b, `document.querySelector(".archive output").textContent`)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.zip"), packed, 0o600))
	require.Error(t, exec.Command("7z", "t", "-pwrong", filepath.Join(dir, "a.zip")).Run(), "another passphrase")
	out, err := exec.Command("7z", "x", "-y", "-p"+passphrase, "-o"+dir, filepath.Join(dir, "a.zip")).CombinedOutput()
	require.NoError(t, err, string(out))
	text, err := os.ReadFile(filepath.Join(dir, "list.txt"))
	require.NoError(t, err)
	return string(text), passphrase
}

// passwordOf finds the password of an account in the list.
func passwordOf(t *testing.T, list, account string) string {
	t.Helper()
	found := regexp.MustCompile(`Account:\s+` + regexp.QuoteMeta(account) + `\r\n(?:Logon name:.*\r\n)?Password:\s+(\S+)\r\n`).FindStringSubmatch(list)
	require.NotNil(t, found, account)
	return found[1]
}
