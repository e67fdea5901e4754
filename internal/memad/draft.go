package memad

import (
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
)

// draft is an object in the making: changes are applied to it, the whole is
// judged, and only then does it take the object's place. So a refused request
// leaves no trace.
type draft struct {
	*object
	store     *store
	before    *object // nil when the object is being added
	touched   []*attribute
	newSecret *string // password set by this request
}

func (w *draft) touches(name string) bool {
	return slices.ContainsFunc(w.touched, func(a *attribute) bool { return strings.EqualFold(a.name, name) })
}

// attribute finds a writable attribute by its lDAPDisplayName.
func (w *draft) attribute(name string) (*attribute, *refusal) {
	a := w.store.schema.attribute(name)
	if a == nil {
		return nil, refuse(codeNoSuchAttribute, errInvalidParameter, "attribute %q is not in the schema", name)
	}
	return a, w.mayWrite(a)
}

// ownedBySAM are written by the directory alone, though the schema does not
// say so (MS-SAMR 3.1.1.8).
var ownedBySAM = set(`objectSid sAMAccountType lastLogon lastLogonTimestamp lastLogoff badPwdCount badPasswordTime logonCount
	isCriticalSystemObject dBCSPwd ntPwdHistory lmPwdHistory supplementalCredentials objectCategory rid`)

func (w *draft) mayWrite(a *attribute) *refusal {
	name := a.key
	switch {
	case w.before != nil && strings.EqualFold(a.name, w.class.rdn), name == "name":
		return refuse(codeNotAllowedOnRDN, errNotOnRDN, "%s is changed by renaming", a.name)
	case name == "objectclass":
		return refuse(codeConstraint, errSystemOnly, "objectClass cannot be changed")
	case ownedBySAM[name], a.backLink():
		return refuse(codeUnwilling, errUnwilling, "%s is maintained by the directory", a.name)
	case a.systemOnly, a.constructed():
		return refuse(codeConstraint, errSystemOnly, "%s can only be changed by the system", a.name)
	case !w.class.allows(name):
		return refuse(codeObjectClass, errObjectClassRequired, "%s does not belong to class %s", a.name, w.class.name)
	}
	return nil
}

// apply carries out one change on the draft.
func (w *draft) apply(c ad.Change) *refusal {
	a, r := w.attribute(c.Attribute)
	if r != nil {
		return r
	}
	if strings.EqualFold(a.name, "unicodePwd") {
		return nil // see passwords
	}
	w.touched = append(w.touched, a)
	if a.reference() {
		return w.applyLinks(a, c)
	}
	var given [][]byte
	for _, value := range c.Values {
		if r := a.check(value); r != nil && c.Kind != ad.DeleteValues {
			return r
		}
		given = append(given, slices.Clone(value))
	}
	index := func(values [][]byte, value []byte) int { return (comparison{w.store}).index(a, values, value) }
	return alter(a, w.values, c.Kind, given, index,
		refuse(codeValueExists, errValueExists, "%s: a value is there more than once", a.name),
		refuse(codeNoSuchAttribute, errNoSuchValue, "%s does not have the value to delete", a.name))
}

// alter changes the values of an attribute among all values of an object. It refuses
// to add what is there already, and to delete what is not there.
func alter[V any](a *attribute, all map[string][]V, kind ad.ChangeKind, given []V, index func([]V, V) int, there, notThere *refusal) *refusal {
	values := slices.Clone(all[a.key])
	switch {
	case kind == ad.Replace:
		values = nil
		fallthrough
	case kind == ad.AddValues:
		for _, value := range given {
			if index(values, value) >= 0 {
				return there
			}
			values = append(values, value)
		}
	case len(values) == 0 && len(given) == 0:
		return refuse(codeNoSuchAttribute, errNoSuchValue, "%s has no value to delete", a.name)
	case len(given) == 0:
		values = nil
	default:
		for _, value := range given {
			i := index(values, value)
			if i < 0 {
				return notThere
			}
			values = slices.Delete(values, i, i+1)
		}
	}
	if a.single && len(values) > 1 {
		return refuse(codeConstraint, errMultipleValues, "%s takes one value", a.name)
	}
	if all[a.key] = values; len(values) == 0 {
		delete(all, a.key)
	}
	return nil
}

// finish judges the draft as a whole.
func (w *draft) finish() *refusal {
	for _, k := range w.class.chain() {
		for name := range k.must {
			if w.before != nil && w.touches(name) && len(w.values[name]) == 0 {
				return refuse(codeObjectClass, errObjectClassRequired, "%s must have a value", name)
			}
		}
	}
	if r := w.checkNames(); r != nil {
		return r
	}
	if w.touches("nTSecurityDescriptor") {
		if r := w.checkDescriptor(); r != nil {
			return r
		}
	}
	if w.class.is("group") {
		return w.checkGroup()
	}
	if w.class.is("user") {
		return w.checkAccount()
	}
	return nil
}

// changes reports whether the draft differs from what it began with.
func (w *draft) changes() bool {
	if w.before == nil || w.newSecret != nil {
		return true
	}
	for _, a := range w.touched {
		name := a.key
		if !sameSet(w.values[name], w.before.values[name]) || !sameLinks(w.links[name], w.before.links[name]) {
			return true
		}
	}
	return false
}

// commit puts the draft in the object's place.
func (w *draft) commit() {
	if !w.changes() {
		return
	}
	w.usn, w.changed = w.store.nextUSN(), w.store.domain.now()
	w.store.reindex(w.before, w.object)
	if w.before == nil {
		w.createdUSN, w.created = w.usn, w.changed
		w.store.put(w.object)
		return
	}
	w.store.objects[w.guid] = w.object
}
