package demo

import (
	"context"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// accounts are the users of OU=Managed by common name, and whether they are
// enabled.
func (s *story) accounts() map[string]bool {
	enabled := map[string]bool{}
	base := s.world.plant.Domain().Base.Child("OU", "Managed")
	_, err := s.world.plant.Search(context.Background(), ad.Search{Base: base, Filter: ad.People, Attributes: []string{"cn", "userAccountControl"}}, func(e ad.Entry) error {
		control, _ := e.Int("userAccountControl")
		enabled[e.Text("cn")] = !adrules.UserAccountControl(control).Disabled()
		return nil
	})
	must(err)
	return enabled
}

// all reports whether the accounts with these names exist and are enabled, or
// disabled.
func (s *story) all(names []string, enabled bool) bool {
	accounts := s.accounts()
	for _, name := range names {
		if is, exists := accounts[name]; !exists || is != enabled {
			return false
		}
	}
	return true
}

// today is how the story calls the day.
func (s *story) today() string { return s.clock.now().Format("2 January") }

// date is the day of a time as reports have it.
func date(text string) string {
	day, _, _ := strings.Cut(text, "T")
	return day
}
