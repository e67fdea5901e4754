package memad

import (
	"context"

	"ad-user-sync/internal/ad"
)

// Modify carries out all changes, or none.
func (d *Directory) Modify(ctx context.Context, dn ad.DN, changes []ad.Change) error {
	return d.write(ctx, "change", Operation{Kind: OpModify, DN: dn, Changes: changes}, func() *refusal { return d.modify(dn, changes) })
}

// write is one request of a client that changes the directory.
func (d *Directory) write(ctx context.Context, doing string, op Operation, carryOut func() *refusal) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.requests.begin(ctx, op); err != nil {
		return failure(doing, op.DN, err)
	}
	if r := carryOut(); r != nil {
		return failure(doing, op.DN, r)
	}
	return failure(doing, op.DN, d.requests.end(op))
}

func (d *Directory) modify(dn ad.DN, changes []ad.Change) *refusal {
	o := d.store.find(dn)
	if o == nil {
		return refuse(codeNoSuchObject, errNoParent, "problem 2001 (NO_OBJECT), %s does not exist", dn)
	}
	if len(changes) == 0 {
		return refuse(codeConstraint, errInvalidParameter, "there is nothing to change")
	}
	w := &draft{object: o.copy(), store: d.store, before: o}
	if r := w.carryOut(changes); r != nil {
		return r
	}
	w.commit()
	return nil
}
