package simulation

import (
	"math/rand/v2"

	"ad-user-sync/internal/ad"
)

const formerly = "formerly "

// renameGroup returns a mapped group another name; the configuration has the old
// one.
func (w *world) renameGroup(r *rand.Rand) string {
	group := oneOf(r, targetGroups...)
	if w.target.Rename(ctx, targetGroup(group), targetGroup(formerly+group)) != nil {
		return ""
	}
	return group
}

func (w *world) deleteGroup(r *rand.Rand) string {
	group := oneOf(r, targetGroups...)
	if w.target.Delete(targetGroup(group)) != nil {
		return ""
	}
	return group
}

// putGroupBack returns one its old name, or makes one anew that is missing.
func (w *world) putGroupBack(r *rand.Rand) string {
	for _, group := range targetGroups {
		if _, there := entryOf(w.target, targetGroup(group)); there {
			continue
		}
		if w.target.Rename(ctx, targetGroup(formerly+group), targetGroup(group)) == nil {
			return group + " has its name again"
		}
		must(w.target.Add(ctx, targetGroup(group), []ad.Attribute{{Name: "objectClass", Values: ad.Values("group")}, {Name: "sAMAccountName", Values: ad.Values(group)}}))
		return group + " is made anew"
	}
	return ""
}
