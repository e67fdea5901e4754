package observe

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// Memberships are read from the accounts' side. Where memberOf may not be read, or
// not completely, it looks like that of an account in fewer groups, so that leaves would
// be dropped without a word; the groups' member tells the two apart.

// unlisted reports whether a group names an account whose memberOf does not name
// the group.
func (m *mapped) unlisted(e ad.Entry) bool {
	return class(e) == "user" && len(m.unshown(e, m.members[e.DN.Key()])) > 0
}

// unshown are those of the groups that memberOf of a member does not name.
func (m *mapped) unshown(member ad.Entry, groups []*plan.Group) []*plan.Group {
	if len(groups) == 0 {
		return nil
	}
	shown := map[string]bool{}
	for _, text := range member.Texts(memberOf) {
		shown[m.nesting.name(text).key] = true
	}
	return slices.DeleteFunc(slices.Clone(groups), func(g *plan.Group) bool {
		key := m.nesting.name(g.DN).key
		return key != "" && shown[key]
	})
}

func (o *Observer) checkDoubtful(ctx context.Context) error {
	doubtful := o.doubtful
	o.doubtful = nil
	for _, dn := range doubtful {
		if err := o.checkUnlisted(ctx, dn); err != nil {
			return err
		}
	}
	return nil
}

// checkUnlisted reads both sides again, since the account may have been
// taken out of the group between the two readings.
func (o *Observer) checkUnlisted(ctx context.Context, dn ad.DN) error {
	again, found, err := o.one(ctx, dn, memberOf)
	if err != nil || !found {
		return err
	}
	naming, err := o.mapped.namedBy(ctx, dn)
	if err != nil {
		return err
	}
	part := ""
	if again.Has(memberOf) {
		part = "all of "
	}
	if hidden := o.mapped.unshown(again, naming); len(hidden) > 0 {
		return fmt.Errorf("the bound account may not read %smemberOf of %s, which is a member of %s; give it the right to read everything in the managed container", part, dn, hidden[0].CN)
	}
	return nil
}

// namedBy asks the mapped groups again which of them still name an object, and
// what they are called now.
func (m *mapped) namedBy(ctx context.Context, dn ad.DN) (groups []*plan.Group, err error) {
	for _, group := range m.members[dn.Key()] {
		_, err := m.dir.Search(ctx, ad.Search{Base: ad.ByGUID(group.GUID), Scope: ad.ScopeBase, Filter: ad.Equal("member", dn.String()),
			Attributes: []string{"cn"}}, func(e ad.Entry) error {
			now := *group
			now.DN = e.DN.String()
			groups = append(groups, &now)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read the members of group %s: %w", group.CN, err)
		}
	}
	return groups, nil
}

// readNamed reads what mapped groups name in the container, and the reading of
// the container did not give: a page of it may be lost, or a part of it closed to
// the bound account. What was moved or deleted meanwhile is named no more.
func (o *Observer) readNamed(ctx context.Context, obs *plan.Observation) error {
	for _, key := range slices.Sorted(maps.Keys(o.mapped.unread)) {
		dn := o.mapped.unread[key]
		if found, err := o.takeNamed(ctx, obs, dn); err != nil || found {
			if err != nil {
				return err
			}
			continue
		}
		groups, err := o.mapped.namedBy(ctx, dn)
		if err != nil {
			return err
		}
		if found, err := o.takeNamed(ctx, obs, dn); err != nil {
			return err
		} else if !found && len(groups) > 0 {
			unseen := plan.Unseen{DN: dn.String(), Parent: dn.Parent().String()}
			_, unseen.CN = dn.Name()
			for _, g := range groups {
				unseen.Groups = append(unseen.Groups, g.CN)
			}
			obs.Unseen = append(obs.Unseen, unseen)
		}
	}
	return nil
}

// takeNamed reads one object of the container by its name.
func (o *Observer) takeNamed(ctx context.Context, obs *plan.Observation, dn ad.DN) (found bool, err error) {
	e, found, err := o.one(ctx, dn, o.attributes()...)
	if err != nil || !found {
		return false, err
	}
	return true, o.take(obs, e)
}

// Silent lists the mapped groups whose member does not name those whose
// memberOf names the group: it cannot be read.
func (o *Observer) Silent(obs *plan.Observation) (groups []string) {
	for _, g := range obs.Groups {
		for i := range obs.Accounts {
			if a := &obs.Accounts[i]; a.MemberOf[g.SID] && a.Primary != g.SID && !o.mapped.named(a, g) {
				groups = append(groups, g.CN)
				break
			}
		}
	}
	return groups
}

func (m *mapped) named(a *plan.Account, g plan.Group) bool {
	dn, _ := ad.ParseDN(a.DN)
	for _, group := range m.members[dn.Key()] {
		if group.SID == g.SID {
			return true
		}
	}
	return false
}
