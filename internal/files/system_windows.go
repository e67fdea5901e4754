package files

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// Both are nothing here: to make a link takes a right of its own, and no file is a pipe.
const noFollow, noWait = 0, 0

// severalNames: no one here is root in the folder of another.
func severalNames(os.FileInfo) bool { return false }

// Append returns nil: no one here is root in the folder of another.
func Append(string) (*os.File, error) { return nil, nil }

// open outlasts the moment in which the file is being replaced.
func open(path string) (f *os.File, err error) {
	err = patiently(func() error { f, err = os.Open(path); return err })
	return f, err
}

func outlastLease(open func() (*os.File, error)) (*os.File, error) { return open() }

func rename(from, to string) error {
	return patiently(func() error { return os.Rename(from, to) })
}

// patiently tries for about two seconds: virus scanners, indexers and readers
// that did not share deletion hold files for moments.
func patiently(do func() error) error {
	const tries = 11
	for try := 1; ; try++ {
		err := do()
		if err == nil || try == tries || !busy(err) {
			return err
		}
		time.Sleep(time.Duration(try) * 35 * time.Millisecond)
	}
}

func busy(err error) bool {
	return errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_SHARING_VIOLATION) ||
		errors.Is(err, windows.ERROR_LOCK_VIOLATION)
}

// markInUse has nothing to do: a file that is open cannot be removed here.
func markInUse(*os.File) {}

func inUse(temp string) bool {
	f, err := os.OpenFile(temp, os.O_RDWR, 0)
	if err != nil {
		return true
	}
	_ = f.Close()
	return false
}

// exchangeable: to replace a file takes the right to delete it.
func exchangeable(target string, _ fs.FileInfo) error {
	name, err := windows.UTF16PtrFromString(target)
	if err != nil {
		return err
	}
	const all = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	handle, err := windows.CreateFile(name, windows.DELETE, all, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) { // for a moment
		return nil
	}
	if err != nil {
		return err
	}
	return windows.CloseHandle(handle)
}
