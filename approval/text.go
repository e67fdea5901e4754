package approval

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

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
