package observe

import (
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// A rule's "keep" is written as an LDAP add, which is refused where a value is there
// that cannot be read. It is not refused where an attribute takes several: of these the
// access list of the account says whether there may be any.

// knowKept takes the attributes of which that has to be looked at.
func (o *Observer) knowKept(d ad.Definition) {
	for name, rule := range o.cfg.Attributes {
		if rule.Keep && !d.Single && strings.EqualFold(name, d.Name) {
			o.kept[strings.ToLower(name)] = d
		}
	}
}

// doubtKept finds those that look empty and may not be.
func (o *Observer) doubtKept(e ad.Entry, a *plan.Account) {
	for name, d := range o.kept {
		if !e.Has(name) && !o.reads(e, d) {
			if a.Unread == nil {
				a.Unread = map[string]bool{}
			}
			a.Unread[name] = true
		}
	}
}

// reads reports whether the access list of an object says that the bound account may
// read an attribute (MS-ADTS 3.1.1.4.4 and 3.1.1.4.3).
func (o *Observer) reads(e ad.Entry, d ad.Definition) bool {
	list := access.List(e)
	types, reader := []adrules.GUID{d.ID, d.PropertySet}, append(access.Token(o.domain), adrules.SIDAuthenticated)
	return list != nil && list.Allows(reader, acl.ReadProperty, types...) &&
		(!d.Confidential || list.Allows(reader, acl.ControlAccess, types...))
}
