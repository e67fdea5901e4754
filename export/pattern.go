package export

import (
	"strings"
	"unicode/utf8"
)

// pattern is a wildcard in lower case: "*" stands for any text, "?" for one
// character.
type pattern string

func newPattern(text string) pattern { return pattern(strings.ToLower(text)) }

// matches compares with a value in any case. It is linear but for one step
// back at each star.
func (p pattern) matches(value string) bool {
	rest, text := string(p), strings.ToLower(value)
	star, retry := "", "" // the pattern after the last star, and where to take it up again
	starred := false
	for text != "" || rest != "" {
		switch {
		case strings.HasPrefix(rest, "*"):
			rest = rest[1:]
			star, retry, starred = rest, text, true
			continue
		case text != "" && rest != "":
			_, size := utf8.DecodeRuneInString(text)
			_, step := utf8.DecodeRuneInString(rest)
			if rest[0] == '?' || rest[:step] == text[:size] {
				rest, text = rest[step:], text[size:]
				continue
			}
		}
		if !starred || retry == "" {
			return false
		}
		_, size := utf8.DecodeRuneInString(retry)
		retry = retry[size:]
		rest, text = star, retry
	}
	return true
}
