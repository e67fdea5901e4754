package memad

import (
	"slices"
	"strconv"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// BindAs makes another account the bound one.
func (d *Directory) BindAs(dn ad.DN) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.find(dn)
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
	bound := d.objects[d.identity]
	return ad.Domain{
		Name: d.domain.name, Controller: d.domain.host + "." + d.domain.name, Base: d.domain.base, Configuration: d.domain.configuration, Schema: d.domain.schemaNC,
		Encrypted: d.domain.encrypted, Identity: d.domain.netBIOS + `\` + bound.text("samaccountname"),
		SID: bound.sid(), Groups: append(d.tokenGroups(bound), adrules.SIDAuthenticated), // the rootDSE has the whole token
	}
}

// tokenGroups are the SIDs of all groups an account is in, directly or not,
// its primary group included (MS-ADTS 3.1.1.4.5.19), sorted.
func (d *Directory) tokenGroups(o *object) []adrules.SID {
	groups := d.groupsOf(o.guid)
	if primary := d.findSID(d.domain.sidOf(o.text("primarygroupid"))); primary != nil {
		groups[primary.guid] = true
		for g := range d.groupsOf(primary.guid) {
			groups[g] = true
		}
	}
	var sids []adrules.SID
	for g := range groups {
		sids = append(sids, d.objects[g].sid())
	}
	slices.Sort(sids)
	return sids
}

func (d *Directory) groupsOf(member adrules.GUID) map[adrules.GUID]bool {
	return closure(member, func(g adrules.GUID) []adrules.GUID { return d.back["member"][g] })
}

// Logon tries an account name and a password as a simple bind does; the error
// carries AD's "data" code in its text.
func (d *Directory) Logon(accountName, password string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.objects[d.byAccount[d.collation.Key(accountName)]]
	if data := d.logonFault(o, password); data != "" {
		return &ad.Error{Doing: "bind as", Object: accountName, Kind: ad.ErrCredentials, Code: codeInvalidCredentials,
			Win32: 0x80090308, Err: refuse(codeInvalidCredentials, 0x80090308, "AcceptSecurityContext error, data %s", data)}
	}
	return nil
}

func (d *Directory) logonFault(o *object, password string) string {
	if o == nil || o.secret == nil || *o.secret != password || o.credentialsByHand {
		return "52e"
	}
	if o.control().Disabled() {
		return "533"
	}
	expires, _ := strconv.ParseInt(o.text("accountexpires"), 10, 64)
	if at, ok := adrules.TimeFromFileTime(expires); ok && !d.domain.now().Before(at) {
		return "701"
	}
	if o.text("pwdlastset") == "0" && o.control()&adrules.DontExpirePassword == 0 {
		return "773"
	}
	return ""
}

// ChangePassword is what a person does at logon: the old password for a new
// one. It is refused where the descriptor denies it.
func (d *Directory) ChangePassword(accountName, old, password string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.objects[d.byAccount[d.collation.Key(accountName)]]
	if o == nil {
		return failure("change the password of", ad.DN{}, refuse(codeNoSuchObject, errNoParent, "%s does not exist", accountName))
	}
	name := d.nameOf(o)
	if !mayChangePassword(d.domain.descriptor(o)) {
		return failure("change the password of", name, ad.ErrDenied)
	}
	if r := d.modify(name, []ad.Change{
		{Kind: ad.DeleteValues, Attribute: "unicodePwd", Values: [][]byte{unicodePwd(old)}},
		{Kind: ad.AddValues, Attribute: "unicodePwd", Values: [][]byte{unicodePwd(password)}},
	}); r != nil {
		return failure("change the password of", name, r)
	}
	return nil
}
