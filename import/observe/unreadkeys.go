package observe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// mostNamed is how many accounts are named of which a key cannot be read.
const mostNamed = 3

// doubtKeys notes which keys of an account may have a value that cannot be read. What
// looks empty finds no one, and its person would get a second account.
func (o *Observer) doubtKeys(e ad.Entry) {
	for _, key := range o.cfg.Match.Keys {
		if e.Has(key) || o.readsKey(e, key) {
			continue
		}
		if o.matching.unread == nil {
			o.matching.unread = map[string]map[string]bool{}
		}
		if o.matching.unread[key] == nil {
			o.matching.unread[key] = map[string]bool{}
		}
		o.matching.unread[key][e.DN.String()] = true
	}
}

// readsKey reports whether a key without a value has none.
func (o *Observer) readsKey(e ad.Entry, key string) bool {
	d, known := o.matching.defined[strings.ToLower(key)]
	return known && o.reads(e, d)
}

// ReadUnread adds those that cannot be read of accounts in match.within; those of the
// container are known.
func (o *Observer) ReadUnread(ctx context.Context, obs *plan.Observation) error {
	for i := range o.matching.within {
		ou := &o.matching.within[i]
		if ou.read {
			continue
		}
		attributes := append([]string{"objectClass", access.Descriptor, o.cfg.AnchorAttribute, schema.DefaultAnchorAttribute}, o.cfg.Match.Keys...)
		search := ad.Search{Base: ou.dn, Scope: ad.ScopeSubtree, Filter: ad.Equal("objectClass", "user"), Attributes: attributes}
		_, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
			if class(e) == "user" && !e.DN.Within(o.base) && !o.anchoredHere(e) {
				o.doubtKeys(e)
			}
			return nil
		})
		if err != nil && !(ou.missing && errors.Is(err, ad.ErrNotFound)) {
			return fmt.Errorf("look for accounts of %s of which keys of match cannot be read: %w", ou.dn, err)
		}
		ou.read = true
	}
	obs.KeysUnread = o.unreadKeys()
	return nil
}

func (o *Observer) unreadKeys() (list []plan.UnreadKey) {
	for _, key := range o.cfg.Match.Keys {
		var names []string
		for dn := range o.matching.unread[key] {
			names = append(names, dn)
		}
		slices.Sort(names)
		if len(names) > 0 {
			list = append(list, plan.UnreadKey{Key: key, Accounts: len(names), Names: names[:min(mostNamed, len(names))]})
		}
	}
	return list
}

// defineKeys reads what the schema says of the keys.
func (o *Observer) defineKeys(ctx context.Context) (err error) {
	if o.matching.defined, err = o.define(ctx, o.cfg.Match.Keys); err != nil {
		return fmt.Errorf("read what the schema says of the keys of match: %w", err)
	}
	return nil
}

// define reads what the schema says of attributes, by lower-case name.
func (o *Observer) define(ctx context.Context, names []string) (map[string]ad.Definition, error) {
	defined := map[string]ad.Definition{}
	var one []ad.Filter
	for _, name := range names {
		one = append(one, ad.Equal("lDAPDisplayName", name))
	}
	search := ad.Search{Base: o.domain.Schema, Scope: ad.ScopeOneLevel, Filter: ad.Or(one...), Attributes: ad.DefinitionAttributes}
	_, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
		d := ad.NewDefinition(e)
		defined[strings.ToLower(d.Name)] = d
		return nil
	})
	return defined, err
}

// anchoredHere reports whether an account has an anchor of whomever: match offers it to no one.
func (o *Observer) anchoredHere(e ad.Entry) bool {
	return o.cfg.AnchorAttribute != "" && e.Has(o.cfg.AnchorAttribute) || e.Has(schema.DefaultAnchorAttribute)
}
