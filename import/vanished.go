package importer

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// findVanished looks for mapped groups that are not where they were: one that
// was renamed or moved still has its members, of whom some should leave.
func (im *Import) findVanished(ctx context.Context, dir Directory, s *situation) error {
	gone, present := map[adrules.SID]*plan.Group{}, map[adrules.SID]bool{}
	for i := range s.obs.Groups {
		g := &s.obs.Groups[i]
		present[g.SID] = true
		if known := adrules.SID(s.record.Groups[plan.RelativeName(g.Name)]); g.Missing != "" && known != "" {
			gone[known] = g
		}
	}
	s.guardVanished(gone)
	maps.DeleteFunc(gone, func(sid adrules.SID, _ *plan.Group) bool { return present[sid] })
	if len(gone) == 0 {
		return nil
	}
	found := map[adrules.SID]ad.DN{}
	err := findGroups(ctx, dir, slices.Sorted(maps.Keys(gone)), func(e ad.Entry) {
		g := gone[e.SID()]
		found[e.SID()] = e.DN
		g.SID = e.SID()
		g.Missing = fmt.Sprintf("it was renamed or moved, and is %s now; correct group_map and group_path, or move it back", e.DN)
		for _, a := range membersOf(s.obs.Accounts, e.DN) {
			a.MemberOf[g.SID] = true
		}
	})
	for _, sid := range slices.Sorted(maps.Keys(found)) {
		if err == nil {
			err = s.reader.readVanished(ctx, found[sid], gone[sid])
		}
	}
	return err
}

// readVanished finds out what a group grants that is not where it was.
func (o *observer) readVanished(ctx context.Context, at ad.DN, g *plan.Group) error {
	entry, found, err := o.one(ctx, at, "objectSid", "cn", memberOf, access.Descriptor, adminCount)
	if err != nil || !found {
		return err
	}
	if g.Why = privileged(entry); g.Why != "" {
		g.Reaches = []adrules.SID{g.SID}
	}
	if err := o.readNesting(ctx, at, g); err != nil {
		return fmt.Errorf("read group %s: %w", at, err)
	}
	o.guardUnread(g, entry)
	o.guardNested(g, o.restricted)
	return nil
}

// guardVanished guards by its SID what a restricted group that is not where it was
// stands for, and what is nested in it.
func (s *situation) guardVanished(gone map[adrules.SID]*plan.Group) {
	restricted := map[adrules.SID]bool{}
	for sid, g := range gone {
		restricted[sid] = g.Listed
	}
	maps.Copy(restricted, s.reader.restricted)
	s.reader.restricted = restricted
	for i := range s.obs.Groups {
		g := &s.obs.Groups[i]
		g.Listed = g.Listed || restricted[g.SID]
		s.reader.guardNested(g, restricted)
	}
}
