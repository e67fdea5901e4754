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

// Rename moves an object to the name to: another RDN, another parent, or both.
func (d *Directory) Rename(ctx context.Context, dn, to ad.DN) error {
	return d.write(ctx, "rename", Operation{Kind: OpRename, DN: dn, To: to}, func() *refusal { return d.rename(dn, to) })
}

func (d *Directory) rename(dn, to ad.DN) *refusal {
	from, _ := dn.Name()
	if name, _ := to.Name(); from == "" || name == "" || to.Parent().IsZero() { // "<GUID=...>" does not do here
		return refuse(codeInvalidDN, errInvalidDNSyntax, "a rename needs both full names")
	}
	o := d.store.find(dn)
	if o == nil {
		return refuse(codeNoSuchObject, errNoParent, "problem 2001 (NO_OBJECT), %s does not exist", dn)
	}
	parent, name, r := d.store.place(to, o.class)
	if r != nil {
		return r
	}
	if !o.head.IsZero() || fixedPlace[o.class.name] || d.store.nameOf(parent).Within(d.store.nameOf(o)) {
		return refuse(codeUnwilling, errUnwilling, "%s cannot be moved there", dn)
	}
	if holder, taken := d.store.children[d.store.key(parent.guid, name)]; taken && holder != o.guid {
		return refuse(codeEntryExists, errObjectExists, "problem 6005 (ENTRY_EXISTS), %s is taken", to)
	}
	d.store.move(o, parent, name)
	return nil
}

// fixedPlace are classes whose objects are not renamed by clients.
var fixedPlace = set("domainDNS builtinDomain configuration dMD crossRefContainer attributeSchema classSchema")

// Delete removes an object without children, as an administrator would by
// hand; the product never does.
func (d *Directory) Delete(dn ad.DN) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.store.find(dn)
	switch {
	case o == nil:
		return failure("delete", dn, refuse(codeNoSuchObject, errNoParent, "%s does not exist", dn))
	case len(d.store.below[o.guid]) > 0:
		return failure("delete", dn, refuse(codeNotAllowedOnNonLeaf, errNotOnNonLeaf, "%s has children", dn))
	case o.text("iscriticalsystemobject") == "TRUE":
		return failure("delete", dn, refuse(codeUnwilling, errUnwilling, "%s is part of the system", dn))
	}
	d.store.forget(o)
	return nil
}
