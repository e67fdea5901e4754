package files_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

// entry of a POSIX access list, by linux/posix_acl_xattr.h.
type entry struct {
	tag, perm uint16
	id        uint32
}

const noID = 0xffffffff

// Whoever an access list names, its mode has no more than the most that any of them may:
// of a file of root's own group, too, which is no one else's.
func TestAccessListsNameWhoElse(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root has files of root's group")
	}
	const other = 54321
	owner, group, everybody := entry{0x01, 6, noID}, entry{0x04, 4, noID}, entry{0x20, 4, noID}
	mask := func(perm uint16) entry { return entry{0x10, perm, noID} }
	for name, c := range map[string]struct {
		list []entry
		want string
	}{
		"no one else":             {list: []entry{owner, {0x02, 6, 0}, group, mask(6), everybody}},
		"a user":                  {list: []entry{owner, {0x02, 6, other}, group, mask(6), everybody}, want: "the user 54321"},
		"a group":                 {list: []entry{owner, group, {0x08, 6, other}, mask(6), everybody}, want: "the group 54321"},
		"a user who reads":        {list: []entry{owner, {0x02, 4, other}, group, mask(6), everybody}},
		"a user whom a mask bars": {list: []entry{owner, {0x02, 6, other}, group, mask(4), everybody}},
		"root's own group":        {list: []entry{owner, {0x02, 4, other}, {0x04, 6, noID}, mask(6), everybody}},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, "config.json")
			require.NoError(t, os.WriteFile(path, nil, 0o600))
			for i, object := range []string{path, folder} {
				list := binary.LittleEndian.AppendUint32(nil, 2)
				for _, e := range c.list {
					if i == 1 { // to go into a folder
						e.perm |= 1
					}
					list = binary.LittleEndian.AppendUint16(list, e.tag)
					list = binary.LittleEndian.AppendUint16(list, e.perm)
					list = binary.LittleEndian.AppendUint32(list, e.id)
				}
				if err := syscall.Setxattr(object, "system.posix_acl_access", list, 0); errors.Is(err, syscall.ENOTSUP) {
					t.Skip("this file system has no access lists")
				} else {
					require.NoError(t, err)
				}
				for _, err := range []error{files.CheckControlled(path), files.CheckAdministered(path)} {
					if c.want == "" {
						assert.NoError(t, err)
						continue
					}
					assert.ErrorContains(t, err, c.want)
				}
				require.NoError(t, syscall.Removexattr(object, "system.posix_acl_access"))
				require.NoError(t, os.Chmod(object, 0o700))
			}
		})
	}
}
