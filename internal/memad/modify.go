package memad

import (
	"context"

	"ad-user-sync/internal/ad"
)

// Modify carries out all changes, or none.
func (d *Directory) Modify(ctx context.Context, dn ad.DN, changes []ad.Change) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	op := Operation{Kind: OpModify, DN: dn, Changes: changes}
	if err := d.begin(ctx, op); err != nil {
		return failure("change", dn, err)
	}
	if r := d.modify(dn, changes); r != nil {
		return failure("change", dn, r)
	}
	return failure("change", dn, d.end(op))
}

func (d *Directory) modify(dn ad.DN, changes []ad.Change) *refusal {
	o := d.find(dn)
	if o == nil {
		return refuse(codeNoSuchObject, errNoParent, "problem 2001 (NO_OBJECT), %s does not exist", dn)
	}
	if len(changes) == 0 {
		return refuse(codeConstraint, errInvalidParameter, "there is nothing to change")
	}
	w := &draft{object: o.copy(), d: d, before: o}
	if r := w.carryOut(changes); r != nil {
		return r
	}
	w.commit()
	return nil
}
