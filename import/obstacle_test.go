package importer

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/access"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// rebuilt makes an access list anew, as a person does who switches inheritance
// off, or protects an object.
func rebuilt(sd []byte, control uint16, keep func(ace []byte) bool, before ...[]byte) []byte {
	offset := binary.LittleEndian.Uint32(sd[16:])
	acl := sd[offset:]
	entries := slices.Clone(before)
	for rest, n := acl[8:], binary.LittleEndian.Uint16(acl[4:]); n > 0; n-- {
		size := binary.LittleEndian.Uint16(rest[2:])
		if keep(rest[:size]) {
			entries = append(entries, rest[:size])
		}
		rest = rest[size:]
	}
	out := make([]byte, 28)
	out[0] = 1
	binary.LittleEndian.PutUint16(out[2:], 0x8004|control)
	binary.LittleEndian.PutUint32(out[16:], 20)
	out[20] = 4
	list := slices.Concat(entries...)
	binary.LittleEndian.PutUint16(out[22:], uint16(8+len(list)))
	binary.LittleEndian.PutUint16(out[24:], uint16(len(entries)))
	return append(out, list...)
}

const closedList = 0x1000

func inherited(ace []byte) bool { return ace[1]&0x10 != 0 }

// deniedToEveryone is what "Protect object from accidental deletion" adds: to
// delete the object, and all below it (MS-DTYP 2.4.4.4).
func deniedToEveryone() []byte {
	ace := []byte{1, 0, 0, 0}
	ace = binary.LittleEndian.AppendUint32(ace, uint32(acl.Delete|acl.DeleteTree))
	ace = append(ace, adrules.SIDEveryone.Bytes()...)
	binary.LittleEndian.PutUint16(ace[2:], uint16(len(ace)))
	return ace
}

// Rights that are given on the container do not reach an account that inherits
// nothing.
func TestInheritanceThatIsSwitchedOffIsNamed(t *testing.T) {
	s := labScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	guid := s.get(s.account("Jane Doe"), "objectGUID").GUID()
	list := s.get(s.account("Jane Doe"), access.Descriptor).Values(access.Descriptor)[0]
	change := func(keep func([]byte) bool) {
		closed := rebuilt(list, closedList, keep)
		require.NoError(t, s.admin.Modify(t.Context(), ad.ByGUID(guid), []ad.Change{{Attribute: access.Descriptor, Values: [][]byte{closed}}}))
	}
	change(func(ace []byte) bool { return !inherited(ace) })
	_, err := s.start(s.file(jane, max)).Run(t.Context())
	require.ErrorContains(t, err, "enable inheritance of permissions on that account", "that cannot be read either")
	change(func(ace []byte) bool { return !bytes.HasSuffix(ace, s.dir.Domain().SID.Bytes()) })

	jane.Attributes.Set("displayName", schema.Value{List: []string{"J"}})
	max.Attributes.Set("displayName", schema.Value{List: []string{"M"}})
	file := s.file(jane, max)
	for _, dry := range []bool{true, false} {
		r, err := s.start(file, func(o *Options) { o.DryRun = dry }).Run(t.Context())
		require.NoError(t, err)
		require.NotEmpty(t, r.Report.Failed, "dry run: %v", dry)
		for _, f := range r.Report.Failed {
			assert.Equal(t, "Jane Doe", f.User)
			assert.Contains(t, f.Reason, "Inheritance of permissions is switched off on this object")
		}
	}
	assert.Equal(t, "M", s.get(s.account("Max Muster"), "displayName").Text("displayName"))
}

func TestObstacles(t *testing.T) {
	allow := []byte{0, 0x10, 36, 0, 0xff, 1, 0xf, 0, 1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0xf4, 1, 0, 0}
	empty := make([]byte, 28)
	empty[0], empty[16], empty[20] = 1, 20, 4
	binary.LittleEndian.PutUint16(empty[2:], 0x8004)
	binary.LittleEndian.PutUint16(empty[22:], 8)
	all := func([]byte) bool { return true }
	for name, c := range map[string]struct {
		list []byte
		move bool
		says string
	}{
		"nothing":                  {rebuilt(empty, 0, all, allow), true, ""},
		"closed":                   {rebuilt(empty, closedList, all, allow), false, "Inheritance of permissions is switched off"},
		"protected, and not moved": {rebuilt(empty, 0, all, deniedToEveryone(), allow), false, ""},
		"protected":                {rebuilt(empty, 0, all, deniedToEveryone(), allow), true, "It is protected from accidental deletion"},
		"not readable":             {nil, true, ""},
	} {
		values := map[string][][]byte{}
		if c.list != nil {
			values[access.Descriptor] = [][]byte{c.list}
		}
		got := access.Obstacle(ad.NewEntry(ad.DN{}, values), c.move)
		if c.says == "" {
			assert.Empty(t, got, name)
			continue
		}
		assert.Contains(t, got, c.says, name)
	}
}
