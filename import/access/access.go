// Package access asks the directory itself who may do what: by the attributes that
// tell it of the reader (MS-ADTS 3.1.1.4.5.20 to 26), and by access lists.
package access

import (
	"context"
	"strings"

	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Attributes that tell what the reader may do, and the descriptor, which tells it of
// everybody.
const (
	Classes    = "allowedChildClassesEffective"
	Attributes = "allowedAttributesEffective"
	Control    = "sDRightsEffective"
	Descriptor = "nTSecurityDescriptor"
)

// Hint is what helps where rights are missing.
const Hint = "give it the rights that docs/rights.md lists; examples has scripts that do"

// Token is what the bound account is known by in access lists.
func Token(d ad.Domain) []adrules.SID {
	return append([]adrules.SID{d.SID, adrules.SIDEveryone}, d.Groups...)
}

// List is the access list of an object; nil where it was not read, or cannot be.
func List(e ad.Entry) *acl.List {
	if !e.Has(Descriptor) {
		return nil
	}
	list, err := acl.Parse(e.Values(Descriptor)[0])
	if err != nil {
		return nil
	}
	return &list
}

// Lower has the names in lower case.
func Lower(names []string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[strings.ToLower(name)] = true
	}
	return set
}

// Types are what access lists call attributes, schemaIDGUID and
// attributeSecurityGUID, by lower-case name.
func Types(ctx context.Context, dir ad.Searcher, names []string) (map[string][]adrules.GUID, error) {
	var one []ad.Filter
	for _, name := range names {
		one = append(one, ad.Equal("lDAPDisplayName", name))
	}
	types := map[string][]adrules.GUID{}
	_, err := dir.Search(ctx, ad.Search{Base: dir.Domain().Schema, Scope: ad.ScopeOneLevel, Filter: ad.Or(one...),
		Attributes: []string{"lDAPDisplayName", "schemaIDGUID", "attributeSecurityGUID"}}, func(e ad.Entry) error {
		name := strings.ToLower(e.Text("lDAPDisplayName"))
		for _, attribute := range []string{"schemaIDGUID", "attributeSecurityGUID"} {
			if v := e.Values(attribute); len(v) > 0 {
				if guid, err := adrules.GUIDFromBytes(v[0]); err == nil {
					types[name] = append(types[name], guid)
				}
			}
		}
		return nil
	})
	return types, err
}

// Obstacle tells what on an object itself keeps rights from it that were given
// further up; "" where there is nothing, or where that may not be read.
func Obstacle(e ad.Entry, move bool) string {
	list := List(e)
	switch {
	case list == nil:
		return ""
	case move && list.Denies(adrules.SIDEveryone, acl.Delete):
		return "It is protected from accidental deletion, which also keeps it from being moved: clear that (Object tab in Active Directory Users and Computers), and set it again after the move"
	case list.Closed():
		return "Inheritance of permissions is switched off on this object, so that rights given on the container do not reach it: enable inheritance in its advanced security settings, unless it is an administrator's account"
	}
	return ""
}
