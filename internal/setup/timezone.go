package setup

import (
	"fmt"
	"time"

	"github.com/thlib/go-timezone-local/tzlocal"
)

// offerTimeZone is where this machine is, as far as it knows.
func offerTimeZone(*wizard) offer {
	name, err := tzlocal.RuntimeTZ()
	if err != nil || !isTimeZone(name) {
		return offer{standard: "UTC"}
	}
	return offer{standard: name}
}

func takeTimeZone(_ *wizard, text string) (any, error) {
	if !isTimeZone(text) {
		return nil, fmt.Errorf("%q is no name of the IANA time zone database, such as Europe/Berlin", text)
	}
	return text, nil
}

func isTimeZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local"
}
