package template

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/gosimple/unidecode"
	"golang.org/x/text/unicode/norm"
)

// steps are what may be done to a field.
var steps = map[string]func(string) string{
	"ascii":    func(s string) string { return plain(umlauts.Replace(norm.NFC.String(s))) },
	"plain":    plain,
	"lower":    strings.ToLower,
	"upper":    strings.ToUpper,
	"letters":  letters,
	"word":     func(s string) string { return firstOf(strings.Fields(s)) },
	"initials": initials,
}

func stepNames() []string { return slices.Sorted(maps.Keys(steps)) }

// umlauts are written as German does it; plain leaves their dots out.
var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ß", "ss", "ẞ", "SS")

// plain is text in the letters of ASCII, whatever script it is in. What has no
// counterpart is left out.
func plain(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || r < ' ' {
			return -1
		}
		return r
	}, unidecode.Unidecode(norm.NFKC.String(s))))
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return r
		}
		return -1
	}, s)
}

// initials are the first letters of words, which blanks and hyphens part.
func initials(s string) string {
	var first strings.Builder
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '-' }) {
		first.WriteString(cut(letters(word), 1))
	}
	return first.String()
}

func firstOf(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// cut keeps the first characters, each with its marks.
func cut(s string, count int) string {
	for i, r := range s {
		if unicode.IsMark(r) {
			continue
		}
		if count == 0 {
			return s[:i]
		}
		count--
	}
	return s
}
