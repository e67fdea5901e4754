package observe

import (
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
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

// guardAbove notes what a group gives by those that it is in. adminCount alone is
// not to be relied on, since some controllers never set it.
func (m *mapped) guardAbove(group *plan.Group, e ad.Entry) {
	around := m.nesting.above(e.DN)
	for _, gravest := range []bool{true, false} { // Domain Admins says more than what that is nested in
		for _, in := range around {
			if why := privileged(in); administrative(in) == gravest && why != "" && group.Why == "" {
				group.Why = "nested in " + in.Text("cn") + ", " + why
			}
		}
	}
	for _, in := range around {
		group.Within = append(group.Within, in.Text("cn"))
		if privileged(in) != "" {
			group.Reaches = append(group.Reaches, in.SID())
		}
		group.Policy = group.Policy || in.Has(passwordPolicies)
	}
	slices.Sort(group.Reaches)
	group.Reaches = slices.Compact(group.Reaches)
	m.around[group.SID] = around
	m.guardUnread(group, e)
}

// guardNested marks a group whose members are in a restricted one by nesting.
func (m *mapped) guardNested(group *plan.Group, restricted map[adrules.SID]bool) {
	var listed []string
	for _, e := range m.around[group.SID] {
		if restricted[e.SID()] && e.SID() != group.SID {
			listed = append(listed, e.Text("cn"))
		}
	}
	if len(listed) > 0 && group.Under == "" {
		group.Under = "nested in " + strings.Join(listed, " and ") + ", which restricted_groups lists"
	}
}

// guardUnread marks a group of which it is unknown what it grants, since something
// of it, or of what it is in, cannot be read.
func (m *mapped) guardUnread(group *plan.Group, e ad.Entry) {
	around := m.around[group.SID]
	known := map[string]bool{e.DN.Key(): true}
	for _, in := range around {
		known[in.DN.Key()] = true
	}
	group.Under = m.unknown(e, "its %s", known)
	for _, in := range around {
		if group.Under == "" {
			group.Under = m.unknown(in, "%s of "+in.DN.String(), known)
		}
	}
}

// unknown tells why it is unknown what a group is in, or whether it is privileged.
func (m *mapped) unknown(e ad.Entry, whose string, known map[string]bool) string {
	switch {
	case e.SID() == "":
		return "nested in " + e.DN.String() + ", objectSid of which the bound account may not read"
	case !m.nesting.shows(e, memberOf, memberOfTypes):
		return "in unknown groups, since the bound account may not read " + fmt.Sprintf(whose, memberOf)
	case !m.nesting.shows(e, adminCount, adminCountTypes):
		return "possibly privileged, since the bound account may not read " + fmt.Sprintf(whose, adminCount)
	}
	for _, text := range e.Texts(memberOf) {
		if dn, err := ad.ParseDN(text); err != nil || !known[dn.Key()] {
			return "nested in " + text + ", which the bound account may not read"
		}
	}
	return ""
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
