package adrules

import (
	"sync"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Collation tells which names a controller takes for one another: it ignores
// case, accents, width and kana (MS-ADTS 6.5). Not safe for concurrent use.
type Collation struct {
	collator *collate.Collator
	buffer   collate.Buffer
	plain    *[utf8.RuneSelf]string
}

// NewCollation returns a collation for one goroutine.
func NewCollation() *Collation {
	return &Collation{collator: newCollator(), plain: plainKeys()}
}

func newCollator() *collate.Collator { return collate.New(language.Und, collate.Loose) }

// Key is equal for names that may collide. It is the careful test; the
// directory has the last word.
func (c *Collation) Key(name string) string { return string(c.AppendKey(nil, name)) }

// AppendKey appends the key of a name.
func (c *Collation) AppendKey(to []byte, name string) []byte {
	begin := len(to)
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			to = append(to[:begin], c.collator.KeyFromString(&c.buffer, norm.NFC.String(name))...)
			c.buffer.Reset()
			return to
		}
		to = append(to, c.plain[name[i]]...)
	}
	return to
}

// plainKeys are those of ASCII characters. The key of a text of these is theirs in a row.
var plainKeys = sync.OnceValue(func() *[utf8.RuneSelf]string {
	var keys [utf8.RuneSelf]string
	var buffer collate.Buffer
	collator := newCollator()
	for c := range keys {
		keys[c] = string(collator.KeyFromString(&buffer, string(rune(c))))
		buffer.Reset()
	}
	return &keys
})
