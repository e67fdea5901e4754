package plan

import (
	"encoding/json"
	"slices"
	"strings"
	"unique"

	"ad-user-sync/internal/adrules"
)

// Joins are those of one account, by group. Most accounts have a few, for which a map
// would take a kilobyte.
type Joins []JoinedGroup

// JoinedGroup is one of them.
type JoinedGroup struct {
	Group adrules.SID
	Joined
}

func (j Joins) find(group adrules.SID) (at int, found bool) {
	return slices.BinarySearchFunc(j, group, func(one JoinedGroup, group adrules.SID) int { return strings.Compare(string(one.Group), string(group)) })
}

// Of is that into a group; ok is false where there is none.
func (j Joins) Of(group adrules.SID) (how Joined, ok bool) {
	at, ok := j.find(group)
	if ok {
		how = j[at].Joined
	}
	return how, ok
}

// With is a copy with one into a group, in place of a former one.
func (j Joins) With(group adrules.SID, how Joined) Joins {
	at, found := j.find(group)
	rest := j[at:]
	if found {
		rest = rest[1:]
	}
	return slices.Concat(j[:at], Joins{{group, how}}, rest)
}

// Without is a copy without one into a group.
func (j Joins) Without(group adrules.SID) Joins {
	return slices.DeleteFunc(slices.Clone(j), func(one JoinedGroup) bool { return one.Group == group })
}

// MarshalJSON writes an object, by group.
func (j Joins) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i, one := range j {
		if i > 0 {
			text = append(text, ',')
		}
		how, err := json.Marshal(one.Joined)
		if err != nil {
			return nil, err
		}
		text = append(append(appendText(text, string(one.Group)), ':'), how...)
	}
	return append(text, '}'), nil
}

// UnmarshalJSON reads such an object. There are few groups, whose names all accounts share.
func (j *Joins) UnmarshalJSON(text []byte) error {
	var byGroup map[adrules.SID]Joined
	if err := json.Unmarshal(text, &byGroup); err != nil {
		return err
	}
	*j = make(Joins, 0, len(byGroup))
	for group, how := range byGroup {
		*j = append(*j, JoinedGroup{unique.Make(group).Value(), how})
	}
	slices.SortFunc(*j, func(a, b JoinedGroup) int { return strings.Compare(string(a.Group), string(b.Group)) })
	return nil
}
