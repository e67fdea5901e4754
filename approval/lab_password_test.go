package approval

import (
	"maps"
	"regexp"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// least is the length that strict asks for; four German words never reach it.
const least = 44

// strict returns someone a fine-grained password policy.
func (s *labScene) strict(cn string) {
	s.Helper()
	settings := "CN=strict-" + s.mark + ",CN=Password Settings Container,CN=System," + s.domain.Base
	s.Add(settings, map[string][]string{
		"objectClass": {"msDS-PasswordSettings"}, "msDS-PasswordSettingsPrecedence": {"10"}, "msDS-PasswordReversibleEncryptionEnabled": {"FALSE"},
		"msDS-PasswordHistoryLength": {"0"}, "msDS-PasswordComplexityEnabled": {"TRUE"}, "msDS-MinimumPasswordLength": {strconv.Itoa(least)},
		"msDS-MinimumPasswordAge": {"0"}, "msDS-MaximumPasswordAge": {"-9223372036854775808"}, "msDS-LockoutThreshold": {"0"},
		"msDS-LockoutObservationWindow": {"-18000000000"}, "msDS-LockoutDuration": {"-18000000000"},
		"msDS-PSOAppliesTo": {s.dn(cn)},
	})
	s.Cleanup(func() { s.Delete(settings) })
}

func (b *tab) passphrase(card string) string {
	b.t.Helper()
	return eval[string](b, `document.querySelector('`+card+` output').textContent`)
}

func TestLabPassphrases(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna New", "Stan Strict", "Rita Returned", "Rolf Returned")
	s.settled()
	s.Replace(s.dn("Stan Strict"), "userAccountControl", "514")
	all := maps.Clone(s.users)
	for _, first := range []string{"Stan", "Rita", "Rolf"} {
		delete(s.users, first)
	}
	s.run()
	s.users = all
	s.employ("Nora New")
	s.run()
	s.strict("Stan Strict")
	_, b := s.open(s.desk(s.run()), func(o *Options) {
		o.Config.PasswordWordlist, o.Config.PasswordWordCount, o.Config.PasswordSuffix = "de", 4, "!"
	})

	b.step(t, "words of the chosen list, as many as configured", func(t *testing.T) {
		nora := b.question(plan.Enable, "Nora New")
		assert.Regexp(t, `^([A-Z][a-z]{2,8}-){4}\d\d!$`, b.passphrase(nora))
		for _, word := range regexp.MustCompile(`[A-Z][a-z]+`).FindAllString(b.passphrase(nora), -1) {
			assert.Regexp(t, "(?im)^"+word+"$", germanWords)
		}
	})
	b.step(t, "copied", func(t *testing.T) {
		nora := b.question(plan.Enable, "Nora New")
		b.click(nora, "New one")
		b.click(nora, "Copy")
		b.until(`document.getElementById("live").textContent === "Copied"`)
		b.click("#open .tools", "Find")
		_, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "rawKeyDown", Key: "v", Commands: []string{"paste"}})
		require.NoError(t, err)
		b.until(`document.querySelector("#open input[type=search]").value`)
		copied := eval[string](b, `document.querySelector("#open input[type=search]").value`)
		b.fill("#open input[type=search]", " ")
		b.until(`document.querySelector('` + nora + ` output')`) // which the filter had hidden
		assert.Equal(t, b.passphrase(nora), copied)
	})
	b.step(t, "longer where the account's policy asks for it", func(t *testing.T) {
		b.click("[role=tablist]", "By someone else")
		stan := b.question(plan.Enable, "Stan Strict")
		shown := b.passphrase(stan) // by the domain's policy: the approver may not read his own
		open := `document.querySelector('` + stan + `')`
		for tries := 0; utf8.RuneCountInString(shown) < least; tries++ {
			require.Less(t, tries, 5)
			b.click(stan, "Enable")
			b.says(stan+" .trouble", "The password does not meet the domain's policy. A longer passphrase is shown now; try again with it.")
			b.until(open + `.querySelector("output").textContent !== ` + quote(shown))
			shown = b.passphrase(stan)
		}
		b.click(stan, "Enable")
		b.settles(stan)
		require.NoError(t, s.domain.LogOn(s.account("Stan"), shown))
		b.click("[role=tablist]", "Open")
	})
	b.step(t, "together: the present one for who is back, a new one for the others", func(t *testing.T) {
		nora := b.passphrase(b.question(plan.Enable, "Nora New"))
		b.click("#open .tools", "Select all shown (3)")
		b.click(".bulk", "Accept")
		b.says("dialog", "The 2 who are back keep their present password; the others get a passphrase")
		b.click("dialog", "The 2 who are back")
		b.click("dialog", "Accept")
		b.sees("Nothing is waiting for a decision")
		for first, password := range map[string]string{"Rita": before, "Rolf": before, "Nora": nora} {
			assert.NoError(t, s.domain.LogOn(s.account(first), password), first)
		}
		b.sees("2 new passwords not yet handed out")
	})
}

func TestLabLetters(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna New", "Bert New")
	served, b := s.open(s.desk(s.run()))
	b.click("#open .tools", "Select all shown (2)")
	b.click(".bulk", "Accept")
	b.click("dialog", "Accept")
	b.sees("2 new passwords not yet handed out")

	letters := `[...document.querySelectorAll("#letters .letter")]`
	eval[bool](b, `(window.print = () => { window.printed = `+letters+`.map((l) => l.textContent); }, true)`)
	print := func() {
		b.click(".handout", "Print letters")
		b.says("dialog", "Were the letters printed?")
	}
	print()
	assert.False(t, eval[bool](b, letters+`.some((l) => l.checkVisibility())`), "on paper alone")
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	require.NoError(t, err)
	assert.Len(t, regexp.MustCompile(`/Type /Page\b`).FindAll(pdf, -1), 2, "one page for each person")
	b.click("dialog", "Cancel")
	b.until(letters + ".length === 0")
	b.sees("2 new passwords not yet handed out")
	print()
	b.click("dialog", "Yes, printed")
	b.sees("2 new passwords set in this session, all handed out.")

	texts := eval[[]string](b, "printed")
	require.Len(t, texts, 2)
	for _, text := range texts {
		found := regexp.MustCompile(`(?s)For (\w+) New.*` + regexp.QuoteMeta(s.domain.Name) + `.*Password\t(\S+-\d\d)Capital letters`).FindStringSubmatch(text)
		require.NotNil(t, found, text)
		assert.NoError(t, s.domain.LogOn(s.account(found[1]), found[2]))
	}

	b.close() // nothing is left to hand out
	sum, err := served.wait()
	require.NoError(t, err)
	assert.Equal(t, "the page was closed", sum.Ended)
}
