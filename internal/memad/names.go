package memad

import (
	"strings"

	"ad-user-sync/internal/adrules"
)

// forbiddenInAccountName are refused in every sAMAccountName (MS-SAMR 3.1.1.6).
const forbiddenInAccountName = `"/\[]:;|=,+*?<>`

// maxGroupName is the range of sAMAccountName in the schema, which alone binds
// groups.
const maxGroupName = 256

// checkNames holds the account name and the UPN against the rest of the domain.
func (w *draft) checkNames() *refusal {
	if w.touches("sAMAccountName") {
		if r := w.checkAccountName(w.text("samaccountname")); r != nil {
			return r
		}
	}
	if w.touches("userPrincipalName") {
		return w.checkUPN(w.text("userprincipalname"))
	}
	return nil
}

func (w *draft) checkAccountName(name string) *refusal {
	if name == "" {
		return nil // see checkProtected
	}
	limit := adrules.MaxAccountName
	if w.class.is("group") || w.class.is("computer") {
		limit = maxGroupName
	}
	if adrules.UTF16Len(name) > limit || strings.ContainsAny(name, forbiddenInAccountName) || strings.HasSuffix(name, ".") ||
		strings.TrimSpace(name) == "" || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
		return refuse(codeConstraint, errInvalidAccountName, "sAMAccountName %q is not a name for an account", name)
	}
	if holder, taken := w.store.byAccount[w.store.collation.Key(name)]; taken && holder != w.guid {
		return w.accountNameTaken(name)
	}
	implicit := w.store.collation.Key(name + "@" + w.store.domain.name)
	if holder, taken := w.store.byUPN[implicit]; taken && holder != w.guid && w.class.is("user") {
		return w.accountNameTaken(name)
	}
	return nil
}

func (w *draft) accountNameTaken(name string) *refusal {
	if w.class.is("group") {
		return refuse(codeEntryExists, errGroupExists, "sAMAccountName %s is in use", name)
	}
	return refuse(codeEntryExists, errUserExists, "problem 6005 (ENTRY_EXISTS), sAMAccountName %s is in use", name)
}

// checkUPN holds a UPN against all others (MS-ADTS 3.1.1.5.1.3), and, as Samba
// does and Windows does not, against what other accounts have implicitly,
// sAMAccountName@domain.
func (w *draft) checkUPN(upn string) *refusal {
	if upn == "" {
		return nil
	}
	holder, taken := w.store.byUPN[w.store.collation.Key(upn)]
	if name, suffix, _ := strings.Cut(upn, "@"); !taken && strings.EqualFold(suffix, w.store.domain.name) {
		holder, taken = w.store.byAccount[w.store.collation.Key(name)]
		taken = taken && w.store.objects[holder] != nil && w.store.objects[holder].class.is("user")
	}
	if taken && holder != w.guid {
		return refuse(codeConstraint, errUPNNotUnique, "problem 1005 (CONSTRAINT_ATT_TYPE), userPrincipalName %s is in use", upn)
	}
	return nil
}
