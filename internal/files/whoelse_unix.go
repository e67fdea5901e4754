//go:build unix

package files

import (
	"io/fs"
	"os"
	"syscall"
)

// whoElse lists who may change an object, besides root and, where mine, the running user: its
// owner, its group, everybody. A group that is the running user's alone does not
// count, nor who may only add files to a sticky folder. A POSIX access list is read.
func whoElse(path string, _, mine bool) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	return whoElseBy(path, info, mine), nil
}

func whoElseBy(path string, info fs.FileInfo, mine bool) []string {
	var others []string
	stat, ok := info.Sys().(*syscall.Stat_t)
	if ok && stat.Uid != 0 && !(mine && int(stat.Uid) == os.Geteuid()) {
		others = append(others, "its owner, the user "+userName(stat.Uid))
	}
	if info.IsDir() && info.Mode()&fs.ModeSticky != 0 {
		return others
	}
	if ok && info.Mode()&0o020 != 0 {
		named, listed := namedIn(path, stat.Gid, mine)
		others = append(others, named...)
		if !listed && stat.Gid != 0 && !(mine && ownGroup(stat.Gid)) {
			others = append(others, "the group "+groupName(stat.Gid))
		}
	}
	if info.Mode()&0o002 != 0 {
		others = append(others, "everybody")
	}
	return others
}

// ownGroup reports whether a group is the running user's private one, as many
// systems make one for each user.
func ownGroup(id uint32) bool {
	return int(id) == os.Getegid() && groupName(id) == userName(uint32(os.Geteuid()))
}
