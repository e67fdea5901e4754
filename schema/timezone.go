package schema

import "time"

// TimeZone is a name of the IANA time zone database, such as Europe/Berlin; "" is UTC.
type TimeZone string

// Location is UTC where the name is not known; configurations are checked for that.
func (z TimeZone) Location() *time.Location {
	if location, err := time.LoadLocation(string(z)); err == nil {
		return location
	}
	return time.UTC
}
