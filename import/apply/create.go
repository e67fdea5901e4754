package apply

import (
	"context"
	"errors"
	"maps"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// create adds the account with everything known in one request: a run that is
// killed leaves it complete or not at all.
func (w *writer) create(ctx context.Context, a plan.Action) error {
	dn := w.result.container.Child("CN", cnOf(a, a.Person.CN))
	rest, err := w.changes(a.Changes)
	if err != nil {
		return err
	}
	err = w.Directory.Add(ctx, dn, added(rest))
	var refused []plan.Change
	if errors.Is(err, ad.ErrBadValue) {
		var bare []ad.Change
		bare, refused = w.splitEssential(rest, a.Changes)
		err = w.Directory.Add(ctx, dn, added(bare))
	}
	if err != nil {
		return err
	}
	w.accounts.unmet[a.Person.Key()] = newcomer{dn, *a.Person}
	if len(refused) == 0 {
		return nil
	}
	w.meet(ctx)
	return ignoreRefused(w.singly(ctx, *a.Person, refused))
}

// ignoreRefused: values that were refused are reported by themselves; the
// account exists all the same.
func ignoreRefused(err error) error {
	if errors.Is(err, ad.ErrUnreachable) || errors.Is(err, ad.ErrOutcomeUnknown) {
		return err
	}
	return nil
}

// cnOf is the CN that an action writes, or the one before.
func cnOf(a plan.Action, before string) string {
	for _, c := range a.Changes {
		if c.Attribute == "cn" {
			return c.After[0]
		}
	}
	return before
}

func added(changes []ad.Change) []ad.Attribute {
	attributes := []ad.Attribute{{Name: "objectClass", Values: ad.Values("top", "person", "organizationalPerson", "user")}}
	for _, c := range changes {
		attributes = append(attributes, ad.Attribute{Name: c.Attribute, Values: c.Values})
	}
	return attributes
}

// splitEssential parts what an account cannot do without from the rest.
func (w *writer) splitEssential(changes []ad.Change, planned []plan.Change) (essential []ad.Change, rest []plan.Change) {
	need := map[string]bool{"sAMAccountName": true, "userPrincipalName": true, "userAccountControl": true, "accountExpires": true,
		w.Config.AnchorAttribute: true}
	for _, c := range planned {
		if c.Attribute == "cn" {
			continue
		}
		if need[c.Attribute] {
			for _, change := range changes {
				if change.Attribute == c.Attribute {
					essential = append(essential, change)
				}
			}
			continue
		}
		rest = append(rest, c)
	}
	return essential, rest
}

// meet learns the objectGUIDs of new accounts, some hundred at a time. It searches the
// subtree: a controller answers that from the index of names, but reads every child
// of the container for one level. Whom it does not find stays unmet: the ledger says
// who was meant to be made, and the next run goes on.
func (w *writer) meet(ctx context.Context) {
	ctx, done := lasting(ctx)
	defer done()
	var filters []ad.Filter
	keys := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(w.accounts.unmet)) {
		filters = append(filters, ad.Equal("sAMAccountName", w.accounts.unmet[key].person.AccountName))
		keys[w.accounts.unmet[key].dn.Key()] = key
	}
	for len(filters) > 0 {
		var batch []ad.Filter
		batch, filters = ad.NextBatch(filters)
		search := ad.Search{Base: w.result.container, Scope: ad.ScopeSubtree, Filter: ad.Or(batch...), Attributes: []string{"objectGUID"}, AtOnce: true}
		_, err := w.Directory.Search(ctx, search, func(e ad.Entry) error {
			if key, made := keys[e.DN.Key()]; made && !e.GUID().IsZero() {
				person := w.accounts.unmet[key].person
				w.accounts.created[key], w.accounts.names[e.GUID()], w.accounts.called[e.GUID()] = e.GUID(), e.DN.String(), person.AccountName
				delete(w.accounts.unmet, key)
				w.result.about(w.Log.Info(), person).Msg("the new account was found")
			}
			return nil
		})
		if err != nil {
			w.Log.Warn().Err(err).Msg("the new accounts could not be read")
			return
		}
	}
}
