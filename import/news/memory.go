package news

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"ad-user-sync/internal/files"
)

// How long the same news is not repeated, and how often a sign of life is given. Both
// are a little less than a day and a week: a daily task does not start at the same second.
const (
	repeated   = 20 * time.Hour
	signOfLife = 7*24*time.Hour - 4*time.Hour
)

// Memory is what was told of the import into one managed container, in a file beside the
// resolutions, which others may share. It names no one.
type Memory struct {
	Told   []Told    `json:"told"`            // of the last run, and not over yet
	Mailed time.Time `json:"mailed,omitzero"` // the last mail
	Looked time.Time `json:"looked,omitzero"` // the last run that had a look
}

// Told is one piece of news.
type Told struct {
	Kind   Kind      `json:"kind"`
	Digest string    `json:"digest"`
	At     time.Time `json:"at"`
}

// Path is the memory that belongs to a resolutions file.
func Path(resolutions string) string {
	return strings.TrimSuffix(resolutions, ".json") + ".told.json"
}

// kept is the file: memories by container. That of an earlier version is of the only one.
type kept struct {
	Containers map[string]Memory `json:"containers,omitempty"`
	Memory
}

const maxMemory = 1 << 20

func load(path string) (k kept, err error) {
	data, err := files.ReadOwn(path, maxMemory)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return kept{}, nil
	case err != nil:
		return kept{}, err
	}
	if err := json.Unmarshal(data, &k); err != nil {
		return kept{}, fmt.Errorf("read what was told by mail, %s: %w", path, err)
	}
	return k, nil
}

func (k kept) save(path string) error {
	return files.Replace(path, 0o600, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", " ")
		return encoder.Encode(map[string]any{"containers": k.Containers})
	})
}

// Recall reads the memory of a container (ledger.PlaceOf); one that does not exist is
// empty. With an error it is empty, too: then news is told again.
func Recall(path, container string) (Memory, error) {
	k, err := load(path)
	if m, ok := k.Containers[container]; ok || len(k.Containers) > 0 {
		return m, err
	}
	return k.Memory, err
}

// Keep replaces the memory of a container. A file that cannot be read is begun anew.
func (m Memory) Keep(path, container string) error {
	k, _ := load(path)
	if k.Containers == nil {
		k.Containers = map[string]Memory{}
	}
	k.Containers[container] = m
	return k.save(path)
}

// Forget takes the memory of a container away, and the file with the last one.
func Forget(path, container string) error {
	k, err := load(path)
	delete(k.Containers, container)
	if err != nil || len(k.Containers) == 0 {
		return os.Remove(path)
	}
	return k.save(path)
}

// Due is what of the items is new, or was told long ago.
func (m Memory) Due(items []Item, now time.Time) (due []Item) {
	for _, item := range items {
		if at, told := m.told(item); !told || at.After(now) || now.Sub(at) >= repeated { // a clock was wrong
			due = append(due, item)
		}
	}
	return due
}

// Over reports whether nothing is left of what was told.
func (m Memory) Over(items []Item) bool { return len(items) == 0 && len(m.Told) > 0 }

// Silent reports whether it is time for a sign of life.
func (m Memory) Silent(now time.Time) bool {
	return m.Mailed.After(now) || now.Sub(m.Mailed) >= signOfLife // a clock was wrong
}

// Lately reports whether a run had a look within so much time.
func (m Memory) Lately(within time.Duration, now time.Time) bool {
	return !m.Looked.After(now) && now.Sub(m.Looked) < within
}

// After is the memory after a run: what is over is forgotten, and, where a mail was
// sent, what was due is told.
func (m Memory) After(items, due []Item, mailed bool, now time.Time) Memory {
	next := Memory{Told: []Told{}, Mailed: m.Mailed, Looked: now.UTC()}
	for _, item := range items {
		at, told := m.told(item)
		if mailed && slices.ContainsFunc(due, func(d Item) bool { return d.Kind == item.Kind && d.Digest == item.Digest }) {
			at, told = now.UTC(), true
		}
		if told {
			next.Told = append(next.Told, Told{item.Kind, item.Digest, at})
		}
	}
	if mailed {
		next.Mailed = now.UTC()
	}
	return next
}

func (m Memory) told(item Item) (time.Time, bool) {
	for _, t := range m.Told {
		if t.Kind == item.Kind && t.Digest == item.Digest {
			return t.At, true
		}
	}
	return time.Time{}, false
}
