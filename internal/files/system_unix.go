//go:build unix

package files

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// noFollow refuses to open a link.
const noFollow = syscall.O_NOFOLLOW

func createPrivate(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}

// MkdirPrivate makes a folder, and those above it that are missing, for the
// owner alone. One that exists stays as it is.
func MkdirPrivate(path string) error { return os.MkdirAll(path, 0o700) }

// takeAccess gives temp its mode and, where the process may, the owner and
// group of the file that it replaces.
func takeAccess(temp, _ string, mode fs.FileMode, before fs.FileInfo) error {
	if before != nil {
		if stat, ok := before.Sys().(*syscall.Stat_t); ok {
			_ = os.Lchown(temp, int(stat.Uid), int(stat.Gid))
		}
	}
	return os.Chmod(temp, mode)
}

func open(path string) (*os.File, error) { return os.Open(path) }

func rename(from, to string) error { return os.Rename(from, to) }

// syncFolder makes the rename itself durable. Some file systems cannot.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	err = f.Sync()
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
	return access{write: info.Mode()&0o002 != 0, read: info.Mode()&0o004 != 0}, nil
}

// folderAccessOf lets sticky folders pass: only the owner of a file exchanges
// it there.
func folderAccessOf(folder string) (access, error) {
	info, err := os.Stat(folder)
	if err != nil {
		return access{}, err
	}
	return access{write: info.Mode()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0}, nil
}

func adviceWrite(path string) string { return "chmod o-w '" + path + "'" }
func adviceRead(path string) string  { return "chmod o-r '" + path + "'" }
