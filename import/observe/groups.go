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
	"ad-user-sync/schema"
)

// passwordPolicies are the fine-grained ones that a group brings (MS-ADA2
// msDS-PSOApplied).
const passwordPolicies = "msDS-PSOApplied"

const (
	memberOf   = "memberOf"
	adminCount = "adminCount"
)

// Groups that grant rights by their name.
var privilegedNames = []string{"DnsAdmins", "ESX Admins"}

// mapped are the groups of group_map, as far as they were read.
type mapped struct {
	dir     ad.Searcher
	cfg     *schema.ImportConfig
	base    ad.DN // the managed container
	nesting *nesting
	sids    map[string]adrules.SID     // by DN key
	primary map[uint32]adrules.SID     // the same by RID
	others  map[uint32]adrules.SID     // primary groups that are not mapped, by RID
	members map[string][]*plan.Group   // of the container, by DN key: the groups that name them
	unread  map[string]ad.DN           // whom of the container they name, by DN key, and was not read
	around  map[adrules.SID][]ad.Entry // what a group is nested in
	moved   map[string]adrules.SID     // those that are not where they were, by the DN key that they have
	shared  map[string]*plan.Account   // who is in the same groups, by their DNs and the primary one
	guarded map[adrules.SID]bool       // mapped ones that are guarded, and those that restricted_groups lists
}

func newMapped(dir ad.Searcher, cfg *schema.ImportConfig, base ad.DN, nesting *nesting) *mapped {
	return &mapped{dir: dir, cfg: cfg, base: base, nesting: nesting, sids: map[string]adrules.SID{}, primary: map[uint32]adrules.SID{}, others: map[uint32]adrules.SID{},
		members: map[string][]*plan.Group{}, unread: map[string]ad.DN{}, around: map[adrules.SID][]ad.Entry{}, moved: map[string]adrules.SID{}, shared: map[string]*plan.Account{}}
}

// readGroups reads the mapped groups and what they are nested in.
func (o *Observer) readGroups(ctx context.Context, obs *plan.Observation) error {
	return o.mapped.read(ctx, obs, o.history.Groups(obs.Container.GUID))
}

// readUnmapped finds the groups that were taken out of group_map lately.
func (o *Observer) readUnmapped(ctx context.Context, obs *plan.Observation) error {
	return groupsBySID(ctx, o.dir, o.history.Unmapped(obs.Container.GUID, obs.Groups), func(e ad.Entry) {
		obs.Unmapped = append(obs.Unmapped, plan.Group{DN: e.DN.String(), SID: e.SID()})
	})
}

// read adds the mapped groups to the observation, and finds out which are guarded, of
// others, too. known are the SIDs that the ledger
// has of them, by relative name.
func (m *mapped) read(ctx context.Context, obs *plan.Observation, known map[string]string) error {
	names := map[string]string{} // one spelling for each relative name
	for _, targets := range m.cfg.GroupMap {
		for _, name := range targets {
			names[plan.RelativeName(name)] = name
		}
	}
	if len(names)+len(m.cfg.RestrictedGroups) == 0 {
		return nil
	}
	path, err := ad.ParseDN(m.cfg.GroupPath)
	if err != nil {
		return fmt.Errorf("group_path: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(names)) {
		obs.Groups = append(obs.Groups, plan.Group{Name: names[key]})
	}
	if err := m.readMapped(ctx, path, obs.Groups); err != nil {
		return err
	}
	former := formerly(obs.Groups, known)
	restricted, err := m.guard(ctx, path, obs.Groups, former)
	if err != nil {
		return err
	}
	m.guarded = restricted
	if err := m.findMoved(ctx, obs.Groups, former, restricted); err != nil {
		return err
	}
	for i := range obs.Groups {
		if g := &obs.Groups[i]; g.SID != "" && g.Guarded() {
			m.guarded[g.SID] = true
		}
	}
	return nil
}

// guard marks the restricted groups: by name, and, since one group has many
// spellings, by SID. One that does not exist is refused: misspelt, it would
// guard nothing, and the group that is meant would be joined unasked. One that
// is mapped, too, may have been moved: its former SID guards what it stands for,
// and what is nested in it.
func (m *mapped) guard(ctx context.Context, path ad.DN, groups []plan.Group, former map[string]adrules.SID) (restricted map[adrules.SID]bool, err error) {
	byName, restricted := map[string]*plan.Group{}, map[adrules.SID]bool{}
	for i := range groups {
		byName[plan.RelativeName(groups[i].Name)] = &groups[i]
	}
	var others []plan.Group
	for _, name := range m.cfg.RestrictedGroups {
		if byName[plan.RelativeName(name)] == nil {
			others = append(others, plan.Group{Name: name})
		}
	}
	if _, err := m.findGroups(ctx, path, others); err != nil {
		return nil, err
	}
	for i := range others {
		if others[i].Missing != "" {
			return nil, fmt.Errorf("restricted_groups: %s. Correct its name, so that the group that is meant is guarded", others[i].Missing)
		}
		byName[plan.RelativeName(others[i].Name)] = &others[i]
	}
	for _, name := range m.cfg.RestrictedGroups {
		group := byName[plan.RelativeName(name)]
		group.Listed = true
		restricted[cmp.Or(group.SID, former[plan.RelativeName(name)])] = true
	}
	delete(restricted, "") // it never was there
	for i := range groups {
		groups[i].Listed = groups[i].Listed || restricted[groups[i].SID]
		m.guardNested(&groups[i], restricted)
	}
	return restricted, nil
}

// readMapped reads the mapped groups and what they are nested in.
func (m *mapped) readMapped(ctx context.Context, path ad.DN, groups []plan.Group) error {
	entries, err := m.findGroups(ctx, path, groups, "member")
	if err != nil {
		return err
	}
	if err := m.nesting.readAbove(ctx, entries); err != nil {
		return fmt.Errorf("read what the groups of group_map are nested in: %w", err)
	}
	for i, e := range entries {
		if group := &groups[i]; group.Missing == "" {
			m.knowGroup(*group)
			m.knowMembers(group, e)
			m.guardAbove(group, e)
		}
	}
	return nil
}

// groupDN is the name of a group of the target, as group_map and
// restricted_groups write it.
func groupDN(path ad.DN, name string) (ad.DN, error) {
	relative := name
	if !strings.Contains(relative, "=") {
		relative = "CN=" + relative
	}
	dn, err := path.Join(relative)
	if err != nil {
		return ad.DN{}, fmt.Errorf("%w: group_map, restricted_groups: %q is not a name relative to group_path (%v); in a name, a comma is written \\, as in \"CN=Ops\\, Night\"", ErrConfiguration, name, err)
	}
	if full, err := ad.ParseDN(relative); err == nil && full.DomainName() != "" {
		attribute, value := full.Name()
		return ad.DN{}, fmt.Errorf("%w: group_map, restricted_groups: %q is a full name; write it relative to group_path (%s), as %q", ErrConfiguration, name, path, ad.DN{}.Child(attribute, value))
	}
	return dn, nil
}

// findGroups reads the groups themselves, and more of their attributes. The entry of
// one that is missing is zero.
func (m *mapped) findGroups(ctx context.Context, path ad.DN, groups []plan.Group, more ...string) (entries []ad.Entry, err error) {
	var names []ad.DN
	for _, g := range groups {
		dn, err := groupDN(path, g.Name)
		if err != nil {
			return nil, fmt.Errorf("read group %s: %w", g.Name, err)
		}
		names = append(names, dn)
	}
	found := map[string]ad.Entry{}
	together, err := m.nesting.named(ctx, names, more...)
	if err != nil {
		return nil, fmt.Errorf("read the groups of group_map and restricted_groups: %w", err)
	}
	for _, e := range together {
		found[e.DN.Key()] = e
	}
	for i, dn := range names {
		e, ok := found[dn.Key()]
		if !ok { // it may be no group, or written otherwise than the directory does
			if e, ok, err = ad.ReadObject(ctx, m.dir, dn, append(more, groupAttributes...)...); err != nil {
				return nil, fmt.Errorf("read group %s: %w", groups[i].Name, err)
			}
		}
		describe(&groups[i], dn, e, ok)
		entries = append(entries, e)
	}
	return entries, nil
}

// describe takes what a group is by itself from its entry.
func describe(group *plan.Group, dn ad.DN, e ad.Entry, found bool) {
	switch {
	case !found:
		group.Missing = fmt.Sprintf("group %s does not exist, or the bound account may not see it", dn)
		return
	case class(e) != "group":
		group.Missing = fmt.Sprintf("%s is not a group", dn)
		return
	case e.SID() == "" || e.GUID().IsZero():
		group.Missing = fmt.Sprintf("the bound account may not read objectSid of group %s", dn)
		return
	}
	group.DN, group.CN, group.GUID, group.SID = e.DN.String(), e.Text("cn"), e.GUID(), e.SID()
	group.Policy = e.Has(passwordPolicies)
	if group.Why = privileged(e); group.Why != "" {
		group.Reaches = []adrules.SID{group.SID}
	}
}

// groupsBySID looks up groups by SID, since group_path may have gone, too.
func groupsBySID(ctx context.Context, dir ad.Searcher, sids []adrules.SID, found func(ad.Entry)) error {
	for sids := range slices.Chunk(sids, ad.MaxBatch) {
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

func (m *mapped) knowGroup(g plan.Group) {
	if dn, err := ad.ParseDN(g.DN); err == nil && g.Missing == "" {
		m.sids[dn.Key()], m.primary[g.SID.RID()] = g.SID, g.SID
	}
}

// knowMembers keeps whom of the container a mapped group names.
func (m *mapped) knowMembers(group *plan.Group, e ad.Entry) {
	for _, text := range e.Texts("member") {
		if dn, err := ad.ParseDN(text); err == nil && dn.Within(m.base) {
			m.members[dn.Key()] = append(m.members[dn.Key()], group)
			m.unread[dn.Key()] = dn
		}
	}
}
