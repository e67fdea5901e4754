package schema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf16"
)

// JSON is the report for programs: lists sorted, none of them null. It ends
// with a line end.
func (r Report) JSON() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "    ")
	if err := encoder.Encode(r.Sorted()); err != nil {
		return nil, fmt.Errorf("writing the report as JSON: %w", err)
	}
	return escapeUnseen(out.Bytes()), nil
}

// escapeUnseen writes code points that a terminal would obey, or no one would
// see, as JSON escapes. They occur within strings alone.
func escapeUnseen(text []byte) []byte {
	var out bytes.Buffer
	for _, r := range string(text) {
		if r == '\n' || !hidden(r) {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, "\\u%04x", unit)
		}
	}
	return out.Bytes()
}

// Sorted is a copy whose lists are sorted and not nil. Notices keep their
// order.
func (r Report) Sorted() Report {
	for _, d := range r.Done() {
		switch {
		case d.people != nil:
			*d.people = sortedCopy(*d.people, cmp.Compare)
		case d.members != nil:
			*d.members = sortedCopy(*d.members, func(a, b Membership) int {
				return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Group, b.Group))
			})
		}
	}
	for _, list := range []*[]Outcome{&r.Skipped, &r.Failed, &r.HeldBack, &r.Unmanaged} {
		*list = sortedCopy(*list, func(a, b Outcome) int {
			return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Reason, b.Reason))
		})
	}
	r.LeftOut = sortedCopy(r.LeftOut, func(a, b LeftOut) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Reason, b.Reason))
	})
	r.RequiredInteractions = sortedCopy(r.RequiredInteractions, func(a, b Interaction) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.User, b.User), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Name, b.Name))
	})
	r.Accepted = sortedCopy(r.Accepted, func(a, b Accepted) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.User, b.User), cmp.Compare(a.Group, b.Group), cmp.Compare(a.By, b.By))
	})
	r.Rejected = sortedCopy(r.Rejected, func(a, b Rejected) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Name, b.Name))
	})
	r.Actions = sortedCopy(r.Actions, func(a, b Action) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.ObjectGUID, b.ObjectGUID), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Group, b.Group))
	})
	r.Changes = sortedCopy(r.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.ObjectGUID, b.ObjectGUID), cmp.Compare(a.Action, b.Action), cmp.Compare(a.Attribute, b.Attribute))
	})
	for i := range r.Changes {
		r.Changes[i].Before = notNil(r.Changes[i].Before)
		r.Changes[i].After = notNil(r.Changes[i].After)
	}
	r.Notices = notNil(r.Notices)
	return r
}

func sortedCopy[T any](list []T, compare func(a, b T) int) []T {
	list = append([]T{}, list...)
	slices.SortStableFunc(list, compare)
	return list
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
