package plan

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unique"

	"ad-user-sync/internal/adrules"
)

// Joins are those of one account, by group. Most accounts have a few, for which a map
// would take a kilobyte; and most of these are like those of others.
type Joins []joinedGroup

type joinedGroup struct {
	group adrules.SID
	how   unique.Handle[joinedAlike]
}

// joinedAlike is a Joined that can be compared.
type joinedAlike struct {
	at      time.Time
	by      string
	guard   Guard
	reaches string // SIDs, each with a space before it
	before  bool
}

func alike(how Joined) unique.Handle[joinedAlike] {
	var reaches strings.Builder
	for _, sid := range how.Reaches {
		reaches.WriteString(" " + string(sid))
	}
	return unique.Make(joinedAlike{how.At, how.By, how.Guard, reaches.String(), how.Before})
}

func (one joinedGroup) joined() Joined {
	how := one.how.Value()
	j := Joined{At: how.at, By: how.by, Guard: how.guard, Before: how.before}
	for sid := range strings.FieldsSeq(how.reaches) {
		j.Reaches = append(j.Reaches, adrules.SID(sid))
	}
	return j
}

func (j Joins) find(group adrules.SID) (at int, found bool) {
	return slices.BinarySearchFunc(j, group, func(one joinedGroup, group adrules.SID) int { return strings.Compare(string(one.group), string(group)) })
}

// Of is that into a group; ok is false where there is none.
func (j Joins) Of(group adrules.SID) (how Joined, ok bool) {
	at, ok := j.find(group)
	if ok {
		how = j[at].joined()
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
	return slices.Concat(j[:at], Joins{{unique.Make(group).Value(), alike(how)}}, rest)
}

// Without is a copy without one into a group.
func (j Joins) Without(group adrules.SID) Joins {
	return slices.DeleteFunc(slices.Clone(j), func(one joinedGroup) bool { return one.group == group })
}

// MarshalJSON writes an object, by group.
func (j Joins) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i, one := range j {
		if i > 0 {
			text = append(text, ',')
		}
		how, err := json.Marshal(one.joined())
		if err != nil {
			return nil, err
		}
		text = append(append(appendText(text, string(one.group)), ':'), how...)
	}
	return append(text, '}'), nil
}

// UnmarshalJSON reads such an object.
func (j *Joins) UnmarshalJSON(text []byte) error {
	var byGroup map[adrules.SID]Joined
	if err := json.Unmarshal(text, &byGroup); err != nil {
		return err
	}
	*j = make(Joins, 0, len(byGroup))
	for group, how := range byGroup {
		*j = append(*j, joinedGroup{unique.Make(group).Value(), alike(how)})
	}
	slices.SortFunc(*j, func(a, b joinedGroup) int { return strings.Compare(string(a.group), string(b.group)) })
	return nil
}
