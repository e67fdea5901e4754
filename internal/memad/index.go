package memad

import (
	"cmp"
	"slices"

	"ad-user-sync/internal/adrules"
)

// reindex makes after found by its names and by the targets of its links, and
// before no longer; either may be nil.
func (s *store) reindex(before, after *object) {
	if before != nil {
		delete(s.byAccount, s.collation.Key(before.text("samaccountname")))
		delete(s.byUPN, s.collation.Key(before.text("userprincipalname")))
	}
	if after != nil {
		s.indexName(s.byAccount, after.text("samaccountname"), after.guid)
		s.indexName(s.byUPN, after.text("userprincipalname"), after.guid)
	}
	for _, a := range s.schema.references {
		s.reindexLinks(a.key, before.targets(a.key), after.targets(a.key), cmp.Or(after, before).guid)
	}
}

func (s *store) indexName(index map[string]adrules.GUID, name string, g adrules.GUID) {
	if name != "" {
		index[s.collation.Key(name)] = g
	}
}

func (s *store) reindexLinks(attribute string, before, after []adrules.GUID, source adrules.GUID) {
	sources := s.back[attribute]
	if sources == nil {
		sources = map[adrules.GUID][]adrules.GUID{}
		s.back[attribute] = sources
	}
	for _, target := range added(before, after) {
		sources[target] = slices.DeleteFunc(slices.Clone(sources[target]), func(g adrules.GUID) bool { return g == source })
	}
	for _, target := range added(after, before) {
		sources[target] = append(slices.Clip(sources[target]), source)
	}
}

// link adds a value to a forward link, on the directory's own account.
func (s *store) link(o *object, attribute string, target adrules.GUID) {
	if !o.has(attribute, target) {
		s.relink(o, attribute, append(slices.Clip(o.links[attribute]), target))
	}
}

func (s *store) unlink(o *object, attribute string, target adrules.GUID) {
	s.relink(o, attribute, slices.DeleteFunc(slices.Clone(o.links[attribute]), func(g adrules.GUID) bool { return g == target }))
}

func (s *store) relink(o *object, attribute string, targets []adrules.GUID) {
	changed := o.copy()
	changed.links[attribute] = targets
	changed.usn, changed.changed = s.nextUSN(), s.domain.now()
	s.reindex(o, changed)
	s.objects[o.guid] = changed
}

// backLinks are the objects whose forward link names o.
func (s *store) backLinks(a *attribute, o *object) []adrules.GUID {
	forward := s.schema.forwardOf[a.linkID-1]
	if forward == nil {
		return nil
	}
	return s.back[forward.key][o.guid]
}
