package plan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// groupIndex tells which target groups a source group stands for.
type groupIndex struct {
	all      []*Group            // mapped, by name
	bySource map[string][]*Group // by relative name of the source group
	spelled  map[string][]*Group // by the name that the file has
	everyone []*Group            // of "*"
	asked    Asked               // by earlier runs
	givenTo  map[string]map[*Group][]string
	key      []byte // memory for one of givenTo
}

// indexGroups counts a group once that is configured in two spellings. One that
// was not observed counts as missing: no one joins or leaves it.
func indexGroups(cfg *schema.ImportConfig, observed []Group) *groupIndex {
	x := &groupIndex{bySource: map[string][]*Group{}, spelled: map[string][]*Group{}, givenTo: map[string]map[*Group][]string{}}
	byName := x.list(observed)
	for _, source := range slices.Sorted(maps.Keys(cfg.GroupMap)) {
		for _, target := range cfg.GroupMap[source] {
			g := byName[RelativeName(target)]
			if g == nil {
				g = &Group{Name: target, Missing: "it was not read"}
				byName[RelativeName(target)] = g
				x.all = append(x.all, g)
			}
			if source == "*" {
				x.everyone = append(x.everyone, g)
			} else {
				x.bySource[RelativeName(source)] = append(x.bySource[RelativeName(source)], g)
			}
		}
	}
	slices.SortFunc(x.all, func(a, b *Group) int { return cmp.Compare(a.Name, b.Name) })
	return x
}

// of are the groups that a source group stands for.
func (x *groupIndex) of(source string) []*Group {
	groups, known := x.spelled[source]
	if !known {
		groups = x.bySource[RelativeName(source)]
		x.spelled[source] = groups
	}
	return groups
}

// UnusedGroups are the source groups of group_map that no user of the file is in:
// most likely misspelt, or not exported.
func UnusedGroups(cfg *schema.ImportConfig, file *schema.UserFile) []string {
	spelled, given := map[string]bool{}, map[string]bool{"cn=*": true}
	for i := range file.Users {
		for _, source := range file.Users[i].MemberOf {
			if !spelled[source] {
				spelled[source], given[RelativeName(source)] = true, true
			}
		}
	}
	var unused []string
	for _, source := range slices.Sorted(maps.Keys(cfg.GroupMap)) {
		if !given[RelativeName(source)] {
			unused = append(unused, source)
		}
	}
	return unused
}

func (m *closing) noticeUnused() {
	if unused := UnusedGroups(m.cfg, m.in.File); len(unused) > 0 {
		m.draft.notice("no user of the file is in these source groups of group_map: " + strings.Join(unused, ", "))
	}
}

// noticeMissing says it also where no one was to join or leave.
func (m *closing) noticeMissing() {
	for _, g := range m.groups.all {
		if g.Missing != "" {
			m.draft.notice("no one can be put into " + g.Name + " or out of it: " + g.Missing)
		}
	}
}

func (x *groupIndex) list(observed []Group) map[string]*Group {
	byName, bySID := map[string]*Group{}, map[adrules.SID]*Group{}
	var groups []*Group
	for i := range observed {
		groups = append(groups, &observed[i])
	}
	slices.SortFunc(groups, func(a, b *Group) int { return cmp.Compare(a.Name, b.Name) })
	for _, g := range groups {
		if same := bySID[g.SID]; same != nil && g.Missing == "" {
			byName[RelativeName(g.Name)] = same
			continue
		}
		if g.Missing == "" {
			bySID[g.SID] = g
		}
		byName[RelativeName(g.Name)] = g
		x.all = append(x.all, g)
	}
	return byName
}

// RelativeName makes the spellings of a group's relative name equal: "t-Viewers"
// stands for "CN=t-Viewers", and case does not matter.
func RelativeName(name string) string {
	name = strings.TrimSpace(name)
	if !strings.Contains(name, "=") {
		name = "CN=" + name
	}
	return strings.ToLower(name)
}

// around are the CNs of the mapped groups that an account is in, those that were renamed
// or moved among them.
func (x *groupIndex) around(a *account) (groups []string) {
	for _, g := range x.all {
		if g.SID != "" && a.MemberOf[g.SID] {
			groups = append(groups, g.called())
		}
	}
	return groups
}

// called is its common name, or where it is not where it was, what group_map calls it.
func (g *Group) called() string { return cmp.Or(g.CN, g.Name) }
