package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

func (w *writer) modify(ctx context.Context, a plan.Action) error {
	guid, err := w.accounts.target(*a.Person)
	if err != nil {
		return err
	}
	changes, err := w.changes(a.Changes)
	if err != nil || len(changes) == 0 {
		return err
	}
	return w.Directory.Modify(ctx, ad.ByGUID(guid), changes)
}

// changes turns planned changes into LDAP's, all but the RDN.
func (w *writer) changes(planned []plan.Change) ([]ad.Change, error) {
	var changes []ad.Change
	for _, c := range planned {
		if c.Attribute == "cn" {
			continue
		}
		values := ad.Values(c.After...)
		if c.People {
			var err error
			if values, err = w.references(c); err != nil {
				return nil, err
			}
		}
		kind := ad.Replace
		if c.Keep {
			kind = ad.AddValues // refused where there is a value, also one that cannot be read
		}
		changes = append(changes, ad.Change{Kind: kind, Attribute: c.Attribute, Values: values})
	}
	return changes, nil
}

// references are the DNs of the people whom a change names by their key.
func (w *writer) references(c plan.Change) ([][]byte, error) {
	var values [][]byte
	for _, key := range c.After {
		guid, ok := w.accounts.created[key]
		if !ok {
			guid, ok = w.managed[key]
		}
		dn := w.accounts.name(guid)
		if !ok || dn.IsZero() {
			ref, _ := schema.ReferenceOf(c.Attribute)
			return nil, fmt.Errorf("the account of the %s %s was not created", ref.Noun, schema.Visible(key))
		}
		values = append(values, []byte(dn.String()))
	}
	return values, nil
}

// update writes one attribute at a time where the directory refuses them
// together, so that one bad value, or right that is missing, costs no other.
func (w *writer) update(ctx context.Context, a plan.Action) error {
	err := w.modify(ctx, a)
	refused := errors.Is(err, ad.ErrBadValue) || errors.Is(err, ad.ErrDenied)
	switch {
	case notTaken(err) && len(a.Changes) == 1:
		w.leaveOut(*a.Person, a.Changes[0], err)
		return errLeftOut
	case refused && len(a.Changes) == 1:
		return fmt.Errorf("%s: %w", a.Changes[0].Attribute, err)
	case !refused:
		return err
	}
	return w.singly(ctx, *a.Person, a.Changes)
}

// singly reports each refused attribute, and fails where no right is there for any.
func (w *writer) singly(ctx context.Context, who plan.Person, changes []plan.Change) error {
	var last error
	kept := 0
	for _, c := range changes {
		err := w.modify(ctx, plan.Action{Person: &who, Changes: []plan.Change{c}})
		switch {
		case err == nil:
			kept++
		case errors.Is(err, ad.ErrUnreachable), errors.Is(err, ad.ErrOutcomeUnknown):
			return err
		case notTaken(err):
			last = cmp.Or(last, errLeftOut)
			w.leaveOut(who, c, err)
		default:
			last = err
			w.result.Refused = append(w.result.Refused, plan.Note{Person: who, Reason: plan.Refused, Detail: fmt.Sprintf("%s: %v", c.Attribute, err)})
		}
	}
	if kept == 0 {
		return last
	}
	return nil
}

// errLeftOut is the outcome of a write of which every value was left out.
var errLeftOut = errors.New("left out")

// leaveOut keeps a value that the directory did not take. It is left out, and the
// rest is done.
func (w *writer) leaveOut(who plan.Person, c plan.Change, err error) {
	if c.Keep {
		err = fmt.Errorf("it looks empty and was not written. Most likely it has a value that the bound account may not read, and the rule's \"keep\" leaves that: %w", err)
	}
	w.result.LeftOut = append(w.result.LeftOut, plan.Note{Person: who, Reason: plan.BadValue, Detail: fmt.Sprintf("%s: %v", c.Attribute, err)})
}

// notTaken reports whether the directory did not take a value, as opposed to
// refusing a right.
func notTaken(err error) bool { return errors.Is(err, ad.ErrBadValue) }
