// Package acl reads and changes the access lists of Active Directory's security
// descriptors (MS-DTYP 2.4). It is pure.
package acl

import (
	"encoding/binary"
	"slices"

	"ad-user-sync/internal/adrules"
)

// Right is one right of an access mask (MS-ADTS 5.1.3.2).
type Right uint32

// The rights that matter here.
const (
	CreateChild   Right = 0x1
	DeleteChild   Right = 0x2
	ReadProperty  Right = 0x10
	WriteProperty Right = 0x20
	DeleteTree    Right = 0x40
	ControlAccess Right = 0x100
	Delete        Right = 0x10000
	WriteDACL     Right = 0x40000
	WriteOwner    Right = 0x80000
)

// ResetPassword is the User-Force-Change-Password right,
// 00299570-246d-11d0-a768-00aa006e0529 (MS-ADTS 5.1.3.2.1).
var ResetPassword = adrules.GUID{0x70, 0x95, 0x29, 0x00, 0x6d, 0x24, 0xd0, 0x11, 0xa7, 0x68, 0x00, 0xaa, 0x00, 0x6e, 0x05, 0x29}

// UserClass is the schemaIDGUID of user, bf967aba-0de6-11d0-a285-00aa003049e2
// (MS-ADSC 2.269).
var UserClass = adrules.GUID{0xba, 0x7a, 0x96, 0xbf, 0xe6, 0x0d, 0xd0, 0x11, 0xa2, 0x85, 0x00, 0xaa, 0x00, 0x30, 0x49, 0xe2}

// Owners of objects in access lists (MS-DTYP 2.4.2.4).
const (
	CreatorOwner adrules.SID = "S-1-3-0" // becomes the owner where it is inherited
	OwnerRights  adrules.SID = "S-1-3-4" // stands for the owner, and ends the owner's implicit rights
)

// List is the DACL of an object, and who owns the object.
type List struct {
	Owner   adrules.SID // "" where it was not read
	control uint16
	entries []ace // those that allow or deny
}

// Parse reads a value of nTSecurityDescriptor.
func Parse(sd []byte) (List, error) {
	acl, err := parseDescriptor(sd)
	list := listOf(acl)
	if err == nil {
		list.Owner = ownerOf(sd)
	}
	return list, err
}

// ownerOf is "" where a descriptor has none (MS-DTYP 2.4.6).
func ownerOf(sd []byte) adrules.SID {
	at := uint64(binary.LittleEndian.Uint32(sd[4:]))
	if at < descriptorHeader || at+8 > uint64(len(sd)) {
		return ""
	}
	end := at + 8 + 4*uint64(sd[at+1])
	if end > uint64(len(sd)) {
		return ""
	}
	owner, err := adrules.SIDFromBytes(sd[at:end])
	if err != nil {
		return ""
	}
	return owner
}

func listOf(acl dacl) List {
	list := List{control: acl.control, entries: make([]ace, 0, len(acl.entries))}
	for _, raw := range acl.entries {
		if e, ok := parseACE(raw); ok {
			list.entries = append(list.entries, e)
		}
	}
	return list
}

// Allows reports whether a token, the SIDs of an account and its groups, has a
// right (MS-ADTS 5.1.3.3.3): the first entry that speaks of it decides. about
// are the object types that mean it: an attribute and its property set, a
// control-access right, or a class.
func (l List) Allows(token []adrules.SID, right Right, about ...adrules.GUID) bool {
	for i := range l.entries {
		e := &l.entries[i]
		switch {
		case e.flags&aceInheritOnly != 0, Right(e.mask)&right == 0, !slices.Contains(token, e.sid):
		case e.hasObject && !slices.Contains(about, e.object):
		default:
			return e.allows
		}
	}
	return false
}

// aclProtected is SE_DACL_PROTECTED (MS-DTYP 2.4.6).
const aclProtected = 0x1000

// Closed reports whether nothing is inherited from above.
func (l List) Closed() bool { return l.control&aclProtected != 0 }

// Denies reports whether an entry that is in force denies a right on the whole
// object to this SID itself.
func (l List) Denies(sid adrules.SID, right Right) bool {
	return slices.ContainsFunc(l.entries, func(e ace) bool {
		return !e.allows && !e.hasObject && e.flags&aceInheritOnly == 0 && e.sid == sid && Right(e.mask)&right != 0
	})
}

// Names reports whether an entry that is in force is about this SID.
func (l List) Names(sid adrules.SID) bool {
	return slices.ContainsFunc(l.entries, func(e ace) bool {
		return e.flags&aceInheritOnly == 0 && e.sid == sid
	})
}

// ForChildren is what an object of the class inherits when it is made in the
// object whose list this is (MS-DTYP 2.5.3.4). What the class itself grants to
// the domain's own groups is not in it.
func (l List) ForChildren(class adrules.GUID) List {
	child := List{control: l.control}
	for _, e := range l.entries {
		if e.flags&aceContainerInherit != 0 && (!e.hasHeir || e.heir == class) {
			e.flags = e.flags&^aceInheritOnly | aceInherited
			child.entries = append(child.entries, e)
		}
	}
	return child
}

// More parts of entries (MS-DTYP 2.4.4).
const (
	aceDeny             = 0x01
	aceContainerInherit = 0x02
	heirTypeGiven       = 0x2
)

// ace is one entry taken apart (MS-DTYP 2.4.4).
type ace struct {
	allows             bool
	flags              byte
	mask               uint32
	object, heir       adrules.GUID
	hasObject, hasHeir bool
	sid                adrules.SID
	raw                []byte // as it was read
}

// parseACE is false for kinds of entries that neither allow nor deny.
func parseACE(raw []byte) (e ace, ok bool) {
	if len(raw) < 8 {
		return e, false
	}
	e.raw, e.flags, e.mask = raw, raw[1], binary.LittleEndian.Uint32(raw[4:])
	rest := raw[8:]
	switch raw[0] {
	case aceAllow, aceDeny:
	case aceAllowObject, aceDenyObject:
		if rest, ok = e.objectTypes(rest); !ok {
			return e, false
		}
	default:
		return e, false
	}
	e.allows = raw[0] == aceAllow || raw[0] == aceAllowObject
	if len(rest) < 8 || len(rest) < 8+4*int(rest[1]) {
		return e, false
	}
	sid, err := adrules.SIDFromBytes(rest[:8+4*int(rest[1])])
	e.sid = sid
	return e, err == nil
}

func (e *ace) objectTypes(rest []byte) ([]byte, bool) {
	if len(rest) < 4 {
		return nil, false
	}
	present := binary.LittleEndian.Uint32(rest)
	rest = rest[4:]
	for _, part := range []struct {
		bit  uint32
		guid *adrules.GUID
		has  *bool
	}{{objectTypeGiven, &e.object, &e.hasObject}, {heirTypeGiven, &e.heir, &e.hasHeir}} {
		if present&part.bit == 0 {
			continue
		}
		if len(rest) < 16 {
			return nil, false
		}
		copy(part.guid[:], rest)
		*part.has, rest = true, rest[16:]
	}
	return rest, true
}

// Grant is what one entry gives or denies, wherever it was inherited from.
type Grant struct {
	SID    adrules.SID
	Denies bool
	Key    string // equal where the same is granted of the same
}

// Grants are the entries of a list, in its order.
func (l List) Grants() (grants []Grant) {
	for _, e := range l.entries {
		key := slices.Clone(e.raw)
		key[1] = 0 // how it is inherited
		grants = append(grants, Grant{e.sid, !e.allows, string(key)})
	}
	return grants
}
