package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// findAdministrators protects accounts that administer the domain by one of their
// groups. adminCount is not relied on: controllers set it late, and Samba never.
// What the ledger knows, but not as ours for certain, stays in reach without it.
// Each group is asked about once.
func (o *observer) findAdministrators(ctx context.Context, accounts []plan.Account, ours map[adrules.GUID]Account) error {
	for i := range accounts {
		a := &accounts[i]
		known, mine := ours[a.GUID]
		if a.Protected != "" && !(a.GivesWay && mine) || a.Class != "user" {
			continue
		}
		through, err := o.administration(ctx, a)
		switch {
		case err != nil:
			return fmt.Errorf("read the groups of %s: %w", a.DN, err)
		case len(through) == 0:
			continue
		case mine:
			a.Administers = strings.Join(through, ", ")
		}
		if a.Protected == "" && (!mine || known.ours()) {
			a.Protected, a.GivesWay = "it administers the domain, as a member of "+strings.Join(through, ", "), true
		}
	}
	return nil
}

// administration lists the administrative groups that an account is in, by
// nesting, too.
func (o *observer) administration(ctx context.Context, a *plan.Account) (through []string, err error) {
	for _, dn := range a.Groups {
		names, err := o.administers(ctx, dn)
		if err != nil {
			return nil, err
		}
		through = append(through, names...)
	}
	slices.Sort(through)
	return slices.Compact(through), nil
}

// administers lists the administrative groups that a group is, or is nested in.
func (o *observer) administers(ctx context.Context, text string) (names []string, err error) {
	dn, err := ad.ParseDN(text)
	if err != nil {
		return nil, nil
	}
	if names, known := o.administrative[dn.Key()]; known {
		return names, nil
	}
	search := ad.Search{Base: o.domain.Base, Scope: ad.ScopeSubtree,
		Filter: ad.And(ad.Equal("objectClass", "group"),
			ad.Or(ad.Equal("distinguishedName", text), ad.InChain("member", dn))),
		Attributes: []string{"objectSid", "cn", "adminCount"}}
	_, err = o.dir.Search(ctx, search, func(e ad.Entry) error {
		if administrative(e) {
			names = append(names, e.Text("cn"))
		}
		return nil
	})
	if err == nil {
		o.administrative[dn.Key()] = names
	}
	return names, err
}

func administrative(e ad.Entry) bool {
	for _, name := range privilegedNames {
		if strings.EqualFold(e.Text("cn"), name) {
			return true
		}
	}
	return e.Text("adminCount") == "1" || e.SID().Administrative()
}
