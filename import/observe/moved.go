package observe

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// formerly are the SIDs that the ledger knows of mapped groups that are not where they
// were, by relative name.
func formerly(groups []plan.Group, known map[string]string) map[string]adrules.SID {
	sids := map[string]adrules.SID{}
	for _, g := range groups {
		if name := plan.RelativeName(g.Name); g.Missing != "" && known[name] != "" {
			sids[name] = adrules.SID(known[name])
		}
	}
	return sids
}

// findMoved looks for the groups that are not where they were: one that was renamed
// or moved still has its members, of whom some should leave.
func (m *mapped) findMoved(ctx context.Context, groups []plan.Group, former map[string]adrules.SID, restricted map[adrules.SID]bool) error {
	gone, present := map[adrules.SID]*plan.Group{}, map[adrules.SID]bool{}
	for i := range groups {
		present[groups[i].SID] = true
		if sid := former[plan.RelativeName(groups[i].Name)]; sid != "" {
			gone[sid] = &groups[i]
		}
	}
	maps.DeleteFunc(gone, func(sid adrules.SID, _ *plan.Group) bool { return present[sid] })
	found := map[adrules.SID]ad.DN{}
	err := groupsBySID(ctx, m.dir, slices.Sorted(maps.Keys(gone)), func(e ad.Entry) {
		g := gone[e.SID()]
		found[e.SID()], m.moved[e.DN.Key()] = e.DN, e.SID()
		g.SID = e.SID()
		g.Missing = fmt.Sprintf("it was renamed or moved, and is %s now; correct group_map and group_path, or move it back", e.DN)
	})
	for _, sid := range slices.Sorted(maps.Keys(found)) {
		if err == nil {
			err = m.readMoved(ctx, found[sid], gone[sid], restricted)
		}
	}
	return err
}

// readMoved finds out what a group grants that is not where it was.
func (m *mapped) readMoved(ctx context.Context, at ad.DN, g *plan.Group, restricted map[adrules.SID]bool) error {
	entry, found, err := ad.ReadObject(ctx, m.dir, at, groupAttributes...)
	if err != nil || !found {
		return err
	}
	if g.Why = privileged(entry); g.Why != "" {
		g.Reaches = []adrules.SID{g.SID}
	}
	if err := m.nesting.readAbove(ctx, []ad.Entry{entry}); err != nil {
		return fmt.Errorf("read what group %s is nested in: %w", at, err)
	}
	m.guardAbove(g, entry)
	m.guardNested(g, restricted)
	return nil
}

// rejoin marks the memberships of an account of the container in groups that are not
// where they were.
func (m *mapped) rejoin(a *plan.Account) {
	for _, text := range a.Groups {
		if sid := m.moved[m.nesting.name(text).key]; sid != "" {
			a.MemberOf[sid] = true
		}
	}
}

// share lets an account of the container have its groups in one memory with others who are in the same.
func (m *mapped) share(a *plan.Account) {
	key := strings.Join(append(a.Groups, string(a.Primary)), "\x00")
	if like := m.shared[key]; like != nil {
		a.MemberOf, a.OtherNames, a.Groups = like.MemberOf, like.OtherNames, like.Groups
		return
	}
	if a.OtherNames, a.Groups = slices.Clip(a.OtherNames), slices.Clip(a.Groups); len(m.shared) < maxShared {
		m.shared[key] = &plan.Account{MemberOf: a.MemberOf, OtherNames: a.OtherNames, Groups: a.Groups}
	}
}

// another is the SID of a primary group that is not mapped; everybody shares the text.
func (m *mapped) another(domain adrules.SID, rid uint32) adrules.SID {
	if m.others[rid] == "" {
		m.others[rid] = adrules.SID(fmt.Sprintf("%s-%d", domain, rid))
	}
	return m.others[rid]
}

// maxShared bounds how many combinations of groups are remembered.
const maxShared = 10_000

// memberships keeps the groups of an account, and which of them are mapped.
func (m *mapped) memberships(e ad.Entry, a *plan.Account) {
	for _, text := range e.Texts("memberOf") {
		name := m.nesting.name(text)
		if name.key == "" {
			continue
		}
		a.Groups = append(a.Groups, name.String()) // everybody shares the text
		if sid, mapped := m.sids[name.key]; mapped {
			a.MemberOf[sid] = true
			continue
		}
		_, cn := name.Name()
		a.OtherNames = append(a.OtherNames, cn)
	}
	if rid, ok := e.Int("primaryGroupID"); ok && a.SID != "" {
		sid, mapped := m.primary[uint32(rid)]
		if mapped {
			a.MemberOf[sid] = true
		}
		a.Primary = cmp.Or(sid, m.another(a.SID.Domain(), uint32(rid)))
	}
}
