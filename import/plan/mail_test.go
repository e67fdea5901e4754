package plan

import (
	"net/mail"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A plain address is one to the mail library, too, that needs no quotes.
func TestPlainAddresses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab1.@-+_'é\"\\ ,;:<>()[]\x00\t")), 1, 14, -1).Draw(t, "address")
		parsed, err := mail.ParseAddress(text)
		want := err == nil && parsed.Address == text && !strings.ContainsAny(text, " ,;:<>()[]\"\\")
		if got := plainAddress(text); got != want {
			t.Fatalf("%q: plain %v, the library says %v", text, got, want)
		}
	})
}
