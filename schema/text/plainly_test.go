package text

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"ad-user-sync/schema"
)

// However a text is cut, what a terminal would obey, and no one would see, is escaped, and
// nothing else is changed.
func TestPlainlyInPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.OneOf(rapid.RuneFrom([]rune("ab \n~\x7f\x1b\u009b\u200b\u202eé\U000e0041😀")), rapid.Rune()), 0, 30, -1).Draw(t, "text")
		var want strings.Builder
		for _, r := range text {
			if r == '\n' || !schema.Hidden(r) {
				want.WriteRune(r)
				continue
			}
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&want, "\\u%04x", unit)
			}
		}
		var got bytes.Buffer
		w := Plainly(&got)
		for rest := []byte(text); len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			if _, err := w.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if got.String() != want.String() {
			t.Fatalf("%q: %q, wanted %q", text, got.String(), want.String())
		}
	})
}
