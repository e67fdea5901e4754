package observe

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// passwordPolicies are the fine-grained ones that a group brings (MS-ADA2
// msDS-PSOApplied).
const passwordPolicies = "msDS-PSOApplied"

const (
	memberOf   = "memberOf"
	adminCount = "adminCount"
)

// memberOfTypes mean memberOf in an access list: the attribute,
// bf967991-0de6-11d0-a285-00aa003049e2 (MS-ADA2), and its property set Membership,
// bc0ac240-79a9-11d0-9020-00c04fc2d4cf (MS-ADTS 3.1.1.2.3.3).
var memberOfTypes = []adrules.GUID{
	{0x91, 0x79, 0x96, 0xbf, 0xe6, 0x0d, 0xd0, 0x11, 0xa2, 0x85, 0x00, 0xaa, 0x00, 0x30, 0x49, 0xe2},
	{0x40, 0xc2, 0x0a, 0xbc, 0xa9, 0x79, 0xd0, 0x11, 0x90, 0x20, 0x00, 0xc0, 0x4f, 0xc2, 0xd4, 0xcf},
}

// adminCountTypes mean adminCount, bf967918-0de6-11d0-a285-00aa003049e2 (MS-ADA1).
var adminCountTypes = []adrules.GUID{
	{0x18, 0x79, 0x96, 0xbf, 0xe6, 0x0d, 0xd0, 0x11, 0xa2, 0x85, 0x00, 0xaa, 0x00, 0x30, 0x49, 0xe2},
}

// Groups that grant rights by their name.
var privilegedNames = []string{"DnsAdmins", "ESX Admins"}

// ReadGroups reads the mapped groups and what they are nested in.
func (o *Observer) ReadGroups(ctx context.Context, obs *plan.Observation) error {
	names := map[string]string{} // one spelling for each relative name
	for _, targets := range o.cfg.GroupMap {
		for _, name := range targets {
			names[plan.RelativeName(name)] = name
		}
	}
	if len(names) == 0 {
		return nil
	}
	path, err := ad.ParseDN(o.cfg.GroupPath)
	if err != nil {
		return fmt.Errorf("group_path: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(names)) {
		group := plan.Group{Name: names[key]}
		if err := o.readGroup(ctx, path, &group); err != nil {
			return fmt.Errorf("read group %s: %w", group.Name, err)
		}
		obs.Groups = append(obs.Groups, group)
	}
	former := o.former(obs)
	restricted, err := o.guard(ctx, path, obs.Groups, former)
	if err != nil {
		return err
	}
	return o.findMoved(ctx, obs.Groups, former, restricted)
}

// guard marks the restricted groups: by name, and, since one group has many
// spellings, by SID. One that does not exist is refused: misspelt, it would
// guard nothing, and the group that is meant would be joined unasked. One that
// is mapped, too, may have been moved: its former SID guards what it stands for,
// and what is nested in it.
func (o *Observer) guard(ctx context.Context, path ad.DN, groups []plan.Group, former map[string]adrules.SID) (restricted map[adrules.SID]bool, err error) {
	byName, restricted := map[string]*plan.Group{}, map[adrules.SID]bool{}
	for i := range groups {
		byName[plan.RelativeName(groups[i].Name)] = &groups[i]
	}
	for _, name := range o.cfg.RestrictedGroups {
		group := byName[plan.RelativeName(name)]
		if group == nil {
			group = &plan.Group{Name: name}
			if _, err := o.findGroup(ctx, path, group); err != nil {
				return nil, fmt.Errorf("read group %s: %w", name, err)
			}
			if group.Missing != "" {
				return nil, fmt.Errorf("restricted_groups: %s. Correct its name, so that the group that is meant is guarded", group.Missing)
			}
		}
		group.Listed = true
		restricted[cmp.Or(group.SID, former[plan.RelativeName(name)])] = true
	}
	delete(restricted, "") // it never was there
	for i := range groups {
		groups[i].Listed = groups[i].Listed || restricted[groups[i].SID]
		o.guardNested(&groups[i], restricted)
	}
	return restricted, nil
}

// guardNested marks a group whose members are in a restricted one by nesting.
func (o *Observer) guardNested(group *plan.Group, restricted map[adrules.SID]bool) {
	var listed []string
	for _, e := range o.around[group.SID] {
		if restricted[e.SID()] && e.SID() != group.SID {
			listed = append(listed, e.Text("cn"))
		}
	}
	if len(listed) > 0 && group.Under == "" {
		group.Under = "nested in " + strings.Join(listed, " and ") + ", which restricted_groups lists"
	}
}

// readGroup reads a mapped group and what it is nested in.
func (o *Observer) readGroup(ctx context.Context, path ad.DN, group *plan.Group) error {
	entry, err := o.findGroup(ctx, path, group, "member", memberOf, access.Descriptor)
	if err != nil || group.Missing != "" {
		return err
	}
	o.knowGroup(*group)
	o.knowMembers(*group, entry)
	dn, err := ad.ParseDN(group.DN)
	if err != nil {
		return err
	}
	if err := o.readNesting(ctx, dn, group); err != nil {
		return err
	}
	o.guardUnread(group, entry)
	if group.Why == "" {
		o.administrative[dn.Key()] = nil
	}
	return nil
}

// guardUnread marks a group of which it is unknown what it grants, since something
// of it, or of what it is in, cannot be read.
func (o *Observer) guardUnread(group *plan.Group, e ad.Entry) {
	around := o.around[group.SID]
	known := map[string]bool{e.DN.Key(): true}
	for _, in := range around {
		known[in.DN.Key()] = true
	}
	group.Under = o.unknown(e, "its %s", known)
	for _, in := range around {
		if group.Under == "" {
			group.Under = o.unknown(in, "%s of "+in.DN.String(), known)
		}
	}
}

// unknown tells why it is unknown what a group is in, or whether it is privileged.
// Of an attribute without a value, its access list says whether it may be read.
func (o *Observer) unknown(e ad.Entry, whose string, known map[string]bool) string {
	list := access.List(e)
	reads := func(attribute string, types []adrules.GUID) bool {
		return e.Has(attribute) || list != nil && list.Allows(access.Token(o.domain), acl.ReadProperty, types...)
	}
	switch {
	case e.SID() == "":
		return "nested in " + e.DN.String() + ", objectSid of which the bound account may not read"
	case !reads(memberOf, memberOfTypes):
		return "in unknown groups, since the bound account may not read " + fmt.Sprintf(whose, memberOf)
	case !reads(adminCount, adminCountTypes):
		return "privileged for all that anybody knows, since the bound account may not read " + fmt.Sprintf(whose, adminCount)
	}
	for _, text := range e.Texts(memberOf) {
		if dn, err := ad.ParseDN(text); err != nil || !known[dn.Key()] {
			return "nested in " + text + ", which the bound account may not read"
		}
	}
	return ""
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

// findGroup reads the group itself, and more of its attributes.
func (o *Observer) findGroup(ctx context.Context, path ad.DN, group *plan.Group, more ...string) (entry ad.Entry, err error) {
	dn, err := groupDN(path, group.Name)
	if err != nil {
		return entry, err
	}
	entry, found, err := o.one(ctx, dn, append(more, "objectGUID", "objectSid", "objectClass", "cn", adminCount, passwordPolicies)...)
	switch {
	case err != nil:
		return entry, err
	case !found:
		group.Missing = fmt.Sprintf("group %s does not exist, or the bound account may not see it", dn)
		return entry, nil
	case class(entry) != "group":
		group.Missing = fmt.Sprintf("%s is not a group", dn)
		return entry, nil
	case entry.SID() == "" || entry.GUID().IsZero():
		group.Missing = fmt.Sprintf("the bound account may not read objectSid of group %s", dn)
		return entry, nil
	}
	group.DN, group.CN, group.GUID, group.SID = entry.DN.String(), entry.Text("cn"), entry.GUID(), entry.SID()
	group.Policy = entry.Has(passwordPolicies)
	if group.Why = privileged(entry); group.Why != "" {
		group.Reaches = []adrules.SID{group.SID}
	}
	return entry, nil
}

// readNesting finds every group that this one is in, with one in-chain search:
// adminCount alone is not to be relied on, since some controllers never set it.
func (o *Observer) readNesting(ctx context.Context, dn ad.DN, group *plan.Group) error {
	search := ad.Search{Base: o.domain.Base, Scope: ad.ScopeSubtree,
		Filter:     ad.And(ad.Equal("objectClass", "group"), ad.InChain("member", dn)),
		Attributes: []string{"objectSid", "cn", adminCount, memberOf, access.Descriptor, passwordPolicies}}
	var around []ad.Entry
	_, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
		around = append(around, e)
		return nil
	})
	slices.SortFunc(around, func(a, b ad.Entry) int { return cmp.Compare(a.Text("cn"), b.Text("cn")) })
	for _, gravest := range []bool{true, false} { // Domain Admins says more than what that is nested in
		for _, e := range around {
			if why := privileged(e); administrative(e) == gravest && why != "" && group.Why == "" {
				group.Why = "nested in " + e.Text("cn") + ", " + why
			}
		}
	}
	for _, e := range around {
		group.Within = append(group.Within, e.Text("cn"))
		if privileged(e) != "" {
			group.Reaches = append(group.Reaches, e.SID())
		}
	}
	o.around[group.SID] = around
	group.Policy = group.Policy || slices.ContainsFunc(around, func(e ad.Entry) bool { return e.Has(passwordPolicies) })
	slices.Sort(group.Reaches)
	group.Reaches = slices.Compact(group.Reaches)
	return err
}

// privileged tells why a group, by itself, grants rights over the domain.
func privileged(e ad.Entry) string {
	if why, yes := e.SID().Privileged(); yes {
		return why
	}
	if e.Text(adminCount) == "1" {
		return "a group protected by AdminSDHolder (adminCount is 1)"
	}
	for _, name := range privilegedNames {
		if strings.EqualFold(e.Text("cn"), name) {
			return "a group known to grant rights"
		}
	}
	return ""
}

// GroupsBySID looks up groups by SID, since group_path may have gone, too.
func GroupsBySID(ctx context.Context, dir ad.Searcher, sids []adrules.SID, found func(ad.Entry)) error {
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
