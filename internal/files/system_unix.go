//go:build unix

package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	noFollow = syscall.O_NOFOLLOW // refuses to open a link
	noWait   = syscall.O_NONBLOCK // opens a named pipe without waiting for its other end
)

// createPrivate makes a file for its owner alone. What root makes in the folder
// of another user belongs to that user, who otherwise could not read it.
func createPrivate(path, _ string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	giveToOwner(f, func() (fs.FileInfo, error) { return os.Stat(filepath.Dir(path)) })
	return f, nil
}

func giveToOwner(f *os.File, folder func() (fs.FileInfo, error)) {
	if os.Geteuid() != 0 {
		return
	}
	if owner, others := ofAnother(folder()); others {
		_ = f.Chown(int(owner.Uid), int(owner.Gid))
	}
}

// ofAnother reports whether a folder belongs to a user who is not root, and to whom.
func ofAnother(folder fs.FileInfo, err error) (*syscall.Stat_t, bool) {
	if err != nil || folder.Mode()&fs.ModeSticky != 0 {
		return nil, false
	}
	owner, ok := folder.Sys().(*syscall.Stat_t)
	return owner, ok && owner.Uid != 0
}

// Append opens a file to write at its end where that has to be done with care: by root
// in the folder of another user, or below one, who may put links there. Elsewhere it
// returns nil. A link that others could have made is refused.
func Append(path string) (*os.File, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	p, err := walk(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer p.close()
	owner, direct := ofAnother(p.root.Stat("."))
	if !direct && !slices.ContainsFunc(upwards(p.folder), func(folder string) bool { _, others := ofAnother(os.Stat(folder)); return others }) {
		return nil, nil
	}
	f, err := p.root.OpenFile(p.name, os.O_WRONLY|os.O_APPEND|os.O_CREATE|noWait, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); !info.Mode().IsRegular() {
			err = fmt.Errorf("%s: %w", path, ErrNotRegular)
		} else if severalNames(info) {
			err = fmt.Errorf("%s has another name as well; name a file of its own", path)
		} else if ok && stat.Uid == 0 && direct {
			err = f.Chown(int(owner.Uid), int(owner.Gid))
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// severalNames: what is written to such a file is in another place as well.
func severalNames(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Nlink > 1
}

// MkdirPrivate makes a folder, and those above it that are missing, for the
// owner alone. One that exists stays as it is.
func MkdirPrivate(path string) error { return os.MkdirAll(path, 0o700) }

// Mkdir does so without following links that others could have made. What root makes in
// the folder of another user belongs to that user.
func Mkdir(path string) error {
	p, err := locateIn(path)
	if errors.Is(err, fs.ErrNotExist) {
		above := filepath.Dir(filepath.Clean(path))
		if above == filepath.Clean(path) {
			return fmt.Errorf("the folder that this program was started in is gone: %w; start it in another one", cause(err))
		}
		if err := Mkdir(above); err != nil {
			return err
		}
		p, err = locateIn(path)
	}
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.mkdir(); !errors.Is(err, fs.ErrExist) {
		return err
	}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return &fs.PathError{Op: "mkdir", Path: path, Err: syscall.ENOTDIR}
	}
	return nil
}

// takeAccess sets the mode of temp and, where the process may, the owner and
// group of the file that it replaces. It goes by the open file: whoever owns the
// folder may have put another one, or a link, under the name.
func takeAccess(temp *os.File, _ string, mode fs.FileMode, before fs.FileInfo) error {
	if before != nil {
		if stat, ok := before.Sys().(*syscall.Stat_t); ok {
			_ = temp.Chown(int(stat.Uid), int(stat.Gid))
		}
	}
	return temp.Chmod(mode)
}

func open(path string) (*os.File, error) {
	return outlastLease(func() (*os.File, error) { return os.OpenFile(path, os.O_RDONLY|noWait, 0) })
}

// leaseBreak is how long Linux lets a file server keep a lease that another needs
// (fs.lease-break-time).
const leaseBreak = 45 * time.Second

// outlastLease opens with noWait. That waits for no pipe, and for no lease that a file server
// holds on a file for its client either: this it asks for again, until it is given back.
func outlastLease(open func() (*os.File, error)) (f *os.File, err error) {
	for end := time.Now().Add(leaseBreak + time.Second); ; time.Sleep(50 * time.Millisecond) {
		if f, err = open(); !errors.Is(err, syscall.EAGAIN) || time.Now().After(end) {
			return f, err
		}
	}
}

func rename(from, to string) error { return os.Rename(from, to) }

// markInUse shows others that a temporary file is being written. Some file systems
// have no locks.
func markInUse(temp *os.File) { _ = syscall.Flock(int(temp.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

func inUse(temp string) bool {
	f, err := os.OpenFile(temp, os.O_RDWR|noFollow|noWait, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}

func syncFolder(f *os.File) error {
	err := f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, f.Close())
}

func accessOf(file string) (access, error) {
	info, err := os.Stat(file)
	if err != nil {
		return access{}, err
	}
	return access{write: everybodyIf(info.Mode()&0o002 != 0), read: everybodyIf(info.Mode()&0o004 != 0)}, nil
}

// folderAccessOf lets sticky folders pass: only the owner of a file exchanges
// it there.
func folderAccessOf(folder string) (access, error) {
	info, err := os.Stat(folder)
	if err != nil {
		return access{}, err
	}
	return access{write: everybodyIf(info.Mode()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0)}, nil
}

func everybodyIf(may bool) []string {
	if may {
		return []string{"everybody on this computer"}
	}
	return nil
}

// ownerOf returns who owns what is there, and its rights; "" where that cannot be read.
func ownerOf(path string) (owner, rights string) {
	info, err := os.Stat(path)
	if err != nil {
		return "", ""
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		owner, rights = userName(stat.Uid), " ("+info.Mode().String()+")"
	}
	return owner, rights
}

// exchangeable: in a sticky folder only the owners of file and folder may
// replace a file (rename(2)).
func exchangeable(target string, before fs.FileInfo) error {
	folder, err := os.Stat(filepath.Dir(target))
	if err != nil || folder.Mode()&fs.ModeSticky == 0 || os.Geteuid() == 0 {
		return err
	}
	for _, info := range []fs.FileInfo{before, folder} {
		if stat, ok := info.Sys().(*syscall.Stat_t); !ok || int(stat.Uid) == os.Geteuid() {
			return nil
		}
	}
	return syscall.EPERM
}

func userName(id uint32) string {
	text := strconv.FormatUint(uint64(id), 10)
	if u, err := user.LookupId(text); err == nil {
		return u.Username
	}
	return text
}

func groupName(id uint32) string {
	text := strconv.FormatUint(uint64(id), 10)
	if g, err := user.LookupGroupId(text); err == nil {
		return g.Name
	}
	return text
}

// Administrator reports whether the running user administers this computer.
func Administrator() bool { return os.Geteuid() == 0 }

// linkOwner is the owner of a link who is neither root nor the running user; "": no such one.
func linkOwner(info fs.FileInfo) string {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Uid == 0 || int(stat.Uid) == os.Geteuid() {
		return ""
	}
	return "its owner, the user " + userName(stat.Uid)
}

func (a access) writers() string { return strings.Join(a.write, ", ") }
func (a access) readers() string { return strings.Join(a.read, ", ") }

// stranger: who owns a file here can change it as who is named in its mode;
// CheckControlled judges both.
func stranger(string) (string, error) { return "", nil }

func adviceWrite(path string, _ []string) string { return "chmod o-w '" + path + "'" }
func adviceRead(path string, _ []string) string  { return "chmod o-r '" + path + "'" }
func adviceOwner(path string) string             { return "chown root '" + path + "'" }
