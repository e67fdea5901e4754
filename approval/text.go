package approval

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plural returns "1 account" or "3 accounts".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func sentences(texts []string) []string {
	out := make([]string, len(texts))
	for i := range texts {
		out[i] = sentence(texts[i])
	}
	return out
}

// sentence makes one of an error's words.
func sentence(words string) string {
	if words == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(words)
	return strings.TrimRight(string(unicode.ToUpper(first))+words[size:], ".") + "."
}
