package plan

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/biter777/countries"
)

// country is one of ISO 3166-1, as c, co and countryCode have it.
type country struct{ code, name, number string }

// countryParts are the attributes of schema.CountryAttributes, by lower-case name.
var countryParts = map[string]func(country) string{
	"c":           func(c country) string { return c.code },
	"co":          func(c country) string { return c.name },
	"countrycode": func(c country) string { return c.number },
}

// firstUserAssigned is where the numeric codes begin that ISO 3166 gives to no country.
const firstUserAssigned = 900

// withdrawn are countries that ISO 3166-1 has no more.
var withdrawn = []countries.CountryCode{countries.YUG, countries.ANT}

// byCodeOrName takes only letters for a code: the library leaves out everything else, and
// "n/a" would be Namibia.
func byCodeOrName(text string) countries.CountryCode {
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters <= 3 && letters < utf8.RuneCountInString(text) {
		return countries.Unknown
	}
	return countries.ByName(text)
}

// countryOf knows a country by its code of two or three letters, its number or its name.
func countryOf(text string) (country, bool) {
	text = strings.TrimSpace(text)
	found := byCodeOrName(text)
	if n, err := strconv.Atoi(text); err == nil {
		found = countries.ByNumeric(n)
	}
	if slices.Contains(withdrawn, found) || !found.IsValid() || found >= firstUserAssigned || found <= countries.Unknown {
		return country{}, false
	}
	return country{found.Alpha2(), found.String(), strconv.Itoa(int(found))}, true
}
