package plan

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"ad-user-sync/internal/adrules"
)

// keys remembers collation keys: making one is the dear part of comparing.
type keys struct {
	collation *adrules.Collation
	known     map[string]string
}

// newKeys has room for the names of so many people and accounts.
func newKeys(people int) keys {
	return keys{collation: adrules.NewCollation(), known: make(map[string]string, 4*people)}
}

// of is equal for names that a controller may take for one another. It judges
// collisions; who a person is, exact judges.
func (k keys) of(name string) string {
	key, ok := k.known[name]
	if !ok {
		key = k.collation.Key(name)
		k.known[name] = key
	}
	return key
}

func (k keys) same(a, b string) bool { return a == b || k.of(a) == k.of(b) }

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
