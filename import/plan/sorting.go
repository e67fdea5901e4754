package plan

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// sortTexts sorts texts that begin differently, mostly, faster than slices.Sort: it
// compares them without looking for them in memory.
func sortTexts(list []string) {
	if slices.IsSorted(list) {
		return
	}
	sorted := make([]prefixed, len(list))
	for i, text := range list {
		sorted[i] = prefixed{prefixOf(text), text}
	}
	slices.SortFunc(sorted, func(a, b prefixed) int {
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		return strings.Compare(a.text, b.text)
	})
	for i := range sorted {
		list[i] = sorted[i].text
	}
}

// prefixed is a text and its beginning.
type prefixed struct {
	prefix uint64
	text   string
}

// prefixOf is the first eight bytes, as a number that compares as the texts do, unless
// it is equal.
func prefixOf(text string) uint64 {
	if len(text) < 8 {
		var padded [8]byte
		copy(padded[:], text)
		return binary.BigEndian.Uint64(padded[:])
	}
	return binary.BigEndian.Uint64([]byte(text[:8]))
}
