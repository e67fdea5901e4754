package simulation

import (
	"fmt"
	"slices"
	"strings"
)

// replay is a life in which only these events happen.
func replay(seed uint64, days int, events []string) (*world, *breach) {
	kept := map[string]bool{}
	for _, e := range events {
		kept[strings.ReplaceAll(e, "_", " ")] = true
	}
	w := newWorld(seed)
	defer w.end()
	w.chosen = func(day int, name string) bool { return kept[event{day, name}.String()] }
	broken := w.live(days)
	return w, broken
}

// mostTries bounds how long one breach is looked at.
const mostTries = 400

// shrink switches events off as long as the same rule is broken, and tells what
// is left.
func shrink(seed uint64, w *world, broken *breach) string {
	days, rule := w.day, broken.Rule
	events := slices.Clone(w.happened)
	tries := 0
	breaks := func(some []string) bool {
		if tries++; tries > mostTries {
			return false
		}
		_, b := replay(seed, days, some)
		return b != nil && b.Rule == rule
	}
	if !breaks(events) {
		return lifeText(w, broken) + "\n(could not be shrunk)"
	}
	chunks := func(size, until int) {
		for ; size > until; size /= 2 {
			for from := 0; from < len(events); {
				rest := slices.Concat(events[:from], events[min(from+size, len(events)):])
				if breaks(rest) {
					events = rest
				} else {
					from += size
				}
			}
		}
	}
	chunks(len(events)/2, len(events)/16) // what was long ago, first
	for _, k := range kinds {
		rest := slices.DeleteFunc(slices.Clone(events), func(e string) bool { return strings.HasSuffix(e, "/"+k.name) })
		if len(rest) < len(events) && breaks(rest) {
			events = rest
		}
	}
	chunks(len(events)/2, 0)
	least, last := replay(seed, days, events)
	if last == nil {
		return lifeText(w, broken) + "\n(broken once, and not again)"
	}
	for i := range events {
		events[i] = strings.ReplaceAll(events[i], " ", "_")
	}
	return fmt.Sprintf("%s\nshrunk from %d events to %d:\n%s\nreplay: -seed %d -story %q", last, len(w.happened), len(events), strings.Join(least.trace, "\n"), seed, strings.Join(events, " "))
}
