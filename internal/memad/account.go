package memad

import (
	"fmt"
	"strconv"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// userAccountControl bits that are computed and never stored (MS-ADTS 2.2.16),
// and two that this directory acts upon.
const (
	neverStored       adrules.UserAccountControl = 0x10 | 0x40 | 0x800000
	smartcardRequired adrules.UserAccountControl = 0x40000
	accountTypes                                 = adrules.NormalAccount | adrules.InterdomainTrust | adrules.WorkstationTrust | adrules.ServerTrust
)

// checkAccount holds a user or computer against MS-SAMR 3.1.1.8.
func (w *draft) checkAccount() *refusal {
	if w.before == nil {
		w.accountDefaults()
	}
	if r := w.checkProtected(); r != nil {
		return r
	}
	if r := w.checkControl(); r != nil {
		return r
	}
	if r := w.checkPwdLastSet(); r != nil {
		return r
	}
	if w.touches("lockoutTime") && w.text("lockouttime") != "0" {
		return refuse(codeUnwilling, errInvalidParameter, "lockoutTime can only be set to 0")
	}
	return w.checkPrimaryGroup()
}

// accountDefaults are what a new account has that was not given.
func (w *draft) accountDefaults() {
	for name, value := range map[string]string{
		"userAccountControl": "546", "accountExpires": strconv.FormatInt(adrules.NeverExpires, 10), "pwdLastSet": "0",
		"primaryGroupID": "513", "codePage": "0", "countryCode": "0", "badPwdCount": "0", "badPasswordTime": "0",
		"lastLogon": "0", "lastLogoff": "0", "logonCount": "0", "sAMAccountType": "805306368",
	} {
		if len(w.values[strings.ToLower(name)]) == 0 {
			w.set(name, value)
		}
	}
	if w.class.is("computer") {
		w.set("sAMAccountType", "805306369")
		w.set("primaryGroupID", "515")
	}
}

// checkProtected: attributes of an account that may be changed, not removed.
func (w *draft) checkProtected() *refusal {
	for _, name := range []string{"accountExpires", "userAccountControl", "sAMAccountName", "pwdLastSet", "primaryGroupID", "lockoutTime"} {
		if w.touches(name) && len(w.values[strings.ToLower(name)]) == 0 {
			return refuse(codeUnwilling, errUnwilling, "%s cannot be removed", name)
		}
	}
	return nil
}

// checkControl: an account type is implied, computed bits are dropped, and
// no account is enabled without a password (MS-SAMR 3.1.1.8.10 and 3.1.1.7.1).
func (w *draft) checkControl() *refusal {
	control := w.control() &^ neverStored
	if control&accountTypes == 0 {
		control |= adrules.NormalAccount
	}
	if w.class.name == "user" && control.Machine() {
		return refuse(codeUnwilling, errInvalidParameter, "a user cannot become a machine's or a trust's account")
	}
	if w.touches("userAccountControl") || w.before == nil {
		w.setInt("userAccountControl", int64(control))
	}
	if control&smartcardRequired != 0 && (w.before == nil || w.before.control()&smartcardRequired == 0) {
		w.credentialsByHand = true
	}
	enabled := !control.Disabled() && control&adrules.PasswordNotRequired == 0
	if enabled && w.secret == nil && control&adrules.NormalAccount != 0 {
		return refuse(codeUnwilling, errPasswordRestriction, "problem 5003 (WILL_NOT_PERFORM), the account has no password that the policy allows")
	}
	return nil
}

// checkPwdLastSet: clients write 0 (must change) or -1 (now) only
// (MS-SAMR 3.1.1.8.8).
func (w *draft) checkPwdLastSet() *refusal {
	now := strconv.FormatInt(adrules.FileTime(w.store.domain.now()), 10)
	if !w.touches("pwdLastSet") {
		if w.newSecret != nil {
			w.set("pwdLastSet", now)
		}
		return nil
	}
	switch w.text("pwdlastset") {
	case "0":
	case "-1":
		w.set("pwdLastSet", now)
	default:
		if w.before != nil && w.before.text("pwdlastset") == w.text("pwdlastset") && w.newSecret == nil {
			return nil
		}
		return refuse(codeUnwilling, errInvalidParameter, "pwdLastSet can only be set to 0 or -1")
	}
	return nil
}

// checkPrimaryGroup: a user must be a member of what becomes the primary
// group; the former one then lists it as an ordinary member (MS-SAMR 3.1.1.8.2).
func (w *draft) checkPrimaryGroup() *refusal {
	if !w.touches("primaryGroupID") || w.before == nil || w.text("primarygroupid") == w.before.text("primarygroupid") {
		return nil
	}
	next := w.store.findSID(w.store.domain.sidOf(w.text("primarygroupid")))
	former := w.store.findSID(w.store.domain.sidOf(w.before.text("primarygroupid")))
	if next == nil || !next.has("member", w.guid) {
		return refuse(codeUnwilling, errUnwilling, "the account is not a member of that group")
	}
	w.store.unlink(next, "member", w.guid)
	if former != nil {
		w.store.link(former, "member", w.guid)
	}
	return nil
}

// complete adds to an accepted object what the directory adds of its own.
func (w *draft) complete() {
	var classes []string
	for _, c := range w.class.chain() {
		classes = append([]string{c.name}, classes...)
	}
	w.values["objectclass"] = ad.Values(classes...)
	w.set("objectCategory", w.store.domain.categoryOf(w.class))
	w.set("instanceType", "4")
	if w.class.is("user") || w.class.is("group") {
		if len(w.values["objectsid"]) == 0 {
			w.store.rid++
			w.values["objectsid"] = [][]byte{w.store.domain.sidOf(strconv.FormatUint(uint64(w.store.rid), 10)).Bytes()}
		}
		if len(w.values["samaccountname"]) == 0 {
			w.set("sAMAccountName", fmt.Sprintf("$%06X-%012X", w.store.rid, w.guid[:6]))
		}
	}
	if w.class.is("group") {
		w.set("sAMAccountType", w.groupAccountType())
	}
}

func (o *object) groupAccountType() string {
	kind, _ := strconv.ParseInt(o.text("grouptype"), 10, 64)
	accountType := 0x10000000 // GROUP_OBJECT (MS-SAMR 2.2.1.9)
	if kind&groupDomainLocal != 0 {
		accountType = 0x20000000 // ALIAS_OBJECT
	}
	if kind >= 0 {
		accountType++ // without security
	}
	return strconv.Itoa(accountType)
}
