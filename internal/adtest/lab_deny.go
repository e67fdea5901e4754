package adtest

import (
	"encoding/binary"

	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/adrules"
)

// Kinds of entries (MS-DTYP 2.4.4.1), and rights (MS-ADTS 5.1.3.2).
const (
	accessDenied, accessDeniedObject = 1, 6
	listContents, readProperty       = 0x4, 0x10
)

// DenyRead keeps an account from reading one attribute of an object.
func (a *Admin) DenyRead(dn, schemaIDGUID, account string) {
	const objectTypePresent = 1
	guid, err := adrules.ParseGUID(schemaIDGUID)
	a.must(err, "read a schemaIDGUID")
	about := binary.LittleEndian.AppendUint32(nil, objectTypePresent)
	a.deny(dn, account, accessDeniedObject, readProperty, append(about, guid[:]...))
}

// DenyList keeps an account from seeing what is directly below an object.
func (a *Admin) DenyList(dn, account string) { a.deny(dn, account, accessDenied, listContents, nil) }

// deny puts an entry before all others.
func (a *Admin) deny(dn, account string, kind byte, right uint32, about []byte) {
	a.t.Helper()
	dacl := &ldap.ControlMicrosoftSDFlags{Criticality: true, ControlValue: 4}
	found, err := a.conn.Search(ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)",
		[]string{"nTSecurityDescriptor"}, []ldap.Control{dacl}))
	a.must(err, "read the access list of "+dn)
	who, err := a.conn.Search(ldap.NewSearchRequest(a.base, ldap.ScopeWholeSubtree, 0, 0, 0, false,
		"(sAMAccountName="+ldap.EscapeFilter(account)+")", []string{"objectSid"}, nil))
	a.must(err, "look for "+account)
	request := ldap.NewModifyRequest(dn, []ldap.Control{dacl})
	descriptor := denying(found.Entries[0].GetRawAttributeValue("nTSecurityDescriptor"), kind, right, about, who.Entries[0].GetRawAttributeValue("objectSid"))
	request.Replace("nTSecurityDescriptor", []string{string(descriptor)})
	a.must(a.conn.Modify(request), "change the access list of "+dn)
}

// GiveTo makes an account the owner of an object, and leaves its access list as it is.
func (a *Admin) GiveTo(dn, account string) {
	a.t.Helper()
	const owner = 1 // OWNER_SECURITY_INFORMATION (MS-ADTS 3.1.1.3.4.1.11)
	who, err := a.conn.Search(ldap.NewSearchRequest(a.base, ldap.ScopeWholeSubtree, 0, 0, 0, false,
		"(sAMAccountName="+ldap.EscapeFilter(account)+")", []string{"objectSid"}, nil))
	a.must(err, "look for "+account)
	descriptor := make([]byte, 20) // self-relative, with an owner alone (MS-DTYP 2.4.6)
	descriptor[0], descriptor[3], descriptor[4] = 1, 0x80, 20
	request := ldap.NewModifyRequest(dn, []ldap.Control{&ldap.ControlMicrosoftSDFlags{Criticality: true, ControlValue: owner}})
	request.Replace("nTSecurityDescriptor", []string{string(append(descriptor, who.Entries[0].GetRawAttributeValue("objectSid")...))})
	a.must(a.conn.Modify(request), "change the owner of "+dn)
}

// denying puts the entry into a self-relative descriptor that has a DACL alone
// (MS-DTYP 2.4.6).
func denying(descriptor []byte, kind byte, right uint32, about, sid []byte) []byte {
	ace := binary.LittleEndian.AppendUint32([]byte{kind, 0, 0, 0}, right)
	ace = append(append(ace, about...), sid...)
	binary.LittleEndian.PutUint16(ace[2:], uint16(len(ace)))

	at := binary.LittleEndian.Uint32(descriptor[16:])
	head, entries := descriptor[at:at+8], descriptor[at+8:at+uint32(binary.LittleEndian.Uint16(descriptor[at+2:]))]
	acl := append(append(append([]byte{}, head...), ace...), entries...)
	acl[0] = 4 // the revision that has object entries
	binary.LittleEndian.PutUint16(acl[2:], uint16(len(acl)))
	binary.LittleEndian.PutUint16(acl[4:], binary.LittleEndian.Uint16(head[4:])+1)
	copied := append([]byte{}, descriptor[:20]...)
	for _, offset := range []int{4, 8, 12} { // owner, group, SACL
		binary.LittleEndian.PutUint32(copied[offset:], 0)
	}
	binary.LittleEndian.PutUint32(copied[16:], 20)
	return append(copied, acl...)
}
