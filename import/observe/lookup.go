package observe

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// LookUp returns the observation with the objects of the domain that hold a name,
// address or anchor the file asks for. The one it was given stays as it is.
func (o *Observer) LookUp(ctx context.Context, obs *plan.Observation, l plan.Lookup, source string) (*plan.Observation, error) {
	more, inside := *obs, len(obs.Accounts)
	more.Accounts, more.Elsewhere = slices.Clip(obs.Accounts), slices.Clone(obs.Elsewhere)
	filters := nameFilters(l)
	anchors, err := o.anchorFilters(ctx, &more, l.Anchors, source)
	if err == nil {
		var keyed []ad.Filter
		keyed, err = o.keyFilters(ctx, &more, l.Keys)
		filters = append(filters, keyed...)
	}
	if err == nil {
		err = o.lookUpAll(ctx, &more, append(filters, anchors...))
	}
	if err != nil {
		return nil, fmt.Errorf("look up who holds the names of new users: %w", err)
	}
	if err := o.administrators.read(ctx, more.Accounts[inside:]); err != nil {
		return nil, err
	}
	if err := o.administrators.read(ctx, more.Elsewhere); err != nil {
		return nil, err
	}
	if o.cfg.Match.Open(o.history.Now(), o.cfg.TimeZone) && len(l.AccountNames)+len(l.Mails)+len(l.Keys) > 0 {
		if err := o.ReadUnread(ctx, &more); err != nil {
			return nil, err
		}
	}
	return &more, o.readPlaces(ctx, &more)
}

// lookUpAll adds what fits one of the filters to the observation. What is in the
// container, and was left out when that was read, is taken as read.
func (o *Observer) lookUpAll(ctx context.Context, obs *plan.Observation, filters []ad.Filter) error {
	known := knownIn(obs)
	for len(filters) > 0 {
		var batch []ad.Filter
		batch, filters = ad.NextBatch(filters)
		search := ad.Search{Base: o.domain.Base, Scope: ad.ScopeSubtree, Filter: ad.Or(batch...), Attributes: o.attributes(), AtOnce: len(batch) > 1} // one may find many
		_, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
			switch {
			case known[e.GUID()] || e.DN.Equal(o.base):
				return nil
			case e.DN.Within(o.base):
				known[e.GUID()] = true
				account, err := o.inside(obs, e)
				obs.Accounts = append(obs.Accounts, account)
				return err
			}
			account, err := o.account(e)
			if err != nil {
				return err
			}
			known[account.GUID] = true
			obs.Elsewhere = append(obs.Elsewhere, account)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return o.checkDoubtful(ctx)
}

func knownIn(obs *plan.Observation) map[adrules.GUID]bool {
	known := map[adrules.GUID]bool{}
	for _, list := range [][]plan.Account{obs.Accounts, obs.Elsewhere} {
		for i := range list {
			known[list[i].GUID] = true
		}
	}
	return known
}

// nameFilters has one term for each name; all of them are indexed (MS-ADSC).
func nameFilters(l plan.Lookup) (filters []ad.Filter) {
	for _, name := range l.AccountNames {
		filters = append(filters, ad.Or(ad.Equal("sAMAccountName", name), ad.Equal("sAMAccountName", name+"$")))
	}
	for _, upn := range l.UPNs {
		filters = append(filters, ad.Equal("userPrincipalName", upn))
	}
	for _, mail := range l.Mails {
		filters = append(filters, ad.Or(ad.Equal("mail", mail), ad.Equal("proxyAddresses", "smtp:"+mail)))
	}
	return filters
}

// anchored is an object of the domain that has an anchor.
type anchored struct {
	dn   ad.DN
	guid adrules.GUID
	of   plan.Anchor
}

// anchorFilters has one term for each object that has one of these anchors and is not
// known yet.
func (o *Observer) anchorFilters(ctx context.Context, obs *plan.Observation, anchors []string, source string) (filters []ad.Filter, err error) {
	if len(anchors) == 0 || o.cfg.AnchorAttribute == "" {
		return nil, nil
	}
	if err := o.readAnchors(ctx, obs); err != nil {
		return nil, err
	}
	known, wanted := knownIn(obs), map[string]bool{}
	for _, anchor := range anchors {
		wanted[strings.ToLower(anchor)] = true
	}
	for _, at := range o.anchors {
		switch {
		case !wanted[at.of.ObjectGUID] || known[at.guid] || at.of.Domain != "" && !strings.EqualFold(at.of.Domain, source):
		case at.guid.IsZero(): // which the bound account may not read
			filters = append(filters, ad.Equal("distinguishedName", at.dn.String()))
		default:
			filters = append(filters, ad.Equal("objectGUID", string(at.guid[:])))
		}
	}
	return filters, nil
}

// readAnchors finds everything in the domain that has an anchor, in one search: the
// attribute is indexed by no directory, so that each search for some of them takes as
// long as one for all.
func (o *Observer) readAnchors(ctx context.Context, obs *plan.Observation) error {
	if o.anchors != nil {
		return nil
	}
	name, anchors := o.cfg.AnchorAttribute, []anchored{}
	search := ad.Search{Base: o.domain.Base, Scope: ad.ScopeSubtree, Filter: ad.Begins(name, plan.AnchorText("", nil)), Attributes: []string{"objectGUID", name}}
	if slices.ContainsFunc(obs.Attributes, func(a plan.Attribute) bool { return a.Binary && strings.EqualFold(a.Name, name) }) {
		search.Filter = ad.Present(name)
	}
	_, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
		if e.Has(name) {
			anchors = append(anchors, anchored{e.DN, e.GUID(), plan.ParseAnchor(e.Values(name)[0])})
		}
		return nil
	})
	if err != nil {
		return err
	}
	o.anchors = anchors
	return nil
}
