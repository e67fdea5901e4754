package plan

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"ad-user-sync/internal/adrules"
)

// keys makes collation keys.
type keys struct {
	collation   *adrules.Collation
	texts       texts
	key, second []byte // memory for one
}

func newKeys() *keys { return &keys{collation: adrules.NewCollation()} }

// of is equal for names that a controller may take for one another. It judges
// collisions; who a person is, exact judges.
func (k *keys) of(name string) string {
	k.key = k.collation.AppendKey(k.key[:0], name)
	return k.texts.of(k.key)
}

func (k *keys) same(a, b string) bool {
	if a == b {
		return true
	}
	k.key, k.second = k.collation.AppendKey(k.key[:0], a), k.collation.AppendKey(k.second[:0], b)
	return bytes.Equal(k.key, k.second)
}

// exact is equal for names that differ in case only. Jose and José may collide,
// but are two people.
func exact(name string) string { return strings.ToLower(norm.NFC.String(name)) }

func sameExact(a, b string) bool { return a == b || exact(a) == exact(b) }

func sameFold(a, b string) bool { return strings.EqualFold(a, b) }

// folded is equal for texts that are the same by sameFold.
func folded(text string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, text)
}
