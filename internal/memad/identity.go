package memad

import (
	"strconv"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// BindAs makes another account the bound one.
func (d *Directory) BindAs(dn ad.DN) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.store.find(dn)
	if o == nil {
		return failure("bind as", dn, refuse(codeInvalidCredentials, 0, "no such account"))
	}
	d.identity = o.guid
	return nil
}

// Domain is what the rootDSE of a controller says, and who is bound.
func (d *Directory) Domain() ad.Domain {
	d.mu.Lock()
	defer d.mu.Unlock()
	bound := d.store.objects[d.identity]
	return ad.Domain{
		Name: d.domain.name, Controller: d.domain.host + "." + d.domain.name, Base: d.domain.base, Configuration: d.domain.configuration, Schema: d.domain.schemaNC,
		Encrypted: d.domain.encrypted, Identity: d.domain.netBIOS + `\` + bound.text("samaccountname"),
		SID: bound.sid(), Groups: append(d.store.tokenGroups(bound), adrules.SIDAuthenticated), // the rootDSE has the whole token
	}
}

// Logon tries an account name and a password as a simple bind does; the error
// carries AD's "data" code in its text.
func (d *Directory) Logon(accountName, password string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.store.account(accountName)
	if data := o.logonFault(password, d.domain.now()); data != "" {
		return &ad.Error{Doing: "bind as", Object: accountName, Kind: ad.ErrCredentials, Code: codeInvalidCredentials,
			Win32: 0x80090308, Err: refuse(codeInvalidCredentials, 0x80090308, "AcceptSecurityContext error, data %s", data)}
	}
	return nil
}

func (o *object) logonFault(password string, now time.Time) string {
	if o == nil || o.secret == nil || *o.secret != password || o.credentialsByHand {
		return "52e"
	}
	if o.control().Disabled() {
		return "533"
	}
	expires, _ := strconv.ParseInt(o.text("accountexpires"), 10, 64)
	if at, ok := adrules.TimeFromFileTime(expires); ok && !now.Before(at) {
		return "701"
	}
	if o.text("pwdlastset") == "0" && o.control()&adrules.DontExpirePassword == 0 {
		return "773"
	}
	return ""
}
