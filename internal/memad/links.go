package memad

import (
	"bytes"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// applyLinks changes an attribute whose values name other objects
// (MS-ADTS 3.1.1.1.6).
func (w *draft) applyLinks(a *attribute, c ad.Change) *refusal {
	targets, r := w.targets(a, c)
	if r != nil {
		return r
	}
	there := refuse(codeValueExists, errValueExists, "%s has this value already", a.name)
	if a.key == "member" {
		there = refuse(codeEntryExists, errMemberInAlias, "problem 6005 (ENTRY_EXISTS), already a member")
	}
	return alter(a, w.links, c.Kind, targets, slices.Index[[]adrules.GUID], there,
		refuse(codeUnwilling, errMemberNotInAlias, "problem 5003 (WILL_NOT_PERFORM), not a value of %s", a.name))
}

// targets resolves the DNs of a change.
func (w *draft) targets(a *attribute, c ad.Change) ([]adrules.GUID, *refusal) {
	var found []adrules.GUID
	for _, value := range c.Values {
		dn, err := linkDN(string(value))
		if err != nil {
			return nil, refuse(codeInvalidDN, errInvalidDNSyntax, "%s: not a DN", a.name)
		}
		o := w.store.find(dn)
		switch {
		case o != nil:
			found = append(found, o.guid)
		case c.Kind == ad.DeleteValues:
			return nil, refuse(codeUnwilling, errMemberNotInAlias, "%s: %s does not exist", a.name, dn)
		case a.key == "member":
			return nil, refuse(codeNoSuchObject, errNoSuchMember, "%s: %s does not exist", a.name, dn)
		default:
			return nil, refuse(codeConstraint, errReferenceNotFound, "%s: %s does not exist", a.name, dn)
		}
	}
	return found, nil
}

// linkDN also reads "<GUID=...>" and "<SID=...>".
func linkDN(s string) (ad.DN, error) {
	if inner, ok := strings.CutPrefix(s, "<GUID="); ok {
		g, err := adrules.ParseGUID(strings.TrimSuffix(inner, ">"))
		return ad.ByGUID(g), err
	}
	dn, err := ad.ParseDN(s)
	if err == nil && dn.IsZero() {
		_, err = ad.ParseDN("=")
	}
	return dn, err
}

func sameLinks(x, y []adrules.GUID) bool {
	return len(x) == len(y) && !slices.ContainsFunc(x, func(g adrules.GUID) bool { return !slices.Contains(y, g) })
}

func sameSet(x, y [][]byte) bool {
	return len(x) == len(y) && !slices.ContainsFunc(x, func(v []byte) bool {
		return !slices.ContainsFunc(y, func(o []byte) bool { return bytes.Equal(v, o) })
	})
}
