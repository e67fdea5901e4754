package files

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// account is who is asked about, with the groups of the account.
type account struct {
	uid    uint32
	name   string
	groups []uint32 // the own one first
}

// CheckReadBy tells, where root asks, why the owner of a folder could not read a file
// that is there, judging by modes: of files with an access list nothing is told.
func CheckReadBy(folder, path string) error {
	if os.Geteuid() != 0 || path == "" {
		return nil
	}
	owner, others := ofAnother(os.Stat(folder))
	if !others {
		return nil
	}
	who, err := accountOf(owner.Uid)
	if err != nil {
		return nil // not an account of this machine
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	if target, err := filepath.EvalSymlinks(full); err == nil {
		full = target
	}
	for i, part := range upwards(full) {
		info, err := os.Stat(part)
		if err != nil {
			return nil
		}
		if size, err := syscall.Getxattr(part, "system.posix_acl_access", nil); err == nil && size > 0 {
			continue
		}
		need, advice := fs.FileMode(4), who.advice(part, info, "r")
		if i > 0 {
			need, advice = 1, who.advice(part, info, "x")
		}
		if !who.may(info, need) {
			return fmt.Errorf("%s, to whom %s belongs, cannot read %s: %s has the rights %s; let the account: %s", who.name, folder, path, part, info.Mode(), advice)
		}
	}
	return nil
}

func accountOf(uid uint32) (account, error) {
	u, err := user.LookupId(strconv.FormatUint(uint64(uid), 10))
	if err != nil {
		return account{}, err
	}
	a := account{uid: uid, name: u.Username}
	ids, err := u.GroupIds()
	for _, id := range append([]string{u.Gid}, ids...) {
		if n, err := strconv.ParseUint(id, 10, 32); err == nil {
			a.groups = append(a.groups, uint32(n))
		}
	}
	return a, err
}

// may judges by the one class of the mode that applies (path_resolution(7)).
func (a account) may(info fs.FileInfo, need fs.FileMode) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return true
	}
	switch {
	case a.uid == 0:
		return true
	case stat.Uid == a.uid:
		need <<= 6
	case slices.Contains(a.groups, stat.Gid):
		need <<= 3
	}
	return info.Mode()&need == need
}

// advice is the command that gives the right.
func (a account) advice(path string, info fs.FileInfo, right string) string {
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return ""
	case stat.Uid == a.uid:
		return "chmod u+" + right + " " + path
	case slices.Contains(a.groups, stat.Gid):
		return "chmod g+" + right + " " + path
	case len(a.groups) == 0:
		return ""
	}
	return "chgrp " + groupName(a.groups[0]) + " " + path + " && chmod g+" + right + " " + path
}

// adviceToRead is what root types so that the running user can read a file; "" where
// that cannot be told.
func adviceToRead(path string) string {
	info, err := os.Stat(path)
	if err != nil || os.Geteuid() == 0 {
		return ""
	}
	me, err := accountOf(uint32(os.Geteuid()))
	if err != nil || me.may(info, 4) {
		return ""
	}
	return me.advice(path, info, "r")
}
