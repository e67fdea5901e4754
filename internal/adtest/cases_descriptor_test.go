package adtest

import (
	"bytes"
	"encoding/binary"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adrules"
)

const descriptor = "nTSecurityDescriptor"

func descriptorCases() []Case {
	return []Case{
		{Name: "has a list that lets people change their password", Do: func(s *Scene) error {
			list := splitDACL(s, s.read(s.user("a"), descriptor).Values(descriptor)[0])
			var allowed int
			for _, ace := range list.aces {
				if ace[0] == 5 && len(ace) > 28 && bytes.Equal(ace[12:28], changePasswordRight[:]) {
					allowed++
				}
			}
			assert.NotZero(s, allowed)
			return nil
		}},
		{Name: "denying entries in front, the rest byte for byte", Do: denyInFront},
		{Name: "the same again is not a change", Do: func(s *Scene) error {
			dn := s.user("a")
			e := s.read(dn, descriptor, "uSNChanged")
			s.must(s.modify(dn, replace(descriptor, e.Text(descriptor))))
			assert.Equal(s, e.Text("uSNChanged"), s.usn(dn))
			return nil
		}},
		{Name: "together with a password", Do: func(s *Scene) error {
			dn := s.user("a")
			sd := splitDACL(s, s.read(dn, descriptor).Values(descriptor)[0])
			sd.aces = append(denyChange(), sd.aces...)
			s.must(s.modify(dn, replace(descriptor, string(sd.bytes()))))
			return s.modify(dn, replace("unicodePwd", quotedPassword("Correct-"+secretText)), replace("userAccountControl", "512"))
		}},
		{Name: "survives a move", Do: func(s *Scene) error {
			dn, sub := s.user("a"), s.unit("sub")
			sd := splitDACL(s, s.read(dn, descriptor).Values(descriptor)[0])
			sd.aces = append(denyChange(), sd.aces...)
			s.must(s.modify(dn, replace(descriptor, string(sd.bytes()))))
			s.must(s.rename(dn, sub.Child("CN", "a")))
			after := splitDACL(s, s.read(sub.Child("CN", "a"), descriptor).Values(descriptor)[0])
			assert.Equal(s, denyChange(), after.aces[:2])
			return nil
		}},
		{Name: "rubbish", Want: errRefused, Do: func(s *Scene) error { return s.modify(s.user("a"), replace(descriptor, "rubbish")) }},
		{Name: "comes only when asked for", Do: func(s *Scene) error {
			assert.False(s, s.read(s.user("a"), "cn").Has(descriptor))
			return nil
		}},
	}
}

func denyInFront(s *Scene) error {
	dn := s.user("a")
	before := splitDACL(s, s.read(dn, descriptor).Values(descriptor)[0])
	wanted := before
	wanted.aces = append(denyChange(), before.aces...)
	s.must(s.modify(dn, replace(descriptor, string(wanted.bytes()))))
	after := splitDACL(s, s.read(dn, descriptor).Values(descriptor)[0])
	assert.Equal(s, wanted.aces, after.aces)
	assert.Equal(s, before.control, after.control)

	s.must(s.modify(dn, replace(descriptor, string(before.bytes()))))
	assert.Equal(s, before.aces, splitDACL(s, s.read(dn, descriptor).Values(descriptor)[0]).aces)
	return nil
}

// changePasswordRight is User-Change-Password (MS-ADTS 5.1.3.2.1).
var changePasswordRight, _ = adrules.ParseGUID("ab721a53-1e2f-11d0-9819-00aa0040529b")

// denyChange are the two entries that "user cannot change password" means:
// ACCESS_DENIED_OBJECT_ACE for Self and Everyone (MS-DTYP 2.4.4.4).
func denyChange() [][]byte {
	var aces [][]byte
	for _, sid := range []adrules.SID{adrules.SIDSelf, adrules.SIDEveryone} {
		ace := []byte{6, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0}
		ace = append(append(ace, changePasswordRight[:]...), sid.Bytes()...)
		binary.LittleEndian.PutUint16(ace[2:], uint16(len(ace)))
		aces = append(aces, ace)
	}
	return aces
}

// daclOnly is a self-relative descriptor that holds a DACL alone
// (MS-DTYP 2.4.6), its entries kept as bytes.
type daclOnly struct {
	control uint16
	aces    [][]byte
}

func splitDACL(s *Scene, sd []byte) daclOnly {
	s.Helper()
	require.Greater(s, len(sd), 28)
	at := binary.LittleEndian.Uint32(sd[16:])
	require.NotZero(s, at, "no DACL")
	list := daclOnly{control: binary.LittleEndian.Uint16(sd[2:])}
	rest := sd[at+8:]
	for range binary.LittleEndian.Uint16(sd[at+4:]) {
		size := binary.LittleEndian.Uint16(rest[2:])
		list.aces, rest = append(list.aces, bytes.Clone(rest[:size])), rest[size:]
	}
	return list
}

func (l daclOnly) bytes() []byte {
	body := bytes.Join(l.aces, nil)
	sd := make([]byte, 20)
	sd[0] = 1
	binary.LittleEndian.PutUint16(sd[2:], l.control)
	sd[16] = 20
	sd = append(sd, 4, 0)
	sd = binary.LittleEndian.AppendUint16(sd, uint16(8+len(body)))
	sd = binary.LittleEndian.AppendUint16(sd, uint16(len(l.aces)))
	return append(append(sd, 0, 0), body...)
}
