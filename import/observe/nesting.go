package observe

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"ad-user-sync/import/access"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// nesting knows groups, and what they are in. It is read upward by memberOf, level
// by level and each group once: a controller answers that from an index, and expands
// every group of the domain, with all its members, for a search in chain.
type nesting struct {
	dir    ad.Searcher
	groups map[string]*nested   // by DN key
	names  map[string]groupName // as accounts write them
}

// groupName is the name of a group, taken apart. Everybody is in the same few.
type groupName struct {
	ad.DN
	key string // "" where it is no name
}

func (n *nesting) name(text string) groupName {
	name, known := n.names[text]
	if !known {
		if dn, err := ad.ParseDN(text); err == nil {
			name = groupName{dn, dn.Key()}
		}
		n.names[text] = name
	}
	return name
}

// nested is a group and the DN keys of those that it is in. The entry of one that
// cannot be seen is zero.
type nested struct {
	entry ad.Entry
	in    []string
}

// groupAttributes are what tells a group's rights.
var groupAttributes = []string{"objectGUID", "objectSid", "objectClass", "cn", memberOf, adminCount, passwordPolicies, access.Descriptor}

// read reads groups, and all that they are in. What is known is not read again.
func (n *nesting) read(ctx context.Context, level []ad.DN) error {
	for len(level) > 0 {
		unread := map[string]ad.DN{}
		level = slices.DeleteFunc(slices.Clone(level), func(dn ad.DN) bool {
			_, asked := unread[dn.Key()]
			known := n.groups[dn.Key()] != nil || asked
			if !known {
				unread[dn.Key()] = dn
			}
			return known
		})
		entries, err := n.named(ctx, level)
		if err != nil {
			return err
		}
		level = nil
		for _, e := range entries {
			delete(unread, e.DN.Key())
			above, err := n.take(ctx, e)
			if err != nil {
				return err
			}
			level = append(level, above...)
		}
		for _, key := range slices.Sorted(maps.Keys(unread)) {
			above, err := n.naming(ctx, unread[key])
			if err != nil {
				return err
			}
			level = append(level, n.know(key, ad.Entry{}, above)...)
		}
	}
	return nil
}

// readAbove reads what groups are in that were read already.
func (n *nesting) readAbove(ctx context.Context, entries []ad.Entry) error {
	var level []ad.DN
	for _, e := range entries {
		if class(e) != "group" {
			continue
		}
		above, err := n.take(ctx, e)
		if err != nil {
			return err
		}
		level = append(level, above...)
	}
	return n.read(ctx, level)
}

// take keeps a group that was read, and returns what it is in. Where memberOf may be
// hidden, those that name it as a member are asked for.
func (n *nesting) take(ctx context.Context, e ad.Entry) (above []ad.DN, err error) {
	for _, text := range e.Texts(memberOf) {
		if dn, err := ad.ParseDN(text); err == nil {
			above = append(above, dn)
		}
	}
	if !n.shows(e, memberOf, memberOfTypes) {
		if above, err = n.naming(ctx, e.DN); err != nil {
			return nil, err
		}
	}
	return n.know(e.DN.Key(), e, above), nil
}

func (n *nesting) know(key string, e ad.Entry, above []ad.DN) []ad.DN {
	group := &nested{entry: e}
	for _, dn := range above {
		group.in = append(group.in, dn.Key())
	}
	n.groups[key] = group
	return above
}

// naming are the groups that name this one as a member.
func (n *nesting) naming(ctx context.Context, dn ad.DN) (above []ad.DN, err error) {
	entries, err := n.search(ctx, []ad.Filter{ad.Equal("member", dn.String())}, nil)
	for _, e := range entries {
		above = append(above, e.DN)
	}
	return above, err
}

// named are the groups of these names, and more of their attributes.
func (n *nesting) named(ctx context.Context, names []ad.DN, more ...string) ([]ad.Entry, error) {
	var filters []ad.Filter
	for _, dn := range names {
		filters = append(filters, ad.Equal("distinguishedName", dn.String()))
	}
	return n.search(ctx, filters, more)
}

func (n *nesting) search(ctx context.Context, filters []ad.Filter, more []string) (groups []ad.Entry, err error) {
	for len(filters) > 0 && err == nil {
		var batch []ad.Filter
		batch, filters = ad.NextBatch(filters)
		_, err = n.dir.Search(ctx, ad.Search{Base: n.dir.Domain().Base, Scope: ad.ScopeSubtree, Attributes: slices.Concat(groupAttributes, more),
			Filter: ad.And(ad.Equal("objectClass", "group"), ad.Or(batch...))}, func(e ad.Entry) error {
			groups = append(groups, e)
			return nil
		})
	}
	return groups, err
}

// shows reports whether an attribute of a group is seen as it is: of one without a
// value, the access list says whether it may be read.
func (n *nesting) shows(e ad.Entry, attribute string, types []adrules.GUID) bool {
	list := access.List(e)
	return e.Has(attribute) || list != nil && list.Allows(access.Token(n.dir.Domain()), acl.ReadProperty, types...)
}

// entry is what was read of a group; zero where it cannot be seen.
func (n *nesting) entry(dn ad.DN) ad.Entry {
	if group := n.groups[dn.Key()]; group != nil {
		return group.entry
	}
	return ad.Entry{}
}

// above are the groups that one is in, as far as they can be seen, by name.
func (n *nesting) above(dn ad.DN) (groups []ad.Entry) {
	seen := map[string]bool{dn.Key(): true}
	for next := []string{dn.Key()}; len(next) > 0; next = next[1:] {
		group := n.groups[next[0]]
		if group == nil {
			continue
		}
		for _, key := range group.in {
			if !seen[key] {
				seen[key] = true
				next = append(next, key)
			}
		}
		if next[0] != dn.Key() && !group.entry.DN.IsZero() {
			groups = append(groups, group.entry)
		}
	}
	slices.SortFunc(groups, func(a, b ad.Entry) int {
		return cmp.Or(cmp.Compare(a.Text("cn"), b.Text("cn")), cmp.Compare(a.DN.Key(), b.DN.Key()))
	})
	return groups
}
