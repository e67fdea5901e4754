package export

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// membership tells which search groups a user is in.
type membership struct {
	names  []string         // search groups as configured
	byDN   map[string][]int // DN key of a group, also of one nested in a search group, to indexes of names
	byRID  map[uint32][]int // the same by RID, for primary groups
	byText map[string][]int // the same by names of users' groups, as far as they were seen
	dns    []ad.DN
	tree   *groupTree // nil where exclude does not look at groups
	roll   *roll
}

func newMembership(groups []searchGroup) *membership {
	m := &membership{byDN: map[string][]int{}, byRID: map[uint32][]int{}, byText: map[string][]int{}, roll: newRoll()}
	for _, g := range groups {
		m.names = append(m.names, g.name)
	}
	return m
}

// count makes members of the group members of search group i.
func (m *membership) count(i int, group ad.Entry) {
	dn, sid := group.DN, group.SID()
	m.roll.add(group)
	if m.byDN[dn.Key()] == nil {
		m.dns = append(m.dns, dn)
	}
	m.byDN[dn.Key()] = append(m.byDN[dn.Key()], i)
	if rid := sid.RID(); rid != 0 {
		m.byRID[rid] = append(m.byRID[rid], i)
	}
}

// of lists the search groups that an entry is in, in the order configured. A
// primary group is in no memberOf (MS-ADTS 3.1.1.4.5.20).
func (m *membership) of(e ad.Entry) []string {
	names := []string{}
	if len(m.names) == 0 {
		return names
	}
	in := make([]bool, len(m.names))
	mark := func(groups []int) {
		for _, i := range groups {
			in[i] = true
		}
	}
	for _, text := range e.Values("memberOf") {
		mark(m.groups(text))
	}
	if rid, ok := e.Int("primaryGroupID"); ok {
		mark(m.byRID[uint32(rid)])
	}
	for i, yes := range in {
		if yes {
			names = append(names, m.names[i])
		}
	}
	return names
}

// mostNames are kept as they came: people are in the same groups.
const mostNames = 10_000

func (m *membership) groups(text []byte) []int {
	groups, known := m.byText[string(text)]
	if known {
		return groups
	}
	if dn, err := ad.ParseDN(string(text)); err == nil {
		groups = m.byDN[dn.Key()]
	}
	if len(m.byText) < mostNames {
		m.byText[string(text)] = groups
	}
	return groups
}

// mostGroupsInFilter keeps the filter of a search readable and well below the
// limits of controllers; with more groups everybody is read and judged here.
const mostGroupsInFilter = 50

// filter matches the members, or everybody.
func (m *membership) filter() ad.Filter {
	if !m.asked() {
		return ""
	}
	var one []ad.Filter
	for _, dn := range m.dns {
		one = append(one, ad.Equal("memberOf", dn.String()))
	}
	for _, rid := range slices.Sorted(maps.Keys(m.byRID)) {
		one = append(one, ad.Equal("primaryGroupID", fmt.Sprint(rid)))
	}
	return ad.Or(one...)
}

// finds reports whether the search of Run finds an entry.
func (m *membership) finds(e ad.Entry) bool { return !m.asked() || len(m.of(e)) > 0 }

// asked reports whether Run searches for members alone.
func (m *membership) asked() bool { return len(m.names) > 0 && len(m.dns) <= mostGroupsInFilter }

// verdict on one entry that a search found.
type verdict struct {
	memberOf []string
	leftOut  string // why the user is left out; "": goes
	rule     string // of that, the part that is the same for everybody
	doubt    *doubt // the user cannot be judged, and no one goes
}

func (v *verdict) doubted(d doubt) { v.doubt, v.leftOut, v.rule = &d, d.rule, d.rule }

// Rules that leave users out, beside exclude.
const (
	noPerson = "the account of a computer or of a trust, not of a person"
	builtIn  = "an account of the domain itself (isCriticalSystemObject), such as Administrator or krbtgt"
	outside  = "in none of search_groups"
)

// firstRID that is given to accounts that an administrator made (MS-ADTS 3.1.1.5.2.4).
const firstRID = 1000

// ofTheDomain tells of the accounts that every domain has. Not every reader may
// see the attribute; the SID says most of it.
func ofTheDomain(e ad.Entry) bool {
	rid := e.SID().RID()
	return strings.EqualFold(e.Text("isCriticalSystemObject"), "TRUE") || rid != 0 && rid < firstRID
}

// judge is the selection: an entry goes when it is a person's account, in one of
// the search groups where there are any, and no exclusion matches. What a
// replication conflict left does not go, nor is it left out without a word.
func (w *wanted) judge(e ad.Entry, m *membership) verdict {
	v := verdict{memberOf: m.of(e)}
	control, _ := e.Int("userAccountControl")
	switch {
	case adrules.UserAccountControl(control).Machine():
		v.leftOut, v.rule = noPerson, noPerson
	case ofTheDomain(e):
		v.leftOut, v.rule = builtIn, builtIn
	case len(m.names) > 0 && len(v.memberOf) == 0:
		v.leftOut, v.rule = outside, outside
	default:
		if v.leftOut, v.rule = w.excluded(e, m); v.rule == "" && inConflict(e) {
			v.doubted(conflict)
		}
	}
	return v
}

var conflict = doubt{
	text: "%s is what a replication conflict left (CNF or $DUPLICATE in its names)", rule: "what a replication conflict left",
	hint: `look which of the two objects is the person's, and delete or rename the other; or leave it out by "exclude", as {"cn": ["*CNF:*"], "sAMAccountName": ["$DUPLICATE-*"]}`,
}

// inConflict tells by the names that replication sets: the RDN of one of two
// objects of one name becomes "name<LF>CNF:<objectGUID>" (MS-DRSR 4.1.10.6.7),
// the account name of one of two accounts "$DUPLICATE-<RID>".
func inConflict(e ad.Entry) bool {
	_, name := e.DN.Name()
	return strings.Contains(name, "\nCNF:") || strings.Contains(e.Text("cn"), "\nCNF:") ||
		strings.HasPrefix(strings.ToUpper(e.Text("sAMAccountName")), "$DUPLICATE-")
}

// filter of one query: people alone, whatever the configured filter matches.
func (q query) users(more ...ad.Filter) ad.Filter {
	all := []ad.Filter{ad.People}
	for _, f := range append([]ad.Filter{q.filter}, more...) {
		if f != "" {
			all = append(all, f)
		}
	}
	return ad.And(all...)
}
