package schema

import (
	"encoding/json"
	"iter"
	"slices"
	"strings"
)

// List is a list of a report whose entries are made as they are read: those of a first
// run would take more memory than all else that it keeps.
type List[T Entry] []Teller[T]

// Entry is of one action, and so of one account.
type Entry interface {
	Action | Change
	user() string
}

// Teller makes the entries of one action: at least one, in the order of a sorted report.
type Teller[T Entry] interface {
	User() string // in all of them
	Tell() []T
}

// ListOf is a list of what is there already.
func ListOf[T Entry](entries ...T) List[T] {
	list := make(List[T], len(entries))
	for i, e := range entries {
		list[i] = told[T]{e}
	}
	return list
}

type told[T Entry] struct{ entry T }

func (t told[T]) User() string { return t.entry.user() }
func (t told[T]) Tell() []T    { return []T{t.entry} }

func (a Action) user() string { return a.User }

func (c Change) user() string {
	if c.Cause == nil {
		return ""
	}
	return c.Cause.User
}

// All are the entries.
func (l List[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, t := range l {
			for _, e := range t.Tell() {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// Entries has them all in memory.
func (l List[T]) Entries() []T { return slices.Collect(l.All()) }

// MarshalJSON writes them as an array, which it has in memory. That is what reports of
// few people may do.
func (l List[T]) MarshalJSON() ([]byte, error) { return json.Marshal(l.Entries()) }

// UnmarshalJSON reads an array.
func (l *List[T]) UnmarshalJSON(text []byte) error {
	var entries []T
	if err := json.Unmarshal(text, &entries); err != nil {
		return err
	}
	*l = ListOf(entries...)
	return nil
}

// sorted is a copy in the order of a key that begins with the user, or the same list
// where it is in that order.
func (l List[T]) sorted(of func(T) key) List[T] {
	order := func(a, b Teller[T]) int {
		if byUser := strings.Compare(a.User(), b.User()); byUser != 0 {
			return byUser
		}
		x, y := of(a.Tell()[0]), of(b.Tell()[0])
		return slices.Compare(x[:], y[:])
	}
	if slices.IsSortedFunc(l, order) {
		return l
	}
	l = slices.Clone(l)
	slices.SortStableFunc(l, order)
	return l
}

// sortedChanges puts the changes of one account by one kind of action together, by
// attribute.
func sortedChanges(l List[Change]) List[Change] {
	of := func(c Change) key { return key{c.User, c.Who().ObjectGUID, c.Action} }
	l = l.sorted(of)
	alike := func(a, b Teller[Change]) bool { return a.User() == b.User() && of(a.Tell()[0]) == of(b.Tell()[0]) }
	list := make(List[Change], 0, len(l))
	for len(l) > 0 {
		n := 1
		for n < len(l) && alike(l[0], l[n]) {
			n++
		}
		if n > 1 {
			list = append(list, together(l[:n:n]))
		} else {
			list = append(list, l[0])
		}
		l = l[n:]
	}
	return list
}

type together List[Change]

func (t together) User() string { return t[0].User() }

func (t together) Tell() []Change {
	changes := List[Change](t).Entries()
	slices.SortStableFunc(changes, func(a, b Change) int { return strings.Compare(a.Attribute, b.Attribute) })
	return changes
}
