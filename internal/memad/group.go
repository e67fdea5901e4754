package memad

import (
	"slices"
	"strconv"

	"ad-user-sync/internal/adrules"
)

// Group types (MS-ADTS 2.2.12).
const (
	groupGlobal      = 0x2
	groupDomainLocal = 0x4
	groupUniversal   = 0x8
	groupSecurity    = -0x80000000
	groupSystem      = 0x1
)

// checkGroup holds a group against MS-SAMR 3.1.1.8.9.
func (w *draft) checkGroup() *refusal {
	if len(w.values["grouptype"]) == 0 {
		w.setInt("groupType", groupGlobal|groupSecurity)
	}
	var before []adrules.GUID
	if w.before != nil {
		before = w.before.links["member"]
	}
	for _, g := range added(w.links["member"], before) {
		member := w.store.objects[g]
		if g == w.guid {
			return refuse(codeUnwilling, errUnwilling, "a group cannot be a member of itself")
		}
		if member != nil && w.before != nil && w.isPrimaryOf(member) {
			return refuse(codeEntryExists, errMemberInAlias, "%s is its member by primaryGroupID", member.rdn.value)
		}
	}
	for _, g := range added(before, w.links["member"]) {
		if member := w.store.objects[g]; member != nil && w.isPrimaryOf(member) {
			return refuse(codeUnwilling, errMemberNotInAlias, "%s is its member by primaryGroupID", member.rdn.value)
		}
	}
	return nil
}

func (o *object) isPrimaryOf(member *object) bool {
	primary := member.text("primarygroupid")
	return primary != "" && primary == strconv.FormatUint(uint64(o.sid().RID()), 10)
}

// added are those of now that were not before. Most changes touch one end of a
// long list, so what both have at the beginning is passed over first.
func added(now, before []adrules.GUID) []adrules.GUID {
	for len(now) > 0 && len(before) > 0 && now[0] == before[0] {
		now, before = now[1:], before[1:]
	}
	had := make(map[adrules.GUID]bool, len(before))
	for _, g := range before {
		had[g] = true
	}
	var fresh []adrules.GUID
	for _, g := range now {
		if !had[g] {
			fresh = append(fresh, g)
		}
	}
	return fresh
}

// closure are all objects reached from start by next, start excluded unless it
// is reached again.
func closure(start adrules.GUID, next func(adrules.GUID) []adrules.GUID) map[adrules.GUID]bool {
	reached := map[adrules.GUID]bool{}
	for queue := []adrules.GUID{start}; len(queue) > 0; queue = queue[1:] {
		for _, g := range next(queue[0]) {
			if !reached[g] {
				reached[g] = true
				queue = append(queue, g)
			}
		}
	}
	return reached
}

// tokenGroups are the SIDs of all groups an account is in, directly or not,
// its primary group included (MS-ADTS 3.1.1.4.5.19), sorted.
func (s *store) tokenGroups(o *object) []adrules.SID {
	groups := s.groupsOf(o.guid)
	if primary := s.findSID(s.domain.sidOf(o.text("primarygroupid"))); primary != nil {
		groups[primary.guid] = true
		for g := range s.groupsOf(primary.guid) {
			groups[g] = true
		}
	}
	var sids []adrules.SID
	for g := range groups {
		sids = append(sids, s.objects[g].sid())
	}
	slices.Sort(sids)
	return sids
}

func (s *store) groupsOf(member adrules.GUID) map[adrules.GUID]bool {
	return closure(member, func(g adrules.GUID) []adrules.GUID { return s.back["member"][g] })
}
