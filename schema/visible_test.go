package schema

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"Jane Doe":             "Jane Doe",
		"Zoë Müller 山田 🙂":      "Zoë Müller 山田 🙂",
		"a\x1b[31mb":           "a[U+001B][31mb",
		"a\nb\tc\x00":          "a[U+000A]b[U+0009]c[U+0000]",
		"evil\u202egnp.exe":    "evil[U+202E]gnp.exe",
		"ze\u200bro\ufeff":     "ze[U+200B]ro[U+FEFF]",
		"a\u2066b\u2069":       "a[U+2066]b[U+2069]",
		"line\u2028para":       "line[U+2028]para",
		"hangul\u3164filler":   "hangul[U+3164]filler",
		"tag\U000e0041":        "tag[U+E0041]",
		"bad\xffbyte":          "bad[0xFF]byte",
		"private\ue000":        "private[U+E000]",
		"unassigned\U000fffff": "unassigned[U+FFFFF]",
		"\x7f\u0085":           "[U+007F][U+0085]",
		"":                     "",
	} {
		assert.Equal(t, want, Visible(in))
	}
}

func TestQuotedIsShort(t *testing.T) {
	long := ""
	for range 1000 {
		long += "ä"
	}
	assert.Len(t, []rune(Quoted(long)), 83)
}
