package files

import (
	"encoding/binary"
	"os"
	"syscall"
)

// Tags and the right to write of POSIX access lists, by linux/posix_acl.h, and the size
// of an entry behind the 4 bytes of a version, by linux/posix_acl_xattr.h.
const (
	listUser    = 0x02
	listOwning  = 0x04 // the file's own group
	listGroup   = 0x08
	listMask    = 0x10
	listWrite   = 2
	listEntry   = 8
	listVersion = 4
)

// accessList is who may write by the access list of what is at a path: users and groups
// that it names, and whether the own group is among them. ok is false where there is
// none: then the mode says all.
func accessList(path string) (users, groups []uint32, own, ok bool) {
	size, err := syscall.Getxattr(path, "system.posix_acl_access", nil)
	if err != nil || size <= listVersion {
		return nil, nil, false, false
	}
	list := make([]byte, size)
	if size, err = syscall.Getxattr(path, "system.posix_acl_access", list); err != nil || size != len(list) {
		return nil, nil, false, false
	}
	mask := uint16(listWrite)
	for entry := list[listVersion:]; len(entry) >= listEntry; entry = entry[listEntry:] {
		if tag := binary.LittleEndian.Uint16(entry); tag == listMask {
			mask = binary.LittleEndian.Uint16(entry[2:])
		}
	}
	for entry := list[listVersion:]; len(entry) >= listEntry; entry = entry[listEntry:] {
		if binary.LittleEndian.Uint16(entry[2:])&mask&listWrite == 0 {
			continue
		}
		switch id := binary.LittleEndian.Uint32(entry[4:]); binary.LittleEndian.Uint16(entry) {
		case listUser:
			users = append(users, id)
		case listGroup:
			groups = append(groups, id)
		case listOwning:
			own = true
		}
	}
	return users, groups, own, true
}

// namedIn lists whom an access list lets write, besides root and, where mine, the running
// user; group is the own group. ok is false where there is none.
func namedIn(path string, group uint32, mine bool) (others []string, ok bool) {
	users, groups, own, ok := accessList(path)
	for _, id := range users {
		if id != 0 && !(mine && int(id) == os.Geteuid()) {
			others = append(others, "the user "+userName(id))
		}
	}
	if own {
		groups = append(groups, group)
	}
	for _, id := range groups {
		if id != 0 && !(mine && ownGroup(id)) {
			others = append(others, "the group "+groupName(id))
		}
	}
	return others, ok
}
