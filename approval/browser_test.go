package approval

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The shell is Chromium without windows of its own, and opens a page for a third of the
// processor time. What a person does on a real domain, and what measures, has Chromium
// as people have it.
const (
	chromium      = "chromium"
	chromiumShell = "chromium-headless-shell"
)

func browserOf(test string) string {
	if strings.HasPrefix(test, "TestLab") || strings.HasPrefix(test, "Benchmark") || strings.Contains(test, "UsableInTwoSeconds") {
		return chromium
	}
	if _, err := exec.LookPath(chromiumShell); err != nil {
		return chromium
	}
	return chromiumShell
}

// browsers starts one of a kind for all tests of the package; a missing one fails them.
var browsers = map[string]func() (context.Context, error){
	chromium:      sync.OnceValues(func() (context.Context, error) { return startBrowser(chromium) }),
	chromiumShell: sync.OnceValues(func() (context.Context, error) { return startBrowser(chromiumShell) }),
}

func startBrowser(program string) (context.Context, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return nil, fmt.Errorf("the tests of the page need Chromium: %w", err)
	}
	dir, err := os.MkdirTemp("", "approval-browser")
	if err != nil {
		return nil, err
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(dir), chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("no-proxy-server", true))...)
	ctx, stop := chromedp.NewContext(ctx)
	started.Lock()
	defer started.Unlock()
	started.close = append(started.close, func() { stop(); cancel(); os.RemoveAll(dir) })
	return ctx, chromedp.Do(ctx)
}

var started struct {
	sync.Mutex
	close []func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range started.close {
		end()
	}
	os.Exit(code)
}

// tab is one tab with everything that went wrong in it.
type tab struct {
	t        testing.TB
	ctx      context.Context
	close    context.CancelFunc
	mu       sync.Mutex
	troubles []string
}

// withBrowser leaves a test out where the Makefile, which says so, found
// neither Chromium nor 7-Zip.
func withBrowser(t testing.TB) {
	t.Helper()
	if os.Getenv("AD_USER_SYNC_BROWSER") == "none" && os.Getenv("CI") == "" {
		t.Skip("left out: this needs Chromium and 7-Zip, and AD_USER_SYNC_BROWSER=none was given")
	}
}

// look opens an address in a new browser profile; no script error and no
// refused policy may occur. Scripts run before those of the page.
func look(t testing.TB, address string, scripts ...string) *tab {
	t.Helper()
	withBrowser(t)
	parent, err := browsers[browserOf(t.Name())]()
	require.NoError(t, err)
	ctx, stop := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	limited, cancel := context.WithTimeout(ctx, 6*time.Minute)
	b := &tab{t: t, ctx: limited, close: stop}
	t.Cleanup(func() { cancel(); stop() })
	require.NoError(t, chromedp.Do(b.ctx))
	b.watch()
	for _, script := range scripts {
		_, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		require.NoError(t, err)
	}
	require.NoError(t, chromedp.Do(b.ctx, chromedp.Navigate(address)))
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		assert.Empty(t, b.troubles, "errors in the page")
	})
	return b
}

func (b *tab) watch() {
	err := chromedp.Listen(b.ctx, func(ev any) {
		var text string
		switch e := ev.(type) {
		case *runtime.EventExceptionThrown:
			text = e.ExceptionDetails.Text
			if e.ExceptionDetails.Exception != nil {
				text += " " + e.ExceptionDetails.Exception.Description
			}
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError {
				text = "console error"
			}
		default:
			return
		}
		if text == "" {
			return
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.troubles = append(b.troubles, text)
	})
	require.NoError(b.t, err)
}

// reloadWarned reloads the page, which first warns of unsaved passwords.
func (b *tab) reloadWarned() {
	b.t.Helper()
	warned := make(chan page.DialogType, 1)
	require.NoError(b.t, chromedp.Listen(b.ctx, func(ev any) {
		if e, ok := ev.(*page.EventJavascriptDialogOpening); ok {
			warned <- e.Type
		}
	}))
	reloaded := make(chan error, 1)
	go func() { reloaded <- chromedp.Do(b.ctx, chromedp.Reload()) }()
	select {
	case kind := <-warned:
		require.Equal(b.t, page.DialogTypeBeforeunload, kind)
	case err := <-reloaded:
		require.Failf(b.t, "the page was left without a warning", "%v", err)
	}
	_, err := chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
	require.NoError(b.t, err)
	require.NoError(b.t, <-reloaded)
}

func eval[T any](b *tab, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err, script)
	return v
}

// until waits for a script to become true.
func (b *tab) until(script string) { b.t.Helper(); b.untilWithin(patience, script) }

func (b *tab) untilWithin(patience time.Duration, script string) {
	b.t.Helper()
	for limit := time.Now().Add(patience); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("Boolean("+script+")")); err == nil && ok {
			return
		}
	}
	text, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](seen))
	require.Failf(b.t, "it does not come true", "%s\n%.600s", script, text)
}

func quote(s string) string { q, _ := json.Marshal(s); return string(q) }

// seen is the text of what is not hidden; unlike innerText it has what is
// outside the window, too.
const seen = `(() => {
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
	while (walk.nextNode()) if (walk.currentNode.parentElement.checkVisibility()) texts.push(walk.currentNode.data);
	return texts.join("");
})()`

// sees waits until a text is on the page.
func (b *tab) sees(text string) {
	b.t.Helper()
	b.until(seen + ".includes(" + quote(text) + ")")
}

func (b *tab) seesNot(text string) {
	b.t.Helper()
	b.until("!" + seen + ".includes(" + quote(text) + ")")
}

// click presses the first visible button, tab or label of this text within a
// part of the page, as a mouse does. The page may draw itself anew meanwhile: a
// press that reached something else, or nothing, is tried again.
func (b *tab) click(within, label string) {
	b.t.Helper()
	find := fmt.Sprintf(`(() => document.querySelector("[aria-busy]") ? undefined
		: [...document.querySelectorAll(%s)].flatMap((p) => [...p.querySelectorAll("button, label, summary, input[type=checkbox]")])
			.find((e) => !e.disabled && e.checkVisibility() && (e.textContent.trim().startsWith(%s) || e.getAttribute("aria-label") === %s)))`,
		quote(within), quote(label), quote(label))
	for limit := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		require.True(b.t, time.Now().Before(limit), "%s cannot be clicked in %s", label, within)
		at := eval[[]float64](b, fmt.Sprintf(atRest, find))
		if at == nil {
			continue
		}
		require.NoError(b.t, chromedp.Do(b.ctx, chromedp.MouseClickXY(at[0], at[1])))
		if eval[bool](b, "Boolean(window.hit)") {
			return
		}
	}
}

// atRest brings an element into view, waits until it is laid out and stays where
// it is, and gives its middle; null where it is gone. The next click reports whether
// it reached that element, or the one that was drawn in its place.
const atRest = `(async () => {
	const find = %s, frame = () => new Promise((r) => (requestAnimationFrame(r), setTimeout(r, 200)));
	let box;
	for (let y = NaN, same = 0; same < 3; ) {
		const e = find();
		if (!e) return null;
		e.scrollIntoView({block: "center"});
		await frame();
		box = e.getBoundingClientRect();
		same = box.y === y ? same + 1 : 0;
		y = box.y;
	}
	window.hit = false;
	removeEventListener("click", window.aim, true);
	window.aim = (e) => {
		window.hit = Boolean(find()?.contains(e.target));
		if (!window.hit) e.preventDefault(), e.stopImmediatePropagation();
	};
	addEventListener("click", window.aim, {capture: true, once: true});
	return [box.x + box.width / 2, box.y + box.height / 2];
})()`

// fill types into a field.
func (b *tab) fill(selector, text string) {
	b.t.Helper()
	b.until("document.querySelector(" + quote(selector) + ")?.checkVisibility()")
	eval[bool](b, "(document.querySelector("+quote(selector)+").select(), true)")
	require.NoError(b.t, chromedp.Do(b.ctx, chromedp.SendKeys(chromedp.CSS(selector), text)))
}

// keys types wherever the focus is.
func (b *tab) keys(keys string, options ...chromedp.KeyOption) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, chromedp.KeyEvent(keys, options...)))
}

// card is the selector of a question.
func of(id string) string { return fmt.Sprintf("article[data-id=%q]", id) }

func (b *tab) gone(id string) {
	b.t.Helper()
	b.until("!document.querySelector(" + quote("#open "+of(id)) + ")")
}

func (b *tab) viewport(width, height int64, dark bool) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	require.NoError(b.t, chromedp.Do(b.ctx, chromedp.EmulateViewport(width, height)))
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	require.NoError(b.t, err)
}

func quoteInt(n int64) string { return fmt.Sprint(n) }
