package importer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/observe"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// noticeUnmapped names the groups that were taken out of group_map while
// accounts of ours are in them: no one takes these out.
func (im *Import) noticeUnmapped(ctx context.Context, dir Directory, s *situation) error {
	if s.obs.Container.Unfit != "" {
		return nil // nothing was read
	}
	s.record.Unmap(s.obs.Groups, s.now)
	if len(s.record.Unmapped) == 0 {
		return nil
	}
	held := map[adrules.SID]bool{}
	err := observe.GroupsBySID(ctx, dir, slices.Sorted(maps.Keys(s.record.Unmapped)), func(e ad.Entry) {
		members := oursIn(s.record, s.obs.Accounts, e.DN)
		if held[e.SID()] = len(members) > 0; !held[e.SID()] {
			return
		}
		s.notices = append(s.notices, fmt.Sprintf("group %s is not in group_map any more, and these accounts stay in it: %s. To take them out, map a source group without members to it, import, and take it out again. This is said until %s",
			e.DN, someOf(members), s.record.Unmapped[e.SID()].Add(ledger.UnmappedFor).Format(time.DateOnly)))
	})
	maps.DeleteFunc(s.record.Unmapped, func(sid adrules.SID, _ time.Time) bool { return !held[sid] })
	return err
}

// oursIn lists the accounts of ours that are in a group directly.
func oursIn(r ledger.Record, accounts []plan.Account, group ad.DN) (names []string) {
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
