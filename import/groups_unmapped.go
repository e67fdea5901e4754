package importer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// unmappedFor is how long a group that was taken out of group_map is spoken of:
// it must not be missed, and may be meant.
const unmappedFor = 14 * 24 * time.Hour

// noticeUnmapped names the groups that were taken out of group_map while
// accounts of ours are in them: nobody takes these out.
func (im *Import) noticeUnmapped(ctx context.Context, dir Directory, s *situation) error {
	if s.obs.Container.Unfit != "" {
		return nil // nothing was read
	}
	s.record.unmap(s.obs.Groups, s.now)
	if len(s.record.Unmapped) == 0 {
		return nil
	}
	held := map[adrules.SID]bool{}
	err := findGroups(ctx, dir, slices.Sorted(maps.Keys(s.record.Unmapped)), func(e ad.Entry) {
		members := s.record.inGroup(s.obs.Accounts, e.DN)
		if held[e.SID()] = len(members) > 0; !held[e.SID()] {
			return
		}
		s.notices = append(s.notices, fmt.Sprintf("group %s is not in group_map any more, and these accounts stay in it: %s. To take them out, map a source group that nobody is in to it, import, and take it out again. This is said until %s",
			e.DN, someOf(members), s.record.Unmapped[e.SID()].Add(unmappedFor).Format(time.DateOnly)))
	})
	maps.DeleteFunc(s.record.Unmapped, func(sid adrules.SID, _ time.Time) bool { return !held[sid] })
	return err
}

// unmap keeps since when groups are not mapped. One that vanished is mapped
// still.
func (r *Record) unmap(groups []plan.Group, now time.Time) {
	mapped, vanished := map[adrules.SID]bool{}, map[string]bool{}
	for _, g := range groups {
		mapped[g.SID] = g.Missing == ""
		vanished[plan.RelativeName(g.Name)] = g.Missing != ""
	}
	unmapped := maps.Clone(r.Unmapped)
	maps.DeleteFunc(unmapped, func(sid adrules.SID, since time.Time) bool { return mapped[sid] || now.Sub(since) > unmappedFor })
	for name, sid := range r.Groups {
		if mapped[adrules.SID(sid)] || vanished[name] {
			continue
		}
		if unmapped == nil {
			unmapped = map[adrules.SID]time.Time{}
		}
		unmapped[adrules.SID(sid)] = now.Truncate(time.Second)
		delete(r.Groups, name)
	}
	r.Unmapped = unmapped
}

// findGroups looks up groups by SID, since group_path may have gone, too.
func findGroups(ctx context.Context, dir Directory, sids []adrules.SID, found func(ad.Entry)) error {
	for sids := range slices.Chunk(sids, lookupBatch) {
		var filters []ad.Filter
		for _, sid := range sids {
			filters = append(filters, ad.Equal("objectSid", string(sid.Bytes())))
		}
		search := ad.Search{Base: dir.Domain().Base, Scope: ad.ScopeSubtree, Filter: ad.Or(filters...), Attributes: []string{"objectSid"}}
		if _, err := dir.Search(ctx, search, func(e ad.Entry) error { found(e); return nil }); err != nil {
			return fmt.Errorf("look up mapped groups by their SIDs: %w", err)
		}
	}
	return nil
}

// inGroup lists the accounts of ours that are in a group directly.
func (r *Record) inGroup(accounts []plan.Account, group ad.DN) (names []string) {
	for _, a := range membersOf(accounts, group) {
		if _, ours := r.Accounts[a.GUID]; ours {
			names = append(names, a.CN)
		}
	}
	slices.Sort(names)
	return names
}

func membersOf(accounts []plan.Account, group ad.DN) (members []*plan.Account) {
	for i := range accounts {
		if slices.ContainsFunc(accounts[i].Groups, func(text string) bool {
			dn, err := ad.ParseDN(text)
			return err == nil && dn.Equal(group)
		}) {
			members = append(members, &accounts[i])
		}
	}
	return members
}

// someOf is the first of many.
func someOf(names []string) string {
	const most = 5
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	return strings.Join(names, ", ")
}
