package files

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Mark tells others that this process is at work beside them. The system ends a mark with
// its process, however that ends.
type Mark struct {
	prefix, path string
	lock         *flock.Flock
}

const (
	markWait   = 2 * time.Second // for a look at it by another process
	markSettle = time.Minute     // until a mark that no one holds is removed: its process may be about to
	markDoubt  = 24 * time.Hour  // how long one that may not be read counts
)

// MakeMark makes a file whose name begins with prefix. Every user of the machine who
// can reach it can read it: it says who, where, and since when.
func MakeMark(ctx context.Context, prefix string) (*Mark, error) {
	path := prefix + rand.Text()[:randomChars]
	fault := func(err error) (*Mark, error) {
		_ = os.Remove(path)
		return nil, fmt.Errorf("tell others of this process by %s: %w", path, cause(err))
	}
	f, err := createPrivate(path, "")
	if err != nil {
		return fault(err)
	}
	err = f.Chmod(0o644)
	_ = f.Close()
	if err != nil {
		return fault(err)
	}
	m := &Mark{prefix: prefix, path: path, lock: flock.New(path, flock.SetFlag(os.O_RDWR|noFollow))}
	if err := acquire(ctx, m.lock, markWait); err != nil {
		return fault(err)
	}
	if err := writeHolder(path, whoAmI(time.Now())); err != nil {
		_ = m.lock.Unlock()
		return fault(err)
	}
	return m, nil
}

// Remove ends the mark.
func (m *Mark) Remove() {
	_ = m.lock.Unlock()
	_ = os.Remove(m.path)
}

// Others tells who else has a mark of the same prefix, in a fixed order.
func (m *Mark) Others() []string {
	folder, name := filepath.Split(m.prefix)
	entries, _ := os.ReadDir(cmp.Or(folder, ".")) // what cannot be seen cannot be told
	var others []string
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		if !strings.HasPrefix(e.Name(), name) || path == filepath.Clean(m.path) {
			continue
		}
		if who := marked(path); who != "" {
			others = append(others, who)
		}
	}
	slices.Sort(others)
	return others
}

// marked tells whose mark a file is; "" where its process has ended.
func marked(path string) string {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY|noFollow))
	free, err := lock.TryRLock()
	switch age := time.Since(info.ModTime()); {
	case free:
		_ = lock.Unlock()
		if age > markSettle {
			_ = os.Remove(path)
		}
		return ""
	case err != nil && age > markDoubt:
		return ""
	case err != nil:
		return "someone whose mark this user may not read (" + path + ")"
	}
	return holder(path)
}
