package schema

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible shows what cannot be seen: control, bidirectional, zero-width and
// unassigned code points become [U+XXXX], bytes that are not UTF-8 [0xXX]. Text
// from a file or a directory passes through here before it reaches a terminal.
func Visible(s string) string {
	if !strings.ContainsFunc(s, Hidden) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "[0x%02X]", s[0])
		case Hidden(r):
			fmt.Fprintf(&b, "[U+%04X]", r)
		default:
			b.WriteRune(r)
		}
		s = s[size:]
	}
	return b.String()
}

// Hidden reports whether a terminal would obey a code point, or no one would see it.
func Hidden(r rune) bool {
	if r >= ' ' && r < 0x7f {
		return false
	}
	return r == utf8.RuneError || !unicode.IsGraphic(r) ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Quoted is an untrusted text for a sentence: visible, and not too long.
func Quoted(s string) string {
	const most = 80
	n := 0
	for i := range s {
		if n == most {
			s = s[:i] + "…"
			break
		}
		n++
	}
	return `"` + Visible(s) + `"`
}

// Plural is "1 user" or "2 users".
func Plural(n int, noun string) string {
	switch {
	case n == 1:
	case noun == "person":
		noun = "people"
	case strings.HasSuffix(noun, "ch"), strings.HasSuffix(noun, "ss"):
		noun += "es"
	case strings.HasSuffix(noun, "fy"):
		noun = strings.TrimSuffix(noun, "y") + "ies"
	default:
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
