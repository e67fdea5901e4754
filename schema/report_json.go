package schema

import "slices"

// Sorted is a copy whose lists are sorted and not nil; those that are it already are
// shared. Notices keep their order.
func (r Report) Sorted() Report {
	for _, d := range r.Done() {
		switch {
		case d.people != nil:
			*d.people = sortedBy(*d.people, func(user string) key { return key{user} })
		case d.members != nil:
			*d.members = sortedBy(*d.members, func(m Membership) key { return key{m.User, m.Group} })
		}
	}
	for _, list := range []*[]Outcome{&r.Skipped, &r.Failed, &r.HeldBack, &r.Unmanaged} {
		*list = sortedBy(*list, func(o Outcome) key { return key{o.User, o.Reason} })
	}
	r.LeftOut = sortedBy(r.LeftOut, func(l LeftOut) key { return key{l.User, l.Reason} })
	r.RequiredInteractions = sortedBy(r.RequiredInteractions, func(i Interaction) key { return key{i.Type, i.User, i.Group, i.Name} })
	r.Accepted = sortedBy(r.Accepted, func(a Accepted) key { return key{a.Type, a.User, a.Group, a.By} })
	r.Rejected = sortedBy(r.Rejected, func(r Rejected) key { return key{r.User, r.Type, r.Group, r.Name} })
	r.Actions = r.Actions.sorted(func(a Action) key { return key{a.User, a.ObjectGUID, a.Type, a.Group} })
	r.Changes = sortedChanges(r.Changes)
	r.Notices = notNil(r.Notices)
	return r
}

type key [4]string

func sortedBy[T any](list []T, of func(T) key) []T {
	byKey := func(a, b T) int {
		x, y := of(a), of(b)
		return slices.Compare(x[:], y[:])
	}
	if list != nil && slices.IsSortedFunc(list, byKey) {
		return list
	}
	list = append([]T{}, list...)
	slices.SortStableFunc(list, byKey)
	return list
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
