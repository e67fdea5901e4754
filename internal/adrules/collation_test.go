package adrules_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"ad-user-sync/internal/adrules"
)

// The key of an ASCII text is put together of those of its characters: it must be the
// one that the collator makes of all of it, so that José collides with jose.
func TestKeysOfPlainText(t *testing.T) {
	collator, c := collate.New(language.Und, collate.Loose), adrules.NewCollation()
	same := func(name string) {
		var buffer collate.Buffer
		require.Equal(t, string(collator.KeyFromString(&buffer, name)), c.Key(name), "%q", name)
	}
	same("")
	for a := range rune(128) {
		for b := range rune(128) {
			same(string(a) + string(b))
		}
	}
	draw := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		name := make([]byte, draw.IntN(24))
		for i := range name {
			name[i] = byte(draw.IntN(128))
		}
		same(string(name))
	}
	require.Equal(t, c.Key("JOSE (b)"), c.Key("José (b)"))
	require.Equal(t, "before"+c.Key("José"), string(c.AppendKey([]byte("before"), "José")))
}
