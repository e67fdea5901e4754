package observe

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"time"
	"unique"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// account turns an entry into what the plan knows of an object.
func (o *Observer) account(e ad.Entry) (plan.Account, error) {
	_, rdn := e.DN.Name()
	a := plan.Account{
		GUID: e.GUID(), SID: e.SID(), DN: e.DN.String(), Parent: unique.Make(e.DN.Parent().String()).Value(), Class: class(e),
		CN: rdn, AccountName: e.Text("sAMAccountName"), UPN: e.Text("userPrincipalName"),
		Mail: e.Text("mail"), DisplayName: e.Text("displayName"),
		MemberOf: map[adrules.SID]bool{},
	}
	if !e.Has("objectClass") {
		a.Class = "user" // for all that anybody knows
	}
	a.Created, _ = time.Parse(adrules.GeneralizedTime, e.Text("whenCreated")) // unreadable looks at it
	control, _ := e.Int("userAccountControl")
	a.Control = adrules.UserAccountControl(uint32(control))
	if missing := unreadable(a, e); missing != "" && e.DN.Within(o.base) {
		return a, fmt.Errorf("the bound account may not read %s of %s; give it the right to read everything in the managed container, and enable inheritance of permissions on that account if it is switched off there", missing, e.DN)
	} else if missing != "" {
		a.Protected = "the bound account may not read its " + missing
	}
	a.Expires, _ = e.Int("accountExpires")
	a.PasswordLastSet, _ = e.Int("pwdLastSet")
	a.NoHours = noHours(e)
	if logon, ok := e.Int("lastLogonTimestamp"); ok {
		a.LastLogon, _ = adrules.TimeFromFileTime(logon)
	}
	if name := o.cfg.AnchorAttribute; name != "" && e.Has(name) {
		a.Anchor = plan.ParseAnchor(e.Values(name)[0])
	}
	for name := range o.cfg.Attributes {
		if e.Has(name) {
			o.values.Set(strings.ToLower(name), schema.Value{List: e.Texts(name)})
		}
	}
	o.match(e, &a)
	a.Values = o.values.Take()
	o.doubtKept(e, &a)
	for _, address := range e.Texts("proxyAddresses") {
		a.Proxies = append(a.Proxies, strings.TrimPrefix(strings.ToLower(address), "smtp:"))
	}
	o.mapped.memberships(e, &a)
	if a.Protected == "" {
		a.Protected = cmp.Or(o.protected(e, &a), o.otherAnchor(e, &a))
	}
	if a.Protected == "" {
		a.Protected = o.protectedSince(e, &a)
		a.GivesWay = a.Protected != ""
	}
	return a, nil
}

// noHours reports whether logonHours has no bit of the week's 168 set (MS-ADA1).
func noHours(e ad.Entry) bool {
	return e.Has("logonHours") && len(bytes.Trim(e.Values("logonHours")[0], "\x00")) == 0
}

// unreadable names what every reader with rights sees of an object of the class.
// Every user has an accountExpires, which says never by a value (MS-ADTS 3.1.1.8.1).
// Without objectSid and primaryGroupID it is unknown whether it is the program's own
// account, or an administrator's.
func unreadable(a plan.Account, e ad.Entry) string {
	switch {
	case a.GUID.IsZero():
		return "objectGUID"
	case !e.Has("objectClass"):
		return "objectClass"
	case a.Class == "user" && a.AccountName == "":
		return "sAMAccountName"
	case a.Class == "user" && a.SID == "":
		return "objectSid"
	}
	for _, name := range []string{"userAccountControl", "accountExpires", "primaryGroupID"} {
		if _, readable := e.Int(name); a.Class == "user" && !readable {
			return name
		}
	}
	if a.Class == "user" && a.Created.IsZero() { // an answer of before would count for it
		return "whenCreated"
	}
	return ""
}

// administrativePrimaryGroup looks at the one group that memberOf leaves out.
func administrativePrimaryGroup(e ad.Entry, a *plan.Account) bool {
	rid, ok := e.Int("primaryGroupID")
	return ok && adrules.SID(fmt.Sprintf("%s-%d", a.SID.Domain(), rid)).Administrative()
}

// class is the most specific structural class that matters here, in whatever order
// the classes come.
func class(e ad.Entry) string {
	classes := e.Texts("objectClass")
	has := func(name string) bool {
		for _, c := range classes {
			if strings.EqualFold(c, name) {
				return true
			}
		}
		return false
	}
	for _, name := range []string{"msDS-GroupManagedServiceAccount", "msDS-ManagedServiceAccount", "computer", "user", "group", "contact"} {
		if has(name) {
			return name
		}
	}
	kind := "object"
	for _, c := range classes {
		if above := strings.EqualFold(c, "top") || strings.EqualFold(c, "container"); !above || kind == "object" || strings.EqualFold(kind, "top") {
			kind = c
		}
	}
	return kind
}

// protectedSince tells of what can come upon a person's account later.
func (o *Observer) protectedSince(e ad.Entry, a *plan.Account) string {
	switch {
	case administrativePrimaryGroup(e, a):
		return "its primary group administers the domain"
	case e.Text("adminCount") == "1":
		return "it is protected by AdminSDHolder (adminCount is 1)"
	case e.Has("servicePrincipalName"):
		return "services run as it (servicePrincipalName)"
	}
	return ""
}

// protected tells why an object must never be touched.
func (o *Observer) protected(e ad.Entry, a *plan.Account) string {
	switch {
	case o.own[a.SID]:
		return "it is the account that this program is bound as"
	case strings.EqualFold(e.Text("isCriticalSystemObject"), "TRUE"):
		return "it is a critical system object"
	case a.SID != "" && a.SID.RID() < adrules.FirstUserRID:
		return "it is one of the domain's own accounts"
	case strings.EqualFold(a.AccountName, "krbtgt"):
		return "it is the key distribution center's account"
	case a.Class == "user" && a.Control.Machine(), a.Class == "computer":
		return "it is a computer's or a trust's account"
	case strings.Contains(a.Class, "ManagedServiceAccount"):
		return "it is a managed service account"
	}
	return ""
}
