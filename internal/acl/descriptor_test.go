package acl_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/acl"
)

// The two entries as Microsoft's tools write them.
const (
	denySelf     = "060028000001000001000000531a72ab2f1ed011981900aa0040529b" + "01010000000000050a000000"
	denyEveryone = "060028000001000001000000531a72ab2f1ed011981900aa0040529b" + "010100000000000100000000"
	allowSelf    = "050028000001000001000000531a72ab2f1ed011981900aa0040529b" + "01010000000000050a000000"
	allowAll     = "00001400ff010f00" + "010100000000000512000000"
	inherited    = "0512140000010000" + "010100000000000512000000"
)

// descriptor puts entries, in hexadecimal, into a DACL of a descriptor that has
// an owner, too.
func descriptor(t *testing.T, control uint16, entries ...string) []byte {
	t.Helper()
	owner, _ := hex.DecodeString("010100000000000512000000")
	var list []byte
	for _, entry := range entries {
		b, err := hex.DecodeString(entry)
		require.NoError(t, err)
		list = append(list, b...)
	}
	sd := make([]byte, 20, 200)
	sd[0] = 1
	binary.LittleEndian.PutUint16(sd[2:], control)
	binary.LittleEndian.PutUint32(sd[4:], 20)
	binary.LittleEndian.PutUint32(sd[16:], uint32(20+len(owner)))
	sd = append(sd, owner...)
	sd = append(sd, 4, 0)
	sd = binary.LittleEndian.AppendUint16(sd, uint16(8+len(list)))
	sd = binary.LittleEndian.AppendUint16(sd, uint16(len(entries)))
	sd = append(sd, 0, 0)
	return append(sd, list...)
}

func entriesOf(sd []byte) string { return hex.EncodeToString(sd[28:]) }

func TestDenyChangePassword(t *testing.T) {
	for name, tc := range map[string]struct {
		before  []string
		changed bool
		after   string
	}{
		"new account":               {[]string{allowSelf, allowAll, inherited}, true, denySelf + denyEveryone + allowSelf + allowAll + inherited},
		"denied already":            {[]string{denySelf, denyEveryone, allowSelf}, false, ""},
		"denied in the other order": {[]string{denyEveryone, denySelf, allowSelf}, false, ""},
		"denied too late":           {[]string{allowSelf, denySelf, denyEveryone}, true, denySelf + denyEveryone + allowSelf},
		"only half":                 {[]string{denyEveryone, allowSelf}, true, denySelf + denyEveryone + allowSelf},
		"empty list":                {nil, true, denySelf + denyEveryone},
	} {
		t.Run(name, func(t *testing.T) {
			sd := descriptor(t, 0x8c04, tc.before...)
			kept := bytes.Clone(sd)
			got, changed, err := acl.DenyChangePassword(sd)
			require.NoError(t, err)
			assert.Equal(t, tc.changed, changed)
			assert.Equal(t, kept, sd, "the argument is left as it was")
			if !changed {
				assert.Equal(t, sd, got)
				return
			}
			assert.Equal(t, tc.after, entriesOf(got))
			assert.Equal(t, uint16(0x8404), binary.LittleEndian.Uint16(got[2:]), "no SACL, inheritance kept")
			again, changed, err := acl.DenyChangePassword(got)
			require.NoError(t, err)
			assert.False(t, changed)
			assert.Equal(t, got, again)

			back, changed, err := acl.AllowChangePassword(got)
			require.NoError(t, err)
			assert.True(t, changed)
			assert.NotContains(t, entriesOf(back), denySelf)
			_, changed, err = acl.AllowChangePassword(back)
			require.NoError(t, err)
			assert.False(t, changed)
		})
	}
}

func TestHostileDescriptors(t *testing.T) {
	good := descriptor(t, 0x8004, allowSelf)
	change := func(offset int, b ...byte) []byte {
		sd := bytes.Clone(good)
		copy(sd[offset:], b)
		return sd
	}
	for name, sd := range map[string][]byte{
		"empty": nil, "short": good[:19], "cut": good[:len(good)-1], "other revision": change(0, 2), "not self-relative": change(2, 4, 0),
		"no DACL": change(2, 0, 0x80), "DACL nowhere": change(16, 0, 0, 0, 0), "DACL in the head": change(16, 4),
		"DACL behind the end": change(16, 0xff, 0xff, 0xff, 0xff), "DACL at the end": change(16, byte(len(good)-4)),
		"list too long": change(34, 0xff, 0xff), "list too short": change(34, 4, 0), "too many entries": change(36, 9),
		"entry of no size": change(42, 0, 0), "entry too long": change(42, 0xff),
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := acl.DenyChangePassword(sd)
			assert.Error(t, err)
			_, _, err = acl.AllowChangePassword(sd)
			assert.Error(t, err)
		})
	}
	full := make([]string, 0, 1637)
	for range cap(full) {
		full = append(full, allowSelf)
	}
	_, _, err := acl.DenyChangePassword(descriptor(t, 0x8004, full...))
	assert.ErrorContains(t, err, "at most")
}

func FuzzChangePassword(f *testing.F) {
	t := &testing.T{}
	f.Add(descriptor(t, 0x8c04, allowSelf, allowAll, inherited))
	f.Add(descriptor(t, 0x8004, denySelf, denyEveryone, allowSelf))
	f.Fuzz(func(t *testing.T, sd []byte) {
		denied, changed, err := acl.DenyChangePassword(sd)
		if err != nil {
			return
		}
		if _, again, err := acl.DenyChangePassword(denied); err != nil || again {
			t.Fatalf("denied twice: %v %v", again, err)
		}
		if changed {
			if _, changed, err = acl.AllowChangePassword(denied); err != nil || !changed {
				t.Fatalf("not taken back: %v %v", changed, err)
			}
		}
	})
}
