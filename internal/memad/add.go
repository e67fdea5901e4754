package memad

import (
	"context"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Add makes an object with all its attributes, or nothing.
func (d *Directory) Add(ctx context.Context, dn ad.DN, attributes []ad.Attribute) error {
	return d.write(ctx, "create", Operation{Kind: OpAdd, DN: dn, Attributes: attributes}, func() *refusal {
		_, r := d.add(dn, attributes)
		return r
	})
}

func (d *Directory) add(dn ad.DN, attributes []ad.Attribute) (*object, *refusal) {
	class, r := d.store.schema.classOf(attributes)
	if r != nil {
		return nil, r
	}
	parent, name, r := d.store.place(dn, class)
	if r != nil {
		return nil, r
	}
	if _, taken := d.store.children[d.store.key(parent.guid, name)]; taken {
		return nil, refuse(codeEntryExists, errObjectExists, "problem 6005 (ENTRY_EXISTS), %s is taken", name.value)
	}
	o := &object{parent: parent.guid, rdn: name, class: class, values: map[string][][]byte{}, links: map[string][]adrules.GUID{}}
	o.guid = d.store.newGUID()
	w := &draft{object: o, store: d.store}
	if r := w.fill(attributes); r != nil {
		return nil, r
	}
	w.complete()
	w.commit()
	return o, nil
}

// place finds where an object of this class and name would be.
func (s *store) place(dn ad.DN, c *class) (parent *object, name rdn, r *refusal) {
	name.attribute, name.value = dn.Name()
	above := dn.Parent()
	if name.attribute == "" || !above.Child(name.attribute, name.value).Equal(dn) { // also refuses a second value in the RDN
		return nil, name, refuse(codeInvalidDN, errInvalidDNSyntax, "%s is not a name for an object", dn)
	}
	if parent = s.find(above); parent == nil {
		return nil, name, refuse(codeNoSuchObject, errNoParent, "problem 2001 (NO_OBJECT), %s does not exist", above)
	}
	if !strings.EqualFold(name.attribute, c.rdn) {
		return nil, name, refuse(codeNaming, errNamingViolation, "a %s is named by %s", c.name, c.rdn)
	}
	name.attribute = strings.ToUpper(c.rdn)
	if !c.mayBeBelow(parent.class) {
		return nil, name, refuse(codeNaming, errNamingViolation, "a %s cannot be below a %s", c.name, parent.class.name)
	}
	return parent, name, s.schema.checkRDN(c, name)
}

// fill applies the attributes of an Add and judges the whole.
func (w *draft) fill(attributes []ad.Attribute) *refusal {
	var changes []ad.Change
	seen := map[string]bool{}
	for _, a := range attributes {
		key := strings.ToLower(a.Name)
		if seen[key] {
			return refuse(codeValueExists, errValueExists, "%s is given twice", a.Name)
		}
		seen[key] = true
		if key == "objectclass" {
			continue
		}
		if key == strings.ToLower(w.class.rdn) || key == "name" {
			if !slices.ContainsFunc(a.Values, func(v []byte) bool { return string(v) == w.rdn.value }) {
				return refuse(codeNaming, errNamingViolation, "%s differs from the name", a.Name)
			}
			continue
		}
		if len(a.Values) == 0 {
			return refuse(codeInvalidSyntax, errInvalidParameter, "%s has no value", a.Name)
		}
		changes = append(changes, ad.Change{Kind: ad.AddValues, Attribute: a.Name, Values: a.Values})
	}
	return w.carryOut(changes)
}

// carryOut applies changes in their order and judges the whole.
func (w *draft) carryOut(changes []ad.Change) *refusal {
	for _, c := range changes {
		if r := w.apply(c); r != nil {
			return r
		}
	}
	if r := w.passwords(changes); r != nil {
		return r
	}
	return w.finish()
}
