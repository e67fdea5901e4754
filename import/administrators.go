package importer

import (
	"context"
	"fmt"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// protectAdministrators protects accounts that are not known to be ours and
// administer the domain by one of their groups. adminCount is not relied on:
// controllers set it late, and Samba never. Each group is asked about once.
func (o *observer) protectAdministrators(ctx context.Context, accounts []plan.Account, ours map[adrules.GUID]Account) error {
	for i := range accounts {
		a := &accounts[i]
		if _, known := ours[a.GUID]; known || a.Protected != "" || a.Class != "user" {
			continue
		}
		for _, dn := range a.Groups {
			why, err := o.administers(ctx, dn)
			if err != nil {
				return fmt.Errorf("read the groups of %s: %w", a.DN, err)
			}
			if why != "" {
				a.Protected = "it administers the domain, as a member of " + why
				break
			}
		}
	}
	return nil
}

// administers gives the administrative group that a group is, or is nested in.
func (o *observer) administers(ctx context.Context, text string) (string, error) {
	dn, err := ad.ParseDN(text)
	if err != nil {
		return "", nil
	}
	if why, known := o.administrative[dn.Key()]; known {
		return why, nil
	}
	found := ""
	search := ad.Search{Base: o.domain.Base, Scope: ad.ScopeSubtree,
		Filter: ad.And(ad.Equal("objectClass", "group"),
			ad.Or(ad.Equal("distinguishedName", text), ad.InChain("member", dn))),
		Attributes: []string{"objectSid", "cn", "adminCount"}}
	_, err = o.dir.Search(ctx, search, func(e ad.Entry) error {
		if administrative(e) && (found == "" || e.Text("cn") < found) {
			found = e.Text("cn")
		}
		return nil
	})
	if err == nil {
		o.administrative[dn.Key()] = found
	}
	return found, err
}

func administrative(e ad.Entry) bool {
	for _, name := range privilegedNames {
		if strings.EqualFold(e.Text("cn"), name) {
			return true
		}
	}
	return e.Text("adminCount") == "1" || e.SID().Administrative()
}
