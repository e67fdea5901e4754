package acl_test

import (
	"encoding/binary"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/adrules"
)

const (
	anna  adrules.SID = "S-1-5-21-1-2-3-1105"
	staff adrules.SID = "S-1-5-21-1-2-3-1200"
	other adrules.SID = "S-1-5-21-1-2-3-1300"
)

// Flags and kinds of entries (MS-DTYP 2.4.4).
const (
	allow, deny, allowObject, denyObject = 0, 1, 5, 6
	inherit, inheritOnly                 = 2, 8
)

// aceOf is one entry in hexadecimal; kinds of objects have a type, an heir, or
// both.
func aceOf(kind, flags byte, mask acl.Right, object, heir *adrules.GUID, sid adrules.SID) string {
	b := binary.LittleEndian.AppendUint32([]byte{kind, flags, 0, 0}, uint32(mask))
	if kind >= allowObject {
		present := uint32(0)
		if object != nil {
			present |= 1
		}
		if heir != nil {
			present |= 2
		}
		b = binary.LittleEndian.AppendUint32(b, present)
		for _, guid := range []*adrules.GUID{object, heir} {
			if guid != nil {
				b = append(b, guid[:]...)
			}
		}
	}
	b = append(b, sid.Bytes()...)
	binary.LittleEndian.PutUint16(b[2:], uint16(len(b)))
	return hex.EncodeToString(b)
}

func accessList(t *testing.T, entries ...string) acl.List {
	list, err := acl.Parse(descriptor(t, 0x8c04, entries...))
	require.NoError(t, err)
	return list
}

func TestAccessListAllows(t *testing.T) {
	mail, set, class := adrules.GUID{1}, adrules.GUID{2}, acl.UserClass
	token := []adrules.SID{anna, staff}
	for name, c := range map[string]struct {
		entries []string
		want    bool
	}{
		"nothing is allowed by an empty list":          {nil, false},
		"to the account itself":                        {[]string{aceOf(allow, 0, acl.WriteProperty, nil, nil, anna)}, true},
		"to a group of the account":                    {[]string{aceOf(allow, 0, acl.WriteProperty, nil, nil, staff)}, true},
		"to somebody else":                             {[]string{aceOf(allow, 0, acl.WriteProperty, nil, nil, other)}, false},
		"another right":                                {[]string{aceOf(allow, 0, acl.Delete, nil, nil, anna)}, false},
		"among other rights":                           {[]string{aceOf(allow, 0, acl.Delete|acl.WriteProperty, nil, nil, anna)}, true},
		"this attribute":                               {[]string{aceOf(allowObject, 0, acl.WriteProperty, &mail, nil, anna)}, true},
		"its property set":                             {[]string{aceOf(allowObject, 0, acl.WriteProperty, &set, nil, anna)}, true},
		"another attribute":                            {[]string{aceOf(allowObject, 0, acl.WriteProperty, &adrules.GUID{9}, nil, anna)}, false},
		"every attribute, as an entry for objects":     {[]string{aceOf(allowObject, inherit, acl.WriteProperty, nil, &class, anna)}, true},
		"for children only":                            {[]string{aceOf(allow, inherit|inheritOnly, acl.WriteProperty, nil, nil, anna)}, false},
		"denied first":                                 {[]string{aceOf(deny, 0, acl.WriteProperty, nil, nil, staff), aceOf(allow, 0, acl.WriteProperty, nil, nil, anna)}, false},
		"denied too late":                              {[]string{aceOf(allow, 0, acl.WriteProperty, nil, nil, anna), aceOf(deny, 0, acl.WriteProperty, nil, nil, staff)}, true},
		"another attribute is denied":                  {[]string{aceOf(denyObject, 0, acl.WriteProperty, &adrules.GUID{9}, nil, anna), aceOf(allow, 0, acl.WriteProperty, nil, nil, anna)}, true},
		"an entry for auditing says nothing":           {[]string{aceOf(2, 0, acl.WriteProperty, nil, nil, anna)}, false},
		"an entry whose end is missing allows nothing": {[]string{"05000c002000000003000000"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, accessList(t, c.entries...).Allows(token, acl.WriteProperty, mail, set))
		})
	}
}

func TestAccessListOfChildren(t *testing.T) {
	group := adrules.GUID{7}
	class := acl.UserClass
	list := accessList(t,
		aceOf(allow, 0, acl.Delete, nil, nil, anna),                                   // the container alone
		aceOf(allowObject, inherit|inheritOnly, acl.WriteDACL, nil, &class, anna),     // users
		aceOf(allowObject, inherit|inheritOnly, acl.WriteOwner, nil, &group, anna),    // groups
		aceOf(allow, inherit, acl.CreateChild, nil, nil, anna),                        // both
		aceOf(allow, inherit|inheritOnly, acl.DeleteTree, nil, nil, acl.CreatorOwner)) // whoever makes it
	child := list.ForChildren(class)
	for right, want := range map[acl.Right]bool{acl.Delete: false, acl.WriteDACL: true, acl.WriteOwner: false, acl.CreateChild: true} {
		require.Equal(t, want, child.Allows([]adrules.SID{anna}, right), right)
	}
	require.True(t, child.Allows([]adrules.SID{anna, acl.CreatorOwner}, acl.DeleteTree))
	require.True(t, list.Allows([]adrules.SID{anna}, acl.Delete))
	require.False(t, child.Names(acl.OwnerRights))
	require.True(t, accessList(t, aceOf(allow, 0, acl.Delete, nil, nil, acl.OwnerRights)).Names(acl.OwnerRights))
}
