package plan

import (
	"slices"
	"strings"
)

// Place is what holds for accounts because of where they are.
type Place struct {
	Policies  []InPlace // group policies that are linked there or above, and not blocked; not those of sites
	Blocked   []string  // containers that take no policies from above but enforced ones
	Delegated []InPlace // what is granted or denied on accounts, by trustee
	Unread    []string  // what cannot be told, and why
}

// InPlace is one policy, or one entry of an access list.
type InPlace struct {
	Key  string // equal for the same
	Name string
}

// moving is what an account from outside loses and gains by being moved in. Changed is
// what is lost and gained under one name: other rights of a trustee, mostly.
func (m *byKeys) moving(a *account) (fields []Field) {
	if a.InContainer {
		return nil
	}
	from, known := m.obs.Places[a.Parent]
	to, ours := m.obs.Places[m.obs.Container.DN]
	if !known || !ours {
		return nil
	}
	unread := slices.Concat(from.Unread, to.Unread)
	add := func(code FieldCode, from, to []InPlace, more ...string) {
		var values []string
		lost, gained := only(from, to), only(to, from)
		for _, name := range lost {
			values = append(values, map[bool]string{true: "changed: ", false: "lost: "}[slices.Contains(gained, name)]+name)
		}
		for _, name := range gained {
			if !slices.Contains(lost, name) {
				values = append(values, "gained: "+name)
			}
		}
		if values = append(values, more...); len(values) > 0 {
			fields = append(fields, Field{Code: code, After: values})
		}
	}
	var blocked []string
	for _, dn := range to.Blocked {
		if !slices.Contains(from.Blocked, dn) {
			blocked = append(blocked, "inheritance is blocked at "+dn)
		}
	}
	add(FieldPolicies, from.Policies, to.Policies, blocked...)
	add(FieldDelegations, from.Delegated, to.Delegated)
	if slices.Sort(unread); len(unread) > 0 {
		fields = append(fields, Field{Code: FieldPlaceUnread, After: slices.Compact(unread)})
	}
	return fields
}

// only names what is in the first list alone, once each.
func only(list, other []InPlace) (names []string) {
	for _, one := range list {
		same := func(o InPlace) bool { return o.Key == one.Key }
		if !slices.ContainsFunc(other, same) && !slices.Contains(names, one.Name) {
			names = append(names, one.Name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(folded(a)+a, folded(b)+b) })
	return names
}
