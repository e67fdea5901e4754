package demo

import (
	"context"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// facts are what a report says of single people.
type facts struct{ schema.Report }

// change is what one attribute of a person became.
func (f facts) change(user, attribute string) (before, after string) {
	for c := range f.Changes.All() {
		if c.User == user && c.Attribute == attribute {
			return first(c.Before), first(c.After)
		}
	}
	return "", ""
}

func (f facts) changed(user, attribute string) bool {
	return slices.ContainsFunc(f.Changes.Entries(), func(c schema.Change) bool { return c.User == user && c.Attribute == attribute })
}

// why is the reason for an action on a person.
func (f facts) why(action, user string) string {
	for c := range f.Changes.All() {
		if c.Action == action && c.User == user {
			return c.Reason
		}
	}
	return ""
}

// asks reports whether a question about a person waits.
func (f facts) asks(kind, user string) bool {
	return slices.ContainsFunc(f.RequiredInteractions, func(q schema.Interaction) bool { return q.Type == kind && q.User == user })
}

// nothing reports whether the run wrote nothing.
func (f facts) nothing() bool {
	o := f.Operations
	return len(f.Changes) == 0 && o.Adds+o.Modifies+o.Renames == 0
}

// about is the reason that a list has for a person.
func about(list []schema.Outcome, user string) string {
	for _, o := range list {
		if o.User == user {
			return o.Reason
		}
	}
	return ""
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

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
