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
	f, err := createBeside(filepath.Join(folder, "ad-user-sync-check"))
	if err != nil {
		return fmt.Errorf("write into the folder %s: %w", folder, cause(err))
	}
	_, err = f.Write(make([]byte, roomNeeded))
	err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	if err != nil {
		return fmt.Errorf("write into the folder %s: %w", folder, cause(err))
	}
	return nil
}

// Changeable reports whether the running user can change a file, or exchange it in
// its folder.
func Changeable(path string) bool {
	if f, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
		_ = f.Close()
		return true
	}
	return Writable(filepath.Dir(path)) == nil
}
