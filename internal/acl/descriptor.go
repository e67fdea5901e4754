package acl

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"ad-user-sync/internal/adrules"
)

// changePassword is the User-Change-Password right,
// ab721a53-1e2f-11d0-9819-00aa0040529b (MS-ADTS 5.1.3.2.1).
var changePassword = adrules.GUID{0x53, 0x1a, 0x72, 0xab, 0x2f, 0x1e, 0xd0, 0x11, 0x98, 0x19, 0x00, 0xaa, 0x00, 0x40, 0x52, 0x9b}

// Parts of entries (MS-DTYP 2.4.4).
const (
	aceAllow        = 0x00
	aceAllowObject  = 0x05
	aceDenyObject   = 0x06
	aceInheritOnly  = 0x08
	aceInherited    = 0x10
	controlAccess   = 0x100 // ADS_RIGHT_DS_CONTROL_ACCESS
	objectTypeGiven = 0x1
)

// DenyChangePassword forbids a user to change the own password, the way
// Microsoft's tools do and look for it: two entries for SELF and Everyone before
// all others. sd is the value of nTSecurityDescriptor; what comes back holds
// the DACL alone, to be written by Modify, with every other entry byte for
// byte. changed is false where it was forbidden already.
func DenyChangePassword(sd []byte) (result []byte, changed bool, err error) {
	acl, err := parseDescriptor(sd)
	if err != nil {
		return nil, false, err
	}
	if acl.deniesFirst(adrules.SIDSelf) && acl.deniesFirst(adrules.SIDEveryone) {
		return sd, false, nil
	}
	acl.entries = slices.DeleteFunc(acl.entries, isOurs)
	acl.entries = slices.Insert(acl.entries, 0, denyEntry(adrules.SIDSelf), denyEntry(adrules.SIDEveryone))
	result, err = acl.marshal()
	return result, err == nil, err
}

// AllowChangePassword takes back what DenyChangePassword did.
func AllowChangePassword(sd []byte) (result []byte, changed bool, err error) {
	acl, err := parseDescriptor(sd)
	if err != nil {
		return nil, false, err
	}
	if !slices.ContainsFunc(acl.entries, isOurs) {
		return sd, false, nil
	}
	acl.entries = slices.DeleteFunc(acl.entries, isOurs)
	result, err = acl.marshal()
	return result, err == nil, err
}

// dacl is the access list of a security descriptor.
type dacl struct {
	control uint16
	entries [][]byte // each as it was read
}

// Sizes and control bits of a self-relative descriptor (MS-DTYP 2.4.6, 2.4.5).
const (
	descriptorHeader = 20
	aclHeader        = 8
	daclPresent      = 0x0004
	selfRelative     = 0x8000
	daclBits         = 0x0100 | 0x0400 | 0x1000 // inheritance asked for, inherited, protected
	aclRevisionDS    = 4
)

var errDescriptor = errors.New("the security descriptor is malformed")

func parseDescriptor(sd []byte) (dacl, error) {
	if len(sd) < descriptorHeader || sd[0] != 1 {
		return dacl{}, errDescriptor
	}
	control := binary.LittleEndian.Uint16(sd[2:])
	offset := uint64(binary.LittleEndian.Uint32(sd[16:]))
	if control&selfRelative == 0 {
		return dacl{}, errDescriptor
	}
	if control&daclPresent == 0 || offset == 0 {
		return dacl{}, errors.New("the security descriptor has no access list that could be changed")
	}
	if offset < descriptorHeader || offset+aclHeader > uint64(len(sd)) {
		return dacl{}, errDescriptor
	}
	acl := sd[offset:]
	size, count := int(binary.LittleEndian.Uint16(acl[2:])), int(binary.LittleEndian.Uint16(acl[4:]))
	if size < aclHeader || size > len(acl) {
		return dacl{}, errDescriptor
	}
	entries, err := parseEntries(acl[aclHeader:size], count)
	return dacl{control: control, entries: entries}, err
}

func parseEntries(rest []byte, count int) ([][]byte, error) {
	var entries [][]byte
	for range count {
		if len(rest) < 4 {
			return nil, errDescriptor
		}
		size := int(binary.LittleEndian.Uint16(rest[2:]))
		if size < 4 || size > len(rest) {
			return nil, errDescriptor
		}
		entries = append(entries, bytes.Clone(rest[:size]))
		rest = rest[size:]
	}
	return entries, nil
}

// marshal returns a descriptor with the DACL alone.
func (d dacl) marshal() ([]byte, error) {
	list := bytes.Join(d.entries, nil)
	if aclHeader+len(list) > 0xFFFC {
		return nil, fmt.Errorf("the access list would have %d bytes, and at most 65532 are possible", aclHeader+len(list))
	}
	sd := make([]byte, descriptorHeader+aclHeader, descriptorHeader+aclHeader+len(list))
	sd[0] = 1
	binary.LittleEndian.PutUint16(sd[2:], d.control&daclBits|selfRelative|daclPresent)
	binary.LittleEndian.PutUint32(sd[16:], descriptorHeader)
	sd[20] = aclRevisionDS
	binary.LittleEndian.PutUint16(sd[22:], uint16(aclHeader+len(list)))
	binary.LittleEndian.PutUint16(sd[24:], uint16(len(d.entries)))
	return append(sd, list...), nil
}

// deniesFirst reports whether the right is denied to sid before anything is
// allowed to anybody; later it would have no effect.
func (d dacl) deniesFirst(sid adrules.SID) bool {
	for _, entry := range d.entries {
		switch {
		case deniesChange(entry, sid):
			return true
		case entry[0] == aceAllow || entry[0] == aceAllowObject:
			return false
		}
	}
	return false
}

// deniesChange reports whether an entry of its own denies the right to sid.
func deniesChange(entry []byte, sid adrules.SID) bool {
	if len(entry) < 28 || entry[0] != aceDenyObject || entry[1]&(aceInheritOnly|aceInherited) != 0 {
		return false
	}
	return binary.LittleEndian.Uint32(entry[4:])&controlAccess != 0 &&
		binary.LittleEndian.Uint32(entry[8:]) == objectTypeGiven &&
		bytes.Equal(entry[12:28], changePassword[:]) && bytes.Equal(entry[28:], sid.Bytes())
}

// isOurs recognises the two entries that DenyChangePassword makes.
func isOurs(entry []byte) bool {
	return (deniesChange(entry, adrules.SIDSelf) || deniesChange(entry, adrules.SIDEveryone)) &&
		binary.LittleEndian.Uint32(entry[4:]) == controlAccess
}

// denyEntry is an ACCESS_DENIED_OBJECT_ACE (MS-DTYP 2.4.4.5).
func denyEntry(sid adrules.SID) []byte {
	entry := []byte{aceDenyObject, 0, 0, 0}
	entry = binary.LittleEndian.AppendUint32(entry, controlAccess)
	entry = binary.LittleEndian.AppendUint32(entry, objectTypeGiven)
	entry = append(entry, changePassword[:]...)
	entry = append(entry, sid.Bytes()...)
	binary.LittleEndian.PutUint16(entry[2:], uint16(len(entry)))
	return entry
}
