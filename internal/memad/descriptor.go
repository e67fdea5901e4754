package memad

import (
	"bytes"
	"encoding/binary"

	"ad-user-sync/internal/adrules"
)

// Access control entries (MS-DTYP 2.4.4) and rights (MS-ADTS 5.1.3.2).
const (
	aceAllow       = 0
	aceAllowObject = 5
	aceDenyObject  = 6

	inherited        = 0x10
	objectTypeGiven  = 0x1
	rightControl     = 0x100
	rightsAll        = 0xF01FF
	rightsReadSome   = 0x20094 // RC, LC, RP, LO
	rightReadControl = 0x20000
	rightReadProp    = 0x10

	selfRelativeDACL = 0x8404 // SE_SELF_RELATIVE, SE_DACL_AUTO_INHERITED, SE_DACL_PRESENT
	aclRevisionDS    = 4
	descriptorHeader = 20
	aclHeader        = 8
)

// changePassword is the control access right User-Change-Password
// (MS-ADTS 5.1.3.2.1).
var changePassword = mustGUID("ab721a53-1e2f-11d0-9819-00aa0040529b")

var (
	generalInformation  = mustGUID("59ba2f42-79a2-11d0-9020-00c04fc2d3cf")
	personalInformation = mustGUID("77b5b886-944a-11d1-aebd-0000f80367c1")
)

type ace struct {
	kind, flags byte
	mask        uint32
	object      adrules.GUID
	sid         adrules.SID
}

func (a ace) bytes() []byte {
	b := []byte{a.kind, a.flags, 0, 0}
	b = binary.LittleEndian.AppendUint32(b, a.mask)
	if a.kind == aceAllowObject || a.kind == aceDenyObject {
		b = binary.LittleEndian.AppendUint32(b, objectTypeGiven)
		b = append(b, a.object[:]...)
	}
	b = append(b, a.sid.Bytes()...)
	binary.LittleEndian.PutUint16(b[2:], uint16(len(b)))
	return b
}

// descriptor is the object's nTSecurityDescriptor with its DACL alone: the one
// that was written, or what the class has (defaultSecurityDescriptor of
// MS-ADSC, shortened).
func (d *domain) descriptor(o *object) []byte {
	if v := o.values["ntsecuritydescriptor"]; len(v) > 0 {
		return v[0]
	}
	domainAdmins, system, authenticated := d.sidOf("512"), adrules.SID("S-1-5-18"), adrules.SID("S-1-5-11")
	aces := []ace{
		{kind: aceAllow, mask: rightsAll, sid: domainAdmins},
		{kind: aceAllow, mask: rightsAll, sid: system},
	}
	if o.class.is("user") {
		aces = append(aces,
			ace{kind: aceAllowObject, mask: rightControl, object: changePassword, sid: adrules.SIDEveryone},
			ace{kind: aceAllowObject, mask: rightControl, object: changePassword, sid: adrules.SIDSelf},
			ace{kind: aceAllowObject, mask: 0x30, object: personalInformation, sid: adrules.SIDSelf},
			ace{kind: aceAllowObject, mask: rightReadProp, object: generalInformation, sid: authenticated},
			ace{kind: aceAllow, mask: rightReadControl, sid: authenticated},
		)
	}
	aces = append(aces,
		ace{kind: aceAllow, mask: rightsReadSome, sid: authenticated},
		ace{kind: aceAllow, flags: inherited | 0x2, mask: rightsAll, sid: d.sidOf("519")},
		ace{kind: aceAllow, flags: inherited | 0x2, mask: rightsAll &^ 0x40, sid: "S-1-5-32-544"},
	)
	return selfRelative(aces)
}

func selfRelative(aces []ace) []byte {
	var body []byte
	for _, a := range aces {
		body = append(body, a.bytes()...)
	}
	b := make([]byte, descriptorHeader, descriptorHeader+aclHeader+len(body))
	b[0] = 1
	binary.LittleEndian.PutUint16(b[2:], selfRelativeDACL)
	binary.LittleEndian.PutUint32(b[16:], descriptorHeader)
	b = append(b, aclRevisionDS, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(aclHeader+len(body)))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(aces)))
	b = append(b, 0, 0)
	return append(b, body...)
}

// checkDescriptor refuses what is not a self-relative descriptor with a DACL, and
// keeps the bytes of what is.
func (w *draft) checkDescriptor() *refusal {
	v := w.values["ntsecuritydescriptor"]
	if len(v) == 0 {
		return refuse(codeUnwilling, errUnwilling, "nTSecurityDescriptor cannot be removed")
	}
	if _, ok := accessList(v[0]); !ok {
		return refuse(codeUnwilling, errInvalidParameter, "nTSecurityDescriptor is not a self-relative security descriptor")
	}
	if w.before != nil && bytes.Equal(v[0], w.store.domain.descriptor(w.before)) {
		w.values["ntsecuritydescriptor"] = w.before.values["ntsecuritydescriptor"]
	}
	return nil
}

// accessList splits the DACL into its entries.
func accessList(sd []byte) (aces [][]byte, ok bool) {
	if len(sd) < descriptorHeader || sd[0] != 1 || binary.LittleEndian.Uint16(sd[2:])&0x8004 != 0x8004 {
		return nil, false
	}
	at := int(binary.LittleEndian.Uint32(sd[16:]))
	if at < descriptorHeader || at+aclHeader > len(sd) {
		return nil, false
	}
	acl := sd[at:]
	size, count := int(binary.LittleEndian.Uint16(acl[2:])), int(binary.LittleEndian.Uint16(acl[4:]))
	if size < aclHeader || size > len(acl) {
		return nil, false
	}
	for rest := acl[aclHeader:size]; count > 0; count-- {
		if len(rest) < 8 {
			return nil, false
		}
		n := int(binary.LittleEndian.Uint16(rest[2:]))
		if n < 8 || n > len(rest) {
			return nil, false
		}
		aces, rest = append(aces, rest[:n]), rest[n:]
	}
	return aces, true
}
