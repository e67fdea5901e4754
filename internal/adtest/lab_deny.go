package adtest

import (
	"encoding/binary"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/uuid"
)

// DenyRead keeps an account from reading one attribute of an object: an entry
// of type ACCESS_DENIED_OBJECT (MS-DTYP 2.4.4.4) before all others.
func (a *Admin) DenyRead(dn, schemaIDGUID, account string) {
	a.t.Helper()
	dacl := &ldap.ControlMicrosoftSDFlags{Criticality: true, ControlValue: 4}
	found, err := a.conn.Search(ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)",
		[]string{"nTSecurityDescriptor"}, []ldap.Control{dacl}))
	a.must(err, "read the access list of "+dn)
	who, err := a.conn.Search(ldap.NewSearchRequest(a.base, ldap.ScopeWholeSubtree, 0, 0, 0, false,
		"(sAMAccountName="+ldap.EscapeFilter(account)+")", []string{"objectSid"}, nil))
	a.must(err, "look for "+account)
	request := ldap.NewModifyRequest(dn, []ldap.Control{dacl})
	descriptor := denying(found.Entries[0].GetRawAttributeValue("nTSecurityDescriptor"), schemaIDGUID, who.Entries[0].GetRawAttributeValue("objectSid"))
	request.Replace("nTSecurityDescriptor", []string{string(descriptor)})
	a.must(a.conn.Modify(request), "change the access list of "+dn)
}

// denying puts the entry into a self-relative descriptor that has a DACL alone
// (MS-DTYP 2.4.6).
func denying(descriptor []byte, attribute string, sid []byte) []byte {
	const readProperty, objectTypePresent = 0x10, 1
	guid := uuid.MustParse(attribute)
	ace := []byte{6, 0, 0, 0}
	ace = binary.LittleEndian.AppendUint32(ace, readProperty)
	ace = binary.LittleEndian.AppendUint32(ace, objectTypePresent)
	ace = append(ace, guid[3], guid[2], guid[1], guid[0], guid[5], guid[4], guid[7], guid[6])
	ace = append(append(ace, guid[8:]...), sid...)
	binary.LittleEndian.PutUint16(ace[2:], uint16(len(ace)))

	at := binary.LittleEndian.Uint32(descriptor[16:])
	head, entries := descriptor[at:at+8], descriptor[at+8:at+uint32(binary.LittleEndian.Uint16(descriptor[at+2:]))]
	acl := append(append(append([]byte{}, head...), ace...), entries...)
	acl[0] = 4 // the revision that has object entries
	binary.LittleEndian.PutUint16(acl[2:], uint16(len(acl)))
	binary.LittleEndian.PutUint16(acl[4:], binary.LittleEndian.Uint16(head[4:])+1)
	whole := append([]byte{}, descriptor[:20]...)
	for _, offset := range []int{4, 8, 12} { // owner, group, SACL
		binary.LittleEndian.PutUint32(whole[offset:], 0)
	}
	binary.LittleEndian.PutUint32(whole[16:], 20)
	return append(whole, acl...)
}
