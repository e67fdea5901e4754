package template

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

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
	var out strings.Builder
	for _, r := range noSigns.Replace(norm.NFKC.String(s)) {
		out.WriteString(counterpart(r))
	}
	return strings.TrimSpace(out.String())
}

// noSigns are letters of names that the library writes as a sign, such as @.
var noSigns = strings.NewReplacer("Ə", "E", "ə", "e", "ǝ", "e", "Ә", "E", "ә", "e", "Ӛ", "E", "ӛ", "e", "ة", "h", "ى", "a")

// unknown is what the library writes for a character that it has no counterpart for.
const unknown = "[?]"

// counterpart of a letter has no other signs than those that stand within names.
func counterpart(r rune) string {
	text := string(r)
	if r > unicode.MaxASCII {
		if text = unidecode.Unidecode(text); strings.Contains(text, unknown) {
			return ""
		}
	}
	return strings.Map(func(c rune) rune {
		sign := c < 'A' || c > 'Z' && c < 'a' || c > 'z'
		if c > unicode.MaxASCII || c < ' ' || unicode.IsLetter(r) && sign && !strings.ContainsRune(" '`-", c) {
			return -1
		}
		return c
	}, text)
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

// fitting keeps the first characters, each with its marks, that have so many UTF-16 units
// together.
func fitting(s string, most int) string {
	count, end := 0, 0
	for i, r := range s {
		if !unicode.IsMark(r) {
			end = i
		}
		if count += utf16.RuneLen(r); count > most {
			return s[:end]
		}
	}
	return s
}

func units(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
