package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
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
	p, err := locateIn(path)
	if err != nil {
		return nil, lockFault(path, err)
	}
	err = p.createLock()
	var lock *flock.Flock
	if err == nil {
		lock, err = p.hold(ctx, wait)
	}
	if err != nil {
		p.close()
		return nil, lockFault(path, err)
	}
	return func() {
		_ = p.writeHolder(lock, "")
		_ = lock.Unlock()
		p.close()
	}, nil
}

// hold takes the lock, and writes down who has it.
func (p place) hold(ctx context.Context, wait time.Duration) (*flock.Flock, error) {
	lock := flock.New(p.target(), flock.SetFlag(os.O_RDWR|noFollow|noWait))
	if err := p.acquire(ctx, lock, wait); err != nil {
		return nil, err
	}
	if err := p.writeHolder(lock, whoAmI(time.Now())); err != nil {
		_ = lock.Unlock()
		return nil, err
	}
	return lock, nil
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

func (p place) acquire(ctx context.Context, lock *flock.Flock, wait time.Duration) error {
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
		return fmt.Errorf("%w, waited %s: held by %s; wait for it, or end it", ErrLocked, wait, p.holder())
	}
	return err
}

func (p place) createLock() error {
	f, err := p.create(p.name, "")
	if errors.Is(err, fs.ErrExist) {
		return p.checkRegular()
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString("\n")
	return errors.Join(err, f.Close())
}

func (p place) checkRegular() error {
	info, err := p.lstat(p.name)
	if err == nil && !info.Mode().IsRegular() {
		return errors.New("it is a link or the like, not a file; remove it")
	}
	if err == nil && severalNames(info) {
		return errors.New("it has another name as well; remove it")
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

// writeHolder writes to the file that is locked, and to no other that has its name by now.
func (p place) writeHolder(lock *flock.Flock, text string) error {
	f, err := p.change()
	if err != nil {
		return err
	}
	locked, err := lock.Stat()
	if err == nil {
		err = p.same(f, locked)
	}
	if err == nil {
		text = strings.ToValidUTF8(text[:min(len(text), holderSize)], "")
		_, err = f.WriteAt([]byte(text+strings.Repeat(" ", holderSize-len(text))+"\n"), holderAt)
	}
	return errors.Join(err, f.Close())
}

// same says so where an open file is another one than was looked at.
func (p place) same(f *os.File, looked fs.FileInfo) error {
	info, err := f.Stat()
	if err == nil && !os.SameFile(info, looked) {
		err = exchanged(p.target())
	}
	return err
}

func (p place) holder() string {
	const unknown = "a process that left no name"
	info, err := p.lstat(p.name)
	if err != nil || !info.Mode().IsRegular() {
		return unknown
	}
	f, err := p.open()
	if err != nil {
		return unknown
	}
	defer func() { _ = f.Close() }()
	if p.same(f, info) != nil {
		return unknown
	}
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
	return fmt.Sprintf("%s, process %d on %s, since %s", userHere(), os.Getpid(), host, since.UTC().Format("2006-01-02 15:04 UTC"))
}

func userHere() string {
	me, err := user.Current()
	if err != nil {
		return "an unknown user"
	}
	return me.Username
}
