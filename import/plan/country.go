package plan

import (
	"strconv"
	"strings"

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

// countryOf knows a country by its code of two or three letters, its number or its name.
func countryOf(text string) (country, bool) {
	text = strings.TrimSpace(text)
	found := countries.ByName(text)
	if n, err := strconv.Atoi(text); err == nil {
		found = countries.ByNumeric(n)
	}
	if !found.IsValid() || found >= firstUserAssigned || found <= countries.Unknown {
		return country{}, false
	}
	return country{found.Alpha2(), found.String(), strconv.Itoa(int(found))}, true
}
