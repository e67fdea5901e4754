package files

import (
	"context"
	"crypto/rand"
	"errors"
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
	place  place
	prefix string // of names in its folder
	lock   *flock.Flock
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
		return nil, fmt.Errorf("tell others of this process by %s: %w", path, cause(err))
	}
	p, err := locateIn(path)
	if err != nil {
		return fault(err)
	}
	m := &Mark{place: p, prefix: filepath.Base(prefix)}
	f, err := p.create(p.name, "")
	if err == nil {
		err = errors.Join(f.Chmod(0o644), f.Close())
	}
	if err == nil {
		m.lock, err = p.hold(ctx, markWait)
	}
	if err != nil {
		_ = p.remove(p.name)
		p.close()
		return fault(err)
	}
	return m, nil
}

// Remove ends the mark.
func (m *Mark) Remove() {
	_ = m.lock.Unlock()
	_ = m.place.remove(m.place.name)
	m.place.close()
}

// Others tells who else has a mark of the same prefix, in a fixed order.
func (m *Mark) Others() []string {
	entries, _ := m.place.entries() // what cannot be seen cannot be told
	var others []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), m.prefix) || e.Name() == m.place.name {
			continue
		}
		if who := (place{root: m.place.root, folder: m.place.folder, name: e.Name()}).marked(); who != "" {
			others = append(others, who)
		}
	}
	slices.Sort(others)
	return others
}

// marked tells whose mark a file is; "" where its process has ended.
func (p place) marked() string {
	info, err := p.lstat(p.name)
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	lock := flock.New(p.target(), flock.SetFlag(os.O_RDONLY|noFollow|noWait))
	free, err := lock.TryRLock()
	switch age := time.Since(info.ModTime()); {
	case free:
		_ = lock.Unlock()
		if age > markSettle {
			_ = p.remove(p.name)
		}
		return ""
	case err != nil && age > markDoubt:
		return ""
	case err != nil:
		return "someone whose mark this user may not read (" + p.target() + ")"
	}
	return p.holder()
}
