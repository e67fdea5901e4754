package report

import (
	"cmp"
	"fmt"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/adrules"
)

// texts are never nil, which JSON would show as null.
func texts(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}

// Readable is a copy of actions whose changes are fit to be read.
func Readable(actions []plan.Action) []plan.Action {
	list := slices.Clone(actions)
	for i := range list {
		list[i].Changes = slices.Clone(list[i].Changes)
		for n, c := range list[i].Changes {
			list[i].Changes[n] = plan.Change{Attribute: c.Attribute, Before: readable(c, c.Before), After: readable(c, after(c))}
		}
	}
	return list
}

// after are the values that a change leaves, people by their names.
func after(c plan.Change) []string {
	switch {
	case !c.People:
		return c.After
	case c.Names == nil:
		return nil
	}
	return *c.Names
}

func readable(c plan.Change, values []string) []string {
	moment := moments[c.Attribute]
	if !c.Binary && moment == nil {
		return values
	}
	list := []string{}
	for _, v := range values {
		switch {
		case c.Binary:
			v = fmt.Sprintf("%d bytes", len(v))
		default:
			v = moment(v)
		}
		list = append(list, v)
	}
	return list
}

// moments are what is stored as a FILETIME, in words.
var moments = map[string]func(string) string{
	"accountExpires": expiryText,
	"lockoutTime":    func(v string) string { return cmp.Or(map[string]string{"0": "not locked"}[v], expiryText(v)) },
	"pwdLastSet": func(v string) string {
		return cmp.Or(map[string]string{plan.ToBeChanged: "to be changed at the next logon", plan.SetNow: "now"}[v], expiryText(v))
	},
}

func expiryText(value string) string {
	var v int64
	if _, err := fmt.Sscan(value, &v); err != nil {
		return value
	}
	if t, ends := adrules.TimeFromFileTime(v); ends {
		return words.When(t)
	}
	return "never"
}
