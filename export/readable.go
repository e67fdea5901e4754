package export

import (
	"hash/maphash"

	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// accessList is the attribute that says who may read which others.
const accessList = "nTSecurityDescriptor"

// reading tells an attribute that has no value from one that may not be read:
// both look the same. Objects that were made alike have the same access list,
// so each is judged once.
type reading struct {
	token  []adrules.SID // of whoever reads
	seed   maphash.Seed
	judged map[judgement]bool
}

type judgement struct {
	list      uint64 // hash of the access list
	attribute string // lDAPDisplayName
}

func newReading(d ad.Domain) *reading {
	return &reading{
		token: append([]adrules.SID{d.SID, adrules.SIDEveryone, adrules.SIDAuthenticated}, d.Groups...),
		seed:  maphash.MakeSeed(), judged: map[judgement]bool{},
	}
}

// may reports whether the entry's access list lets the attribute be read (MS-ADTS
// 5.1.3.3.4). Where the list itself may not be read, it is taken to do so.
func (r *reading) may(e ad.Entry, d ad.Definition) bool {
	list := e.Values(accessList)
	if len(list) == 0 {
		return true
	}
	key := judgement{maphash.Bytes(r.seed, list[0]), d.Name}
	may, known := r.judged[key]
	if !known {
		may = r.allows(list[0], d)
		r.judged[key] = may
	}
	return may
}

// groupsUnknown is for a user whom the groups list as a member, or may; the
// members by primary group no group lists.
var (
	groupsUnknown  = unreadable("memberOf", ", so the groups are not known")
	primaryUnknown = unreadable("primaryGroupID", ", so it is not known whether the primary group is one of search_groups")
)

// judge is the selection as far as the reader can see.
func (s *source) judge(e ad.Entry) verdict {
	v := s.wanted.judge(e, s.membership)
	switch {
	case v.rule != "" && v.rule != outside:
	case len(s.wanted.groups) > 0 && s.hidden(e, "memberOf") && s.membership.roll.lists(e.DN):
		v.doubted(groupsUnknown)
	case len(s.wanted.groups) > 0 && s.hidden(e, "primaryGroupID"):
		v.doubted(primaryUnknown)
	case v.rule == "":
		if attribute := missing(e); attribute != "" {
			v.doubted(unreadable(attribute, ""))
		} else if attribute, group := s.unseen(e); group != "" {
			v.doubted(unreadableGroup(group))
		} else if attribute != "" {
			v.doubted(unreadable(attribute, ", which exclude looks at"))
		}
	}
	return v
}

func (r *reading) allows(list []byte, d ad.Definition) bool {
	parsed, err := acl.Parse(list)
	if err != nil { // no list at all: everybody may
		return true
	}
	about := []adrules.GUID{d.ID, d.PropertySet}
	return parsed.Allows(r.token, acl.ReadProperty, about...) &&
		(!d.Confidential || parsed.Allows(r.token, acl.ControlAccess, about...))
}
