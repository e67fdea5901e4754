package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// doubtful reports whether a write that failed may have been carried out: where its
// answer was lost, and where a controller gave up on it. One that was busy may have
// done what it was asked again, and then says that the name is taken.
func doubtful(a plan.Action, err error) bool {
	var answer *ad.Error
	switch {
	case errors.Is(err, ad.ErrOutcomeUnknown):
		return true
	case errors.Is(err, errNotTried), !errors.As(err, &answer) || answer.Code == 0:
		return false
	}
	return errors.Is(err, ad.ErrRefused) || errors.Is(err, ad.ErrUnreachable) || a.Kind == plan.Create && errors.Is(err, ad.ErrExists)
}

// doubt is about a write of which it is unknown whether it was carried out.
type doubt struct{ w *writer }

// readBack finds out what came of a write that is doubtful (rule 22). It returns nil
// where the write was carried out; otherwise the next run does it.
func (d doubt) readBack(ctx context.Context, a plan.Action, lost error) error {
	dn, err := d.w.presentDN(a)
	if err != nil {
		return lost
	}
	attributes := []string{"objectGUID", "pwdLastSet"}
	for _, c := range a.Changes {
		if !slices.Contains(attributes, c.Attribute) { // a directory may give twice what is asked for twice
			attributes = append(attributes, c.Attribute)
		}
	}
	e, found, err := d.w.read(ctx, dn, attributes...)
	switch {
	case err != nil && errors.Is(lost, ad.ErrOutcomeUnknown):
		return fmt.Errorf("%w; reading back failed, too: %w", lost, err)
	case err != nil:
		return lost
	case found && d.carriedOut(a, e) && (a.Kind != plan.Create || d.justMade(e)):
		d.w.accounts.names[e.GUID()] = e.DN.String()
		if a.Kind == plan.Create {
			d.w.accounts.created[a.Person.Key()] = e.GUID()
		}
		return nil
	}
	if !errors.Is(lost, ad.ErrOutcomeUnknown) {
		return lost
	}
	return fmt.Errorf("%w; it was read back and is not as it should be, %s", lost, next(a, "the next run repeats it"))
}

// next says what becomes of an action of which nothing shows that it was carried out:
// what a person did unasked comes up by itself no more.
func next(a plan.Action, otherwise string) string {
	switch a.Kind {
	case plan.NewPassword, plan.Unlock, plan.Prolong:
		return "and no later run repeats it: look for it again"
	}
	return otherwise
}

// justMade reports whether an account that is as this run was to make it is none
// that was there before, and that was not used yet.
func (d doubt) justMade(e ad.Entry) bool {
	_, before := d.w.accounts.names[e.GUID()]
	return !before && e.Text("pwdLastSet") == "0"
}

// read returns one object; found is false where it does not exist.
func (w *writer) read(ctx context.Context, dn ad.DN, attributes ...string) (entry ad.Entry, found bool, err error) {
	return ad.ReadObject(ctx, w.Directory, dn, attributes...)
}

func (w *writer) presentDN(a plan.Action) (ad.DN, error) {
	if a.Kind == plan.Create {
		return w.result.container.Child("CN", cnOf(a, a.Person.CN)), nil
	}
	guid, err := w.accounts.target(*a.Person)
	return ad.ByGUID(guid), err
}

// carriedOut reports whether the object is as the action leaves it. A request
// changes everything or nothing, so that a password, which cannot be read, was
// set where something else differs from before.
func (d doubt) carriedOut(a plan.Action, e ad.Entry) bool {
	told := a.Kind != plan.NewPassword && (a.Kind != plan.Enable || a.Answer.Keep)
	for _, c := range a.Changes {
		if !d.carries(e, c) {
			return false
		}
		told = told || !sameTexts(c.Before, c.After)
	}
	return told && (!a.MoveIn || e.DN.Within(d.w.result.container))
}

func (d doubt) carries(e ad.Entry, c plan.Change) bool {
	if c.Attribute == "pwdLastSet" && sameTexts(c.After, []string{plan.SetNow}) {
		now := e.Texts(c.Attribute)
		return !sameTexts(now, c.Before) && !sameTexts(now, []string{plan.ToBeChanged})
	}
	if !c.People {
		return sameTexts(e.Texts(c.Attribute), c.After)
	}
	values, err := d.w.references(c)
	wanted := make([]string, len(values))
	for i, dn := range values {
		wanted[i] = string(dn)
	}
	return err == nil && slices.Equal(sortedKeys(e.Texts(c.Attribute)), sortedKeys(wanted))
}

// sortedKeys are equal for DNs of the same objects, in whatever order.
func sortedKeys(dns []string) []string {
	keys := make([]string, len(dns))
	for i, text := range dns {
		dn, _ := ad.ParseDN(text)
		keys[i] = dn.Key()
	}
	slices.Sort(keys)
	return keys
}

// sameTexts compares as sets, byte for byte.
func sameTexts(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
