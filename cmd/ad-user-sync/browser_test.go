package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
)

// patience is how long a test waits for something that must happen.
const patience = time.Minute

// page is the approval page in a real browser.
type page struct {
	t       *testing.T
	ctx     context.Context
	secrets adtest.Secrets // nil: not kept; the passwords that are set are added
	clicks  int            // that a person would have made, and numbers typed
}

// withoutBrowser is set by the Makefile, which says so, where there is none.
func withoutBrowser() bool {
	return os.Getenv("AD_USER_SYNC_BROWSER") == "none" && os.Getenv("CI") == ""
}

func open(t *testing.T, address string) *page {
	t.Helper()
	path, err := exec.LookPath("chromium")
	require.NoError(t, err, "this test needs Chromium")
	dir, err := os.MkdirTemp("", "ad-user-sync-browser")
	require.NoError(t, err)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(dir), chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("no-proxy-server", true))...)
	ctx, stop := chromedp.NewContext(ctx)
	t.Cleanup(func() { stop(); cancel(); os.RemoveAll(dir) })
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(address)))
	return &page{t: t, ctx: ctx}
}

func quote(s string) string { q, _ := json.Marshal(s); return string(q) }

// until waits for a script to give something other than "".
func (p *page) until(script string) string {
	p.t.Helper()
	for limit := time.Now().Add(patience); time.Now().Before(limit); time.Sleep(20 * time.Millisecond) {
		if text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+script+" || '')")); err == nil && text != "" {
			return text
		}
	}
	seen, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`document.body.innerText.replace(/([A-Z][a-z]+-){2,}\d\d/g, "(a passphrase)")`))
	require.Failf(p.t, "it does not come true", "%s\n%.2000s", script, seen)
	return ""
}

// card is the selector of the question of this kind about a person.
func (p *page) card(person, accept string) string {
	p.t.Helper()
	id := p.until(fmt.Sprintf(`[...document.querySelectorAll("article[data-id]")].find((a) => a.textContent.includes(%s) &&
		[...a.querySelectorAll("button")].some((b) => b.textContent.trim() === %s))?.dataset.id`, quote(person), quote(accept)))
	return fmt.Sprintf("article[data-id=%q]", id)
}

// click presses the first button of this text within a part of the page, as a
// mouse does.
func (p *page) click(within, label string) {
	p.t.Helper()
	find := fmt.Sprintf(`(() => {
		if (document.querySelector("[aria-busy]")) return "";
		for (const old of document.querySelectorAll("[data-target]")) old.removeAttribute("data-target");
		const found = [...document.querySelectorAll(%s)].flatMap((p) => [...p.querySelectorAll("button")])
			.find((e) => !e.disabled && e.checkVisibility() && e.textContent.trim().startsWith(%s));
		if (!found) return "";
		found.setAttribute("data-target", "");
		window.pressed = false;
		found.addEventListener("click", () => { window.pressed = true; }, { once: true, capture: true });
		found.scrollIntoView({block: "center"});
		return "found";
	})()`, quote(within), quote(label))
	pressed := func() error { // what is drawn anew meanwhile is waited for without end, or not found
		ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
		defer cancel()
		return chromedp.Do(ctx, chromedp.Click(chromedp.CSS("[data-target]")))
	}
	for times := 0; ; times++ {
		p.until(find)
		err := pressed()
		if err != nil && times < 10 && (errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "Could not find node")) {
			continue
		}
		require.NoError(p.t, err)
		// What was told meanwhile may have moved the button away from under the mouse.
		if missed, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("window.pressed === false")); err == nil && missed && times < 10 {
			continue
		}
		break
	}
	p.clicks++
}

// decide answers a question and waits for it to go.
func (p *page) decide(card, label string) {
	p.t.Helper()
	if p.secrets != nil && label == "Enable" {
		p.secrets["the new password of "+card] = p.until("document.querySelector(" + quote(card+" output") + ")?.textContent")
	}
	p.click(card, label)
	p.until("document.querySelector(" + quote("#open "+card) + ") ? '' : 'gone'")
}
