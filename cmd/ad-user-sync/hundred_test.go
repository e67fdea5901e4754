package main

import (
	le "encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAHundredPeopleHaveAccounts imports 130 people of whom 100 have accounts already. No
// one gets a second one, the sure ones are answered on one screen, and of every account
// nothing else changes than what the screen said. With -v it prints the minutes, and every
// account that was taken over, before and after.
func TestAHundredPeopleHaveAccounts(t *testing.T) {
	if withoutBrowser() {
		t.Skip("left out: this needs Chromium, and AD_USER_SYNC_BROWSER=none was given")
	}
	began := time.Now()
	h := newHundred(t)
	sure, likely, several, barred := countOf("sure"), countOf("likely"), countOf("several"), countOf("barred")
	require.Equal(t, 100, sure+likely+several+barred)
	h.runExport()
	before := h.all()
	t.Logf("the two domains are made in %.0f s", time.Since(began).Seconds())

	cmd, out, log := h.command("match")
	require.NoError(t, cmd.Run(), log.String())
	assert.Contains(t, out.String(), fmt.Sprintf("\n%d sure, %d likely, %d several, %d barred, %d none\n", sure, likely, several, barred, withoutAccount))
	assert.Regexp(t, `\n\d+ +group policy lost: Office policy\n`, out.String())
	h.matchesSaid(out.String())

	r := h.runImport()
	assert.Len(t, r.Created, withoutAccount)
	assert.Len(t, r.RequiredInteractions, withoutAccount+100)
	assert.Equal(t, before, h.without(h.all(), r.Created), "no account of before is touched before a person has answered")

	w := h.sit(t)
	p := w.open(t)
	atThePage := time.Now()
	counts := h.takeOverTogether(p, sure)
	told := h.takeOverAlone(p, likely)
	assert.NotContains(t, p.until(`document.querySelector("#open").innerText`), "Take over\n", "who is barred cannot be taken over")
	w.interrupt(t, "The approval session ended (interrupted at the terminal)")
	w.ended(t)
	t.Logf("%d accounts were taken over in %.1f minutes at the page, with %d clicks", sure+likely, time.Since(atThePage).Minutes(), p.clicks)
	r = h.report(w.out)
	assert.Len(t, r.Adopted, sure+likely)
	assert.Empty(t, r.Failed)

	r = h.runImport()
	assert.Empty(t, r.Created)
	after := h.all()
	found := h.nothingChanged(before, after, []string{"department", "displayName", "mail", "sn", "employeeID", "memberOf"})
	counts["memberOf"], told["memberOf"] = counts["p-Viewers"], likely // each card has the groups beside those of the account
	delete(counts, "p-Viewers")
	assert.Equal(t, sure, counts["memberOf"])
	assert.Equal(t, counts, found["sure"], "the screen said just that")
	assert.Equal(t, told, found["likely"])
	h.noDoubles(after)
	state := h.state()
	h.runImport()
	assert.Equal(t, state, h.state(), "it comes to rest")
	assert.NoError(t, h.lab.Target.LogOn(h.had[0].name, ofBefore), "the password is what it was")
}

// matchesSaid checks what match says of each sort.
func (h *hundred) matchesSaid(table string) {
	of := map[string]string{}
	for _, s := range sorts {
		of[s.sort] = s.match
	}
	for _, a := range h.had {
		assert.Regexp(h, "(?m)^"+of[a.sort]+" +(EXT )?"+regexp.QuoteMeta(h.name(a.person))+" ", table, a.sort)
	}
}

// takeOverTogether answers all sure ones as a person would, and returns how many of each
// attribute the screen says are overwritten, and filled in.
func (h *hundred) takeOverTogether(p *page, sure int) map[string]int {
	began := time.Now()
	p.until(fmt.Sprintf(`document.querySelector("#open").innerText.includes("Everything (%d)") && "asked"`, 100+withoutAccount))
	require.NoError(p.t, chromedp.Do(p.ctx, chromedp.SetValue(chromedp.CSS("#open select"), "adopt")))
	p.until(`(document.querySelector("#open select").dispatchEvent(new Event("change")), "of one kind")`)
	p.until(fmt.Sprintf(`(() => {
		const all = [...document.querySelectorAll("#open .tools label")].find((e) => e.textContent.includes("Select all shown (%d)"));
		all?.click();
		return all ? "selected" : "";
	})()`, sure))
	p.click(".bulk", "Accept")
	said := p.until(`document.querySelector("dialog[open]")?.innerText`)
	p.until(fmt.Sprintf(`(() => {
		const typed = document.querySelector("dialog input[inputmode]");
		typed.value = "%d";
		typed.dispatchEvent(new Event("input", {bubbles: true}));
		return "typed";
	})()`, sure))
	p.click("dialog", "Accept")
	p.clicks += 3 // kind, all, and the number
	p.until(fmt.Sprintf(`document.body.textContent.includes("%d taken over") && "done"`, sure))
	p.t.Logf("%d accounts on one screen: %d clicks, %.1f s", sure, p.clicks, time.Since(began).Seconds())

	assert.Contains(p.t, said, fmt.Sprintf("Take over: %d accounts, with names, password, state, end and groups as they are", sure))
	assert.Regexp(p.t, `Group policy lost: Office policy \(\d+ accounts\)`, said)
	assert.Regexp(p.t, `Group policy gained: Plant policy \(\d+ accounts\)`, said)
	assert.Regexp(p.t, `Delegation gained: svc-import \(\d+ accounts\)`, said)
	counts := map[string]int{}
	for _, line := range regexp.MustCompile(`The user file (?:overwrites|fills in|grants the groups): (.*)\.`).FindAllStringSubmatch(said, -1) {
		for part := range strings.SplitSeq(line[1], ", ") {
			attribute, n, _ := strings.Cut(strings.Replace(part, " to ", " of ", 1), " of ")
			of, err := strconv.Atoi(n)
			require.NoError(p.t, err)
			counts[attribute] += of
		}
	}
	assert.NotEmpty(p.t, counts, said)
	return counts
}

// takeOverAlone answers the likely ones one by one, and returns the same as
// takeOverTogether.
func (h *hundred) takeOverAlone(p *page, likely int) map[string]int {
	began, clicks, counts := time.Now(), p.clicks, map[string]int{}
	for range likely {
		id := p.until(`[...document.querySelectorAll("#open article[data-id]")].find((a) => [...a.querySelectorAll("button")].some((b) => b.textContent.trim().startsWith("Take over")))?.dataset.id`)
		card := fmt.Sprintf("article[data-id=%q]", id)
		for _, code := range []string{"Overwritten", "Filled in"} {
			text := p.until(fmt.Sprintf(`"-" + [...document.querySelectorAll(%s)].filter((e) => e.textContent === %s).map((e) => e.parentElement.querySelector("dd").innerText).join("\\n")`, quote(card+" dt"), quote(code)))
			for _, attribute := range regexp.MustCompile(`(?m)^-?(\w+): `).FindAllStringSubmatch(text, -1) {
				counts[attribute[1]]++
			}
		}
		p.click(card, "Take over")
		p.decide("dialog", "Take over")
		p.until("document.querySelector(" + quote("#open "+card) + ") ? '' : 'gone'")
	}
	p.t.Logf("%d accounts one by one: %d clicks, %.1f s", likely, p.clicks-clicks, time.Since(began).Seconds())
	return counts
}

// without leaves out who was made since.
func (h *hundred) without(all map[string]map[string][]string, cns []string) map[string]map[string][]string {
	for name, has := range all {
		if slices.Contains(cns, has["cn"][0]) {
			delete(all, name)
		}
	}
	return all
}

// nothingChanged compares every account with what it was: the anchor is written, who was
// elsewhere is moved in, and the file's attributes are the only others that may differ. It
// counts these by what match said.
func (h *hundred) nothingChanged(before, after map[string]map[string][]string, file []string) map[string]map[string]int {
	h.Helper()
	counts := map[string]map[string]int{"sure": {}, "likely": {}}
	of := map[string]string{}
	for _, s := range sorts {
		of[s.sort] = s.match
	}
	for _, a := range h.had {
		was, has := before[a.name], after[a.name]
		require.NotNil(h, has, "%s %s", a.sort, a.name)
		match := of[a.sort]
		if match == "several" || match == "barred" {
			assert.Equal(h, was, has, "%s is not touched", a.sort)
			continue
		}
		inside := a.sort == inTheContainer || a.sort == belowIt
		may := append([]string{"adminDescription"}, file...)
		if !inside {
			may = append(may, "parent", "nTSecurityDescriptor")
			assert.Equal(h, []string{h.target.ou}, has["parent"])
			assert.Equal(h, given(was["nTSecurityDescriptor"][0]), given(has["nTSecurityDescriptor"][0]), "%s: its own entries stay", a.sort)
		}
		assert.Contains(h, has["adminDescription"][0], "ad-user-sync:")
		assert.Subset(h, has["memberOf"], was["memberOf"], "no group is left")
		h.Logf("%s (%s, %s)%s", a.name, a.sort, match, diff(was, has))
		for _, attribute := range changed(was, has) {
			assert.Contains(h, may, attribute, "%s: %q, then %q", a.sort, was[attribute], has[attribute])
			if slices.Contains(file, attribute) {
				counts[match][attribute]++
			}
		}
	}
	return counts
}

// diff is what of an account is not as it was, a line each.
func diff(was, has map[string][]string) (text string) {
	for _, attribute := range changed(was, has) {
		if attribute == "nTSecurityDescriptor" {
			text += "\n    nTSecurityDescriptor: inherited entries of another unit; its own are the same"
			continue
		}
		text += fmt.Sprintf("\n    %s: %q -> %q", attribute, was[attribute], has[attribute])
	}
	return text
}

// noDoubles counts the accounts that each person of the file has.
func (h *hundred) noDoubles(all map[string]map[string][]string) {
	anchors, numbers := map[string]int{}, map[string]int{}
	for _, has := range all {
		if anchor := has["adminDescription"]; anchor != nil {
			anchors[anchor[0]]++
		}
		numbers[strings.Join(has["employeeID"], "")]++
	}
	assert.Len(h, anchors, countOf("sure")+countOf("likely")+withoutAccount)
	assert.Len(h, all, 100+countOf("several")+withoutAccount, "nobody has an account more than before")
	for number, n := range numbers {
		if number != "" && n > 1 {
			assert.True(h, slices.ContainsFunc(h.had, func(a *account) bool { return a.sort == twice && h.number(a.person) == number }), number)
		}
	}
	for anchor, n := range anchors {
		assert.Equal(h, 1, n, anchor)
	}
}

// inherited is INHERITED_ACE (MS-DTYP 2.4.4.1).
const inherited = 0x10

// given is the owner of a security descriptor, and what is not inherited of its access
// list (MS-DTYP 2.4.6).
func given(descriptor string) (entries []string) {
	sd := []byte(descriptor)
	owner := sd[le.LittleEndian.Uint32(sd[4:]):]
	entries = append(entries, string(owner[:8+4*int(owner[1])]))
	list := sd[le.LittleEndian.Uint32(sd[16:]):]
	for rest := list[8:le.LittleEndian.Uint16(list[2:])]; len(rest) >= 4; {
		size := le.LittleEndian.Uint16(rest[2:])
		if rest[1]&inherited == 0 {
			entries = append(entries, string(rest[:size]))
		}
		rest = rest[size:]
	}
	return entries
}
