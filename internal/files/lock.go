package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/gofrs/flock"
)

// ErrLocked means that another process held the lock for the whole wait.
var ErrLocked = errors.New("in use by another run")

// lockRetry is the time between two attempts.
const lockRetry = 100 * time.Millisecond

// Lock takes the lock file at path for this process, waiting for at most wait.
// A link is refused: what it leads to would be written to.
// The file stays behind, empty of names, after unlock; the system frees the
// lock of a process that ends. The error after the wait names the holder.
func Lock(ctx context.Context, path string, wait time.Duration) (unlock func(), err error) {
	if err := CheckLinks(filepath.Dir(path)); err != nil {
		return nil, lockFault(path, err)
	}
	if err := createLock(path); err != nil {
		return nil, lockFault(path, err)
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDWR|noFollow))
	if err := acquire(ctx, lock, wait); err != nil {
		return nil, lockFault(path, err)
	}
	if err := writeHolder(path, whoAmI(time.Now())); err != nil {
		_ = lock.Unlock()
		return nil, lockFault(path, err)
	}
	return func() {
		_ = writeHolder(path, "")
		_ = lock.Unlock()
	}, nil
}

// lockFault says what to do where access to a lock file was denied; nil stays nil.
func lockFault(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("lock %s: %w", path, cause(err))
	case !Exists(path):
		return fmt.Errorf("lock %s: %w", path, noNewFile(path, err))
	}
	return fmt.Errorf("lock %s: %w. Give %s the right to read and change it, or remove it while no run is under way; docs/operation.md has more under \"Two users of one machine\"",
		path, explained(path, err), userHere())
}

func acquire(ctx context.Context, lock *flock.Flock, wait time.Duration) error {
	locked, err := lock.TryLock()
	if locked || err != nil {
		return err
	}
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	_, err = lock.TryLockContext(waiting, lockRetry)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w, waited %s: held by %s; wait for it, or end it", ErrLocked, wait, holder(lock.Path()))
	}
	return err
}

func createLock(path string) error {
	f, err := createPrivate(path, "")
	if errors.Is(err, fs.ErrExist) {
		return checkRegular(path)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString("\n")
	return errors.Join(err, f.Close())
}

func checkRegular(path string) error {
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return errors.New("it is a link or the like, not a file; remove it")
	}
	return err
}

// The holder is written behind the first byte, which is the locked one on
// Windows and cannot be read there by others, in a field of fixed size, since
// a locked file should not be truncated.
const (
	holderAt   = 1
	holderSize = 400
)

func writeHolder(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|noFollow, 0)
	if err != nil {
		return err
	}
	text = strings.ToValidUTF8(text[:min(len(text), holderSize)], "")
	_, err = f.WriteAt([]byte(text+strings.Repeat(" ", holderSize-len(text))+"\n"), holderAt)
	return errors.Join(err, f.Close())
}

func holder(path string) string {
	const unknown = "a process that left no name"
	f, err := os.Open(path)
	if err != nil {
		return unknown
	}
	defer func() { _ = f.Close() }()
	field := make([]byte, holderSize)
	n, _ := f.ReadAt(field, holderAt)
	text := strings.TrimSpace(strings.Map(visible, string(field[:n])))
	if text == "" {
		return unknown
	}
	return text
}

func visible(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return -1
}

func whoAmI(since time.Time) string {
	host, err := os.Hostname()
	if err != nil {
		host = "an unknown host"
	}
	return fmt.Sprintf("%s, process %d on %s, since %s", userHere(), os.Getpid(), host, since.UTC().Format(time.RFC3339))
}

func userHere() string {
	me, err := user.Current()
	if err != nil {
		return "an unknown user"
	}
	return me.Username
}
