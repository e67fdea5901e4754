package observe

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// administrators knows which groups give their members rights over the domain.
type administrators struct {
	dir   ad.Searcher
	known map[string][]string // by group DN key: the administrative groups that it is or is in
}

// read finds out which accounts administer the domain by one of their
// groups. adminCount is not relied on: controllers set it late, and Samba never.
// Each group is asked about once.
func (w *administrators) read(ctx context.Context, accounts []plan.Account) error {
	for i := range accounts {
		a := &accounts[i]
		if a.Protected != "" && !a.GivesWay || a.Class != "user" {
			continue
		}
		through, err := w.administration(ctx, a)
		if err != nil {
			return fmt.Errorf("read the groups of %s: %w", a.DN, err)
		}
		a.Administers = strings.Join(through, ", ")
	}
	return nil
}

// Protecting is the observation as the plan is told of it: accounts that administer
// the domain are protected. What the ledger knows, but not as ours for certain, stays
// in reach without it.
func Protecting(obs *plan.Observation, ours map[adrules.GUID]ledger.Account) *plan.Observation {
	told := *obs
	told.Accounts, told.Elsewhere = slices.Clone(obs.Accounts), slices.Clone(obs.Elsewhere)
	for _, list := range [][]plan.Account{told.Accounts, told.Elsewhere} {
		for i := range list {
			if list[i].Administers != "" {
				known, mine := ours[list[i].GUID]
				list[i] = protected(list[i], mine, known.Ours())
			}
		}
	}
	return &told
}

func protected(a plan.Account, mine, certain bool) plan.Account {
	if a.Protected == "" && (!mine || certain) {
		a.Protected, a.GivesWay = "it administers the domain, as a member of "+a.Administers, true
	}
	if !mine {
		a.Administers = ""
	}
	return a
}

// administration lists the administrative groups that an account is in, by
// nesting, too.
func (w *administrators) administration(ctx context.Context, a *plan.Account) (through []string, err error) {
	for _, dn := range a.Groups {
		names, err := w.administers(ctx, dn)
		if err != nil {
			return nil, err
		}
		through = append(through, names...)
	}
	slices.Sort(through)
	return slices.Compact(through), nil
}

// administers lists the administrative groups that a group is, or is nested in.
func (w *administrators) administers(ctx context.Context, text string) (names []string, err error) {
	dn, err := ad.ParseDN(text)
	if err != nil {
		return nil, nil
	}
	if names, known := w.known[dn.Key()]; known {
		return names, nil
	}
	search := ad.Search{Base: w.dir.Domain().Base, Scope: ad.ScopeSubtree,
		Filter: ad.And(ad.Equal("objectClass", "group"),
			ad.Or(ad.Equal("distinguishedName", text), ad.InChain("member", dn))),
		Attributes: []string{"objectSid", "cn", "adminCount"}}
	_, err = w.dir.Search(ctx, search, func(e ad.Entry) error {
		if administrative(e) {
			names = append(names, e.Text("cn"))
		}
		return nil
	})
	if err == nil {
		w.known[dn.Key()] = names
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
