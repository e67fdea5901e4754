package memad

import (
	"slices"

	"ad-user-sync/internal/adrules"
)

// reindex makes after found by its names and by the targets of its links, and
// before no longer; either may be nil.
func (d *Directory) reindex(before, after *object) {
	if before != nil {
		delete(d.byAccount, d.collation.Key(before.text("samaccountname")))
		delete(d.byUPN, d.collation.Key(before.text("userprincipalname")))
	}
	if after != nil {
		d.indexName(d.byAccount, after.text("samaccountname"), after.guid)
		d.indexName(d.byUPN, after.text("userprincipalname"), after.guid)
	}
	for _, a := range d.schema.forwardOf {
		d.reindexLinks(a.key, before.targets(a.key), after.targets(a.key), either(after, before).guid)
	}
}

func (d *Directory) indexName(index map[string]adrules.GUID, name string, g adrules.GUID) {
	if name != "" {
		index[d.collation.Key(name)] = g
	}
}

func (d *Directory) reindexLinks(attribute string, before, after []adrules.GUID, source adrules.GUID) {
	sources := d.back[attribute]
	if sources == nil {
		sources = map[adrules.GUID][]adrules.GUID{}
		d.back[attribute] = sources
	}
	for _, target := range added(before, after) {
		sources[target] = slices.DeleteFunc(slices.Clone(sources[target]), func(g adrules.GUID) bool { return g == source })
	}
	for _, target := range added(after, before) {
		sources[target] = append(slices.Clip(sources[target]), source)
	}
}

func (o *object) targets(attribute string) []adrules.GUID {
	if o == nil {
		return nil
	}
	return o.links[attribute]
}

func either(first, second *object) *object {
	if first != nil {
		return first
	}
	return second
}

func (o *object) has(attribute string, target adrules.GUID) bool {
	return slices.Contains(o.links[attribute], target)
}

// link adds a value to a forward link, on the directory's own account.
func (d *Directory) link(o *object, attribute string, target adrules.GUID) {
	if !o.has(attribute, target) {
		d.relink(o, attribute, append(slices.Clip(o.links[attribute]), target))
	}
}

func (d *Directory) unlink(o *object, attribute string, target adrules.GUID) {
	d.relink(o, attribute, slices.DeleteFunc(slices.Clone(o.links[attribute]), func(g adrules.GUID) bool { return g == target }))
}

func (d *Directory) relink(o *object, attribute string, targets []adrules.GUID) {
	changed := o.copy()
	changed.links[attribute] = targets
	changed.usn, changed.changed = d.nextUSN(), d.domain.now()
	d.reindex(o, changed)
	d.objects[o.guid] = changed
}
