package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// noticeUnmapped names the groups that were taken out of group_map while
// accounts of ours are in them: no one takes these out.
func (s *situation) noticeUnmapped() {
	if s.obs.Container.Unfit != "" {
		return // nothing was read
	}
	s.record.Unmap(s.obs.Groups, s.now)
	held := map[adrules.SID]bool{}
	for _, g := range s.obs.Unmapped {
		if members := oursIn(s.record, s.obs.Accounts, g); len(members) > 0 {
			held[g.SID] = true
			s.notices = append(s.notices, fmt.Sprintf("group %s is not in group_map any more, and these accounts stay in it: %s. To take them out, map a source group without members to it, import, and take it out again. This is said until %s",
				g.DN, someOf(members), s.record.Unmapped[g.SID].Add(ledger.UnmappedFor).Format(time.DateOnly)))
		}
	}
	maps.DeleteFunc(s.record.Unmapped, func(sid adrules.SID, _ time.Time) bool { return !held[sid] })
}

// oursIn lists the accounts of ours that are in a group directly.
func oursIn(r ledger.Record, accounts []plan.Account, group plan.Group) (names []string) {
	at, _ := ad.ParseDN(group.DN)
	for i := range accounts {
		_, ours := r.Accounts[accounts[i].GUID]
		if ours && slices.ContainsFunc(accounts[i].Groups, func(text string) bool {
			dn, err := ad.ParseDN(text)
			return err == nil && dn.Equal(at)
		}) {
			names = append(names, accounts[i].CN)
		}
	}
	slices.Sort(names)
	return names
}

// someOf is the first of many.
func someOf(names []string) string {
	const most = 5
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	return strings.Join(names, ", ")
}
