package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Exists reports whether there is anything of this name.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// roomNeeded is less than a ledger needs, and more than a full disk has.
const roomNeeded = 64 << 10

// Writable tells why no file could be made or replaced in a folder; nil where
// one can. A file is made there, filled a little and removed at once: nothing else
// tells on every system, and a full disk still takes empty files.
func Writable(folder string) error {
	return place{folder: folder, name: checked}.writable()
}

const checked = "ad-user-sync-check"

func (p place) writable() error {
	f, name, err := p.createBeside()
	if err != nil {
		return fmt.Errorf("write into the folder %s: %w", p.folder, explained(p.folder, err))
	}
	_, err = f.Write(make([]byte, roomNeeded))
	err = errors.Join(err, f.Close(), p.remove(name))
	if err != nil {
		return fmt.Errorf("write into the folder %s: %w", p.folder, cause(err))
	}
	return nil
}

// CheckReplace tells why Replace could not give the file at path other content, nil
// where it could. CheckLock does for Lock, whoever holds the lock at the moment.
func CheckReplace(path string) error {
	p, err := replaceable(path)
	if err != nil {
		return err
	}
	defer p.close()
	if err := (place{root: p.root, folder: p.folder, name: p.name}).writable(); err != nil {
		return err
	}
	if p.before != nil {
		if err := exchangeable(p.target(), p.before); err != nil {
			return fmt.Errorf("replace %s: %w", path, explained(p.target(), err))
		}
	}
	return nil
}

// CheckLock says more at CheckReplace.
func CheckLock(path string) error {
	p, err := locateIn(path)
	if err != nil {
		return lockFault(path, err)
	}
	defer p.close()
	err = p.checkRegular()
	if errors.Is(err, fs.ErrNotExist) {
		return place{root: p.root, folder: p.folder, name: checked}.writable()
	}
	if err == nil {
		var f *os.File
		if f, err = p.change(); err == nil {
			err = f.Close()
		}
	}
	return lockFault(path, err)
}

// CheckRead tells why an existing file could not be read.
func CheckRead(path string) error { return checkOpen("read", path, os.O_RDONLY) }

// CheckAppend tells why nothing could be added to an existing file.
func CheckAppend(path string) error { return checkOpen("write to", path, os.O_WRONLY|os.O_APPEND) }

func checkOpen(doing, path string, flag int) error {
	err := opens(path, flag)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fmt.Errorf("%s %s: %w", doing, path, explained(path, err))
}

func opens(path string, flag int) error {
	f, err := os.OpenFile(path, flag|noWait, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = Special(info)
	}
	return errors.Join(err, f.Close())
}

// explained is the cause of an error; where access to what is there was denied, with
// whose it is, and who was denied.
func explained(path string, err error) error {
	if !errors.Is(err, fs.ErrPermission) {
		return cause(err)
	}
	owner, rights := ownerOf(path)
	if owner == "" {
		return cause(err)
	}
	return fmt.Errorf("%w: it belongs to the user %s%s, and this runs as %s", cause(err), owner, rights, userHere())
}

// noNewFile says so of the folder of a file, where it refuses it.
func noNewFile(path string, err error) error {
	if !errors.Is(err, fs.ErrPermission) {
		return cause(err)
	}
	folder := filepath.Dir(path)
	return fmt.Errorf("the folder %s takes no new file: %w", folder, explained(folder, err))
}

// Changeable reports whether the running user can change a file, or exchange it in
// its folder.
func Changeable(path string) bool {
	if f, err := os.OpenFile(path, os.O_WRONLY|noWait, 0); err == nil {
		_ = f.Close()
		return true
	}
	return Writable(filepath.Dir(path)) == nil
}
