package approval

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "make the pictures in docs/images anew that are missing, or say something else than the page")

const (
	picturesShown = "../docs/images"
	picturesSay   = "testdata/pictures.json" // screen: digest of its text

	redrawn = 5 * time.Second // within which a page says what it is to say
)

// TestPictures takes a picture of every screen, light and dark. It fails where a screen
// is not drawn, or says something else than its picture in the documents.
func TestPictures(t *testing.T) {
	withBrowser(t)
	p := &pictures{folder: t.TempDir(), said: map[string]string{}, says: map[string]string{}}
	if text, err := os.ReadFile(picturesSay); err == nil {
		require.NoError(t, json.Unmarshal(text, &p.said))
	}
	complete := true
	for name, walk := range walks {
		complete = t.Run(name, func(t *testing.T) { walk(t, p); p.walked++ }) && complete
	}
	if !complete || p.walked < len(walks) {
		return
	}
	if *update {
		p.said = p.says
		text, err := json.MarshalIndent(p.says, "", "  ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(picturesSay, append(text, '\n'), 0o644))
	}
	names := func(folder string) []string {
		files, err := filepath.Glob(folder + "/approval-*.png")
		require.NoError(t, err)
		for i := range files {
			files[i] = filepath.Base(files[i])
		}
		return files
	}
	assert.Equal(t, names(p.folder), names(picturesShown), "make pictures; what is not made any more has to be removed")
	assert.Equal(t, slices.Sorted(maps.Keys(p.says)), slices.Sorted(maps.Keys(p.said)), "make pictures")
}

// The documents show pictures that are there.
func TestPicturesOfTheDocumentsAreThere(t *testing.T) {
	pages, err := filepath.Glob("../docs/*.md")
	require.NoError(t, err)
	for _, page := range append(pages, "../README.md") {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, found := range regexp.MustCompile(`\]\(([^)]+\.png)\)`).FindAllStringSubmatch(string(text), -1) {
			assert.FileExists(t, filepath.Join(filepath.Dir(page), found[1]), page)
		}
	}
}

type pictures struct {
	folder     string
	said, says map[string]string // screen: digest of its text, then and now
	walked     int
}

// open is a session whose page takes today for some days after the dates of the samples.
func (p *pictures) open(t *testing.T, desk *paperDesk, change ...func(*Options)) (*served, *tab) {
	t.Helper()
	s := serve(t, desk, brisk, change...)
	return s, p.look(t, s.address)
}

func (p *pictures) look(t *testing.T, address string) *tab {
	t.Helper()
	b := look(t, address, `{ const now = Date.now, ahead = Date.parse("2026-11-28T09:00:00Z") - now(); Date.now = () => now() + ahead; }`)
	b.viewport(1280, 900, false)
	return b
}

// unsteady is what is another one each time, besides passphrases.
var unsteady = regexp.MustCompile(`[0-9]+`)

var steady = strings.Replace(seen, "checkVisibility()", `checkVisibility() && !walk.currentNode.parentElement.closest("output, .passphrase")`, 1) + ` + [...document.querySelectorAll("input, select, textarea")]
	.filter((e) => e.checkVisibility()).map((e) => e.type + (e.getAttribute("aria-label") ?? "") + (e.placeholder ?? "")).join(" ")`

// take waits until the screen says all of wants, and takes its pictures.
func (p *pictures) take(b *tab, screen string, wants ...string) {
	b.t.Helper()
	for _, want := range wants {
		b.sees(want)
	}
	size := eval[[]int64](b, "[innerWidth, innerHeight]")
	for _, theme := range []string{"", "-dark"} {
		b.viewport(size[0], size[1], theme != "")
		p.write(b, screen, theme)
	}
	b.viewport(size[0], size[1], false)
}

func (p *pictures) write(b *tab, screen, theme string) {
	b.t.Helper()
	var text string
	for limit := time.Now().Add(redrawn); ; time.Sleep(20 * time.Millisecond) {
		text = unsteady.ReplaceAllString(eval[string](b, steady), "0")
		p.says[screen] = fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:16]
		if *update || p.says[screen] == p.said[screen] || time.Now().After(limit) {
			break
		}
	}
	file := "approval-" + screen + theme + ".png"
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	require.NoError(b.t, os.WriteFile(filepath.Join(p.folder, file), picture, 0o644))
	shown := filepath.Join(picturesShown, file)
	_, err = os.Stat(shown)
	if same := p.says[screen] == p.said[screen] && err == nil; *update && !same {
		require.NoError(b.t, os.WriteFile(shown, smaller(b.t, picture), 0o644))
	} else if !*update {
		assert.True(b.t, same, "%s is missing, or shows other words than the page; make pictures, and look at it. The page says:\n%s", shown, text)
	}
}

// top brings an element to the top of the window.
func (b *tab) top(selector string) {
	b.t.Helper()
	b.until("document.querySelector(" + quote(selector) + ")")
	eval[bool](b, "(document.querySelector("+quote(selector)+").scrollIntoView(), true)")
}

// smaller is a picture of the 256 colours that it has most of.
func smaller(t testing.TB, picture []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(picture))
	require.NoError(t, err)
	counts := map[color.Color]int{}
	for y := range full.Bounds().Dy() {
		for x := range full.Bounds().Dx() {
			counts[full.At(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(counts), func(a, b color.Color) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	few := image.NewPaletted(full.Bounds(), colours[:min(256, len(colours))])
	draw.Draw(few, few.Bounds(), full, image.Point{}, draw.Src)
	var out bytes.Buffer
	require.NoError(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, few))
	return out.Bytes()
}
