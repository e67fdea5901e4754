package observe

import (
	"context"
	"fmt"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// LookUp returns the observation with the objects of the domain that hold a name,
// address or anchor the file asks for. The one it was given stays as it is.
func (o *Observer) LookUp(ctx context.Context, obs *plan.Observation, l plan.Lookup, source string) (*plan.Observation, error) {
	more, inside := *obs, len(obs.Accounts)
	more.Accounts, more.Elsewhere = slices.Clip(obs.Accounts), slices.Clone(obs.Elsewhere)
	if err := o.lookUpAll(ctx, &more, o.filters(l, source)); err != nil {
		return nil, fmt.Errorf("look up who holds the names of new users: %w", err)
	}
	if err := o.administrators.read(ctx, more.Accounts[inside:]); err != nil {
		return nil, err
	}
	return &more, o.administrators.read(ctx, more.Elsewhere)
}

// lookUpAll adds what fits one of the filters to the observation. What is in the
// container, and was left out when that was read, is taken as read.
func (o *Observer) lookUpAll(ctx context.Context, obs *plan.Observation, filters []ad.Filter) error {
	known := map[adrules.GUID]bool{}
	for _, list := range [][]plan.Account{obs.Accounts, obs.Elsewhere} {
		for i := range list {
			known[list[i].GUID] = true
		}
	}
	for len(filters) > 0 {
		var batch []ad.Filter
		batch, filters = ad.NextBatch(filters)
		search := ad.Search{Base: o.domain.Base, Scope: ad.ScopeSubtree, Filter: ad.Or(batch...), Attributes: o.attributes()}
		_, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
			switch {
			case known[e.GUID()] || e.DN.Equal(o.Base):
				return nil
			case e.DN.Within(o.Base):
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

// filters has one term for each name.
func (o *Observer) filters(l plan.Lookup, source string) []ad.Filter {
	var filters []ad.Filter
	for _, name := range l.AccountNames {
		filters = append(filters, ad.Or(ad.Equal("sAMAccountName", name), ad.Equal("sAMAccountName", name+"$")))
	}
	for _, upn := range l.UPNs {
		filters = append(filters, ad.Equal("userPrincipalName", upn))
	}
	for _, mail := range l.Mails {
		filters = append(filters, ad.Or(ad.Equal("mail", mail), ad.Equal("proxyAddresses", "smtp:"+mail)))
	}
	for _, anchor := range l.Anchors {
		filters = append(filters, o.stampFilter(anchor, source))
	}
	return filters
}

func (o *Observer) stampFilter(anchor, source string) ad.Filter {
	name := o.cfg.AnchorAttribute
	guid, _ := adrules.ParseGUID(anchor)
	return ad.Or(ad.Equal(name, plan.StampText(anchor, nil)),
		ad.Equal(name, plan.StampText(anchor, nil)+"@"+source), ad.Equal(name, string(guid[:])))
}
