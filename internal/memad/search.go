package memad

import (
	"context"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
)

// Search hands every entry found to each, in a stable order. An error of each
// ends the search and is returned as it is.
func (d *Directory) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	entries, referrals, err := d.search(ctx, s)
	if err != nil {
		return ad.Summary{}, failure("read", s.Base, err)
	}
	summary := ad.Summary{Referrals: referrals}
	for _, e := range entries {
		if err := each(e); err != nil {
			return summary, err
		}
		summary.Entries++
	}
	return summary, nil
}

func (d *Directory) search(ctx context.Context, s ad.Search) (found []ad.Entry, referrals int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.requests.begin(ctx, Operation{Kind: OpSearch, DN: s.Base, Search: s}); err != nil {
		return nil, 0, err
	}
	if s.Base.IsZero() && s.Scope == ad.ScopeBase {
		return []ad.Entry{d.domain.rootDSE(d.store.usn)}, 0, nil
	}
	if s.Scope == ad.ScopeBase && s.Base.Equal(d.domain.settings()) {
		return []ad.Entry{d.domain.settingsEntry()}, 0, nil
	}
	base := d.store.find(s.Base)
	if base == nil {
		return nil, 0, refuse(codeNoSuchObject, errNoParent, "problem 2001 (NO_OBJECT), %s does not exist", s.Base)
	}
	matcher, err := compile(comparison{d.store}, s.Filter)
	if err != nil {
		return nil, 0, err
	}
	depth := map[ad.Scope]int{ad.ScopeBase: 0, ad.ScopeOneLevel: 1, ad.ScopeSubtree: -1}[s.Scope]
	referrals = d.store.walk(base, depth, func(o *object) {
		if o == base && s.Scope == ad.ScopeOneLevel || !matcher.matches(d.store.entry(o, matcher.attributes)) {
			return
		}
		found = append(found, d.store.entry(o, d.store.asked(o, s.Attributes)))
	})
	return found, referrals, nil
}

// asked resolves the attributes of a search: none or "*" stand for all that
// are stored.
func (s *store) asked(o *object, attributes []string) []string {
	if len(attributes) == 0 || slices.Contains(attributes, "*") {
		return append(s.stored(o), attributes...)
	}
	return attributes
}

func (s *store) stored(o *object) []string {
	names := []string{o.class.rdn, "name", "distinguishedName", "objectGUID", "whenCreated", "whenChanged", "uSNCreated", "uSNChanged"}
	for name := range o.values {
		if name != "ntsecuritydescriptor" {
			names = append(names, name)
		}
	}
	for name := range o.links {
		names = append(names, name)
	}
	for _, a := range s.schema.attributes {
		if a.backLink() {
			names = append(names, a.name)
		}
	}
	return names
}

func (s *store) entry(o *object, attributes []string) ad.Entry {
	found := make(map[string][][]byte, len(attributes))
	for _, name := range attributes {
		key := strings.ToLower(name)
		if v := s.read(o, key); len(v) > 0 {
			found[key] = v
		}
	}
	return ad.NewEntry(s.nameOf(o), found)
}
