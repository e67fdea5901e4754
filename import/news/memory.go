package news

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
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

// Memory is what was told, in a file beside the resolutions. It names no one.
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

const maxMemory = 1 << 20

// Recall reads the memory; one that does not exist is empty. With an error it is
// empty, too: then news is told again.
func Recall(path string) (m Memory, err error) {
	data, err := files.ReadOwn(path, maxMemory)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Memory{}, nil
	case err != nil:
		return Memory{}, err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return Memory{}, fmt.Errorf("read what was told by mail, %s: %w", path, err)
	}
	return m, nil
}

// Keep replaces the memory.
func (m Memory) Keep(path string) error {
	return files.Replace(path, 0o600, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", " ")
		return encoder.Encode(m)
	})
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
func (m Memory) Silent(now time.Time) bool { return now.Sub(m.Mailed) >= signOfLife }

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
