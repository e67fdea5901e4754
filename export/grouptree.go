package export

import (
	"context"
	"fmt"

	"ad-user-sync/internal/ad"
)

// groupTree knows all groups of the domain, and in which others each is nested.
type groupTree struct {
	byKey map[string]*groupNode
	byRID map[uint32]*groupNode
}

type groupNode struct {
	name   string
	above  []string // names of the groups that it is a member of
	hidden bool     // they may not be read
	all    []string // itself and all above; nil: not followed yet
	closed string   // one of these whose groups may not be read; "": none
}

// readTree reads it where exclude looks at groups.
func (s *source) readTree(ctx context.Context) error {
	wants := false
	for _, x := range s.wanted.exclude {
		wants = wants || x.about("memberOf")
	}
	if !wants {
		return nil
	}
	t := &groupTree{byKey: map[string]*groupNode{}, byRID: map[uint32]*groupNode{}}
	_, err := s.dir.Search(ctx, ad.Search{
		Base: s.dir.Domain().Base, Filter: ad.Equal("objectClass", "group"), Attributes: []string{"objectSid", "memberOf", accessList},
	}, func(e ad.Entry) error {
		n := &groupNode{name: e.DN.String(), above: e.Texts("memberOf"), hidden: s.hidden(e, "memberOf")}
		t.byKey[e.DN.Key()] = n
		if rid := e.SID().RID(); rid != 0 {
			t.byRID[rid] = n
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("exclude: read which groups are nested in which: %w", err)
	}
	s.membership.tree = t
	return nil
}

// of lists every group that a user is in.
func (t *groupTree) of(e ad.Entry) []string {
	var all []string
	for _, n := range t.direct(e) {
		all = append(all, t.follow(n)...)
	}
	return all
}

// hiddenAbove names a group of the user whose own groups may not be read.
func (t *groupTree) hiddenAbove(e ad.Entry) string {
	for _, n := range t.direct(e) {
		if t.follow(n); n.closed != "" {
			return n.closed
		}
	}
	return ""
}

func (t *groupTree) direct(e ad.Entry) []*groupNode {
	var all []*groupNode
	for _, name := range e.Texts("memberOf") {
		all = append(all, t.find(name))
	}
	if rid, ok := e.Int("primaryGroupID"); ok && t.byRID[uint32(rid)] != nil {
		all = append(all, t.byRID[uint32(rid)])
	}
	return all
}

// find makes up a group that cannot be seen; its name alone counts.
func (t *groupTree) find(name string) *groupNode {
	dn, err := ad.ParseDN(name)
	if err != nil {
		return &groupNode{name: name}
	}
	n := t.byKey[dn.Key()]
	if n == nil {
		n = &groupNode{name: name}
		t.byKey[dn.Key()] = n
	}
	return n
}

// follow collects the groups above one, each once: groups may stand in a circle.
func (t *groupTree) follow(start *groupNode) []string {
	if start.all != nil {
		return start.all
	}
	seen := map[*groupNode]bool{start: true}
	for open := []*groupNode{start}; len(open) > 0; open = open[1:] {
		n := open[0]
		start.all = append(start.all, n.name)
		if n.hidden && start.closed == "" {
			start.closed = n.name
		}
		for _, name := range n.above {
			if above := t.find(name); !seen[above] {
				seen[above] = true
				open = append(open, above)
			}
		}
	}
	return start.all
}
