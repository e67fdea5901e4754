package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// readBack finds out what came of a write whose answer was lost (rule 22). It
// gives nil where the write was carried out; otherwise the next run does it.
func (x *applier) readBack(ctx context.Context, a plan.Action, lost error) error {
	dn, err := x.presentDN(a)
	if err != nil {
		return lost
	}
	attributes := []string{"objectGUID"}
	for _, c := range a.Changes {
		attributes = append(attributes, c.Attribute)
	}
	e, found, err := x.read(ctx, dn, attributes...)
	switch {
	case err != nil:
		return fmt.Errorf("%w; reading back failed, too: %w", lost, err)
	case found && x.carriedOut(a, e):
		x.names[e.GUID()] = e.DN
		if a.Kind == plan.Create {
			x.created[a.Person.Key()] = e.GUID()
		}
		return nil
	}
	return fmt.Errorf("%w; it was read back and is not as it should be, the next run repeats it", lost)
}

// read gives one object; found is false where it does not exist.
func (x *applier) read(ctx context.Context, dn ad.DN, attributes ...string) (entry ad.Entry, found bool, err error) {
	search := ad.Search{Base: dn, Scope: ad.ScopeBase, Filter: ad.Anything, Attributes: attributes}
	_, err = x.dir.Search(ctx, search, func(e ad.Entry) error {
		entry, found = e, true
		return nil
	})
	if errors.Is(err, ad.ErrNotFound) {
		return entry, false, nil
	}
	return entry, found, err
}

func (x *applier) presentDN(a plan.Action) (ad.DN, error) {
	if a.Kind == plan.Create {
		return x.newDN(a), nil
	}
	guid, err := x.target(a.Person)
	return ad.ByGUID(guid), err
}

// carriedOut tells whether the object is as the action leaves it. A request
// changes everything or nothing, so that a password, which can not be read, was
// set where something else differs from before.
func (x *applier) carriedOut(a plan.Action, e ad.Entry) bool {
	told := a.Kind != plan.Enable || a.Answer.Keep
	for _, c := range a.Changes {
		if !x.bears(e, c) {
			return false
		}
		told = told || !sameTexts(c.Before, c.After)
	}
	return told && (!a.MoveIn || e.DN.Within(x.container))
}

func (x *applier) bears(e ad.Entry, c plan.Change) bool {
	if !c.People {
		return sameTexts(e.Texts(c.Attribute), c.After)
	}
	values, err := x.references(c.After)
	return err == nil && slices.EqualFunc(e.Texts(c.Attribute), values, func(has string, wanted []byte) bool {
		a, err := ad.ParseDN(has)
		b, _ := ad.ParseDN(string(wanted))
		return err == nil && a.Equal(b)
	})
}

// sameTexts compares as sets, byte for byte.
func sameTexts(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
