package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// noticeOf is said once, with the names of all whom it concerns.
func (d *draft) noticeOf(p *person, text string) {
	if d.concerned[text] == nil {
		d.concerned[text] = map[*person]bool{}
	}
	d.concerned[text][p] = true
}

func (d *draft) noticeConcerned() {
	for _, text := range slices.Sorted(maps.Keys(d.concerned)) {
		var names []string
		for p := range d.concerned[text] {
			names = append(names, d.show.person(p).CN)
		}
		slices.Sort(names)
		d.notice(text + ": " + someOf(names))
	}
}

// manyNames is how many people a notice names.
const manyNames = 20

func someOf(names []string) string { return strings.Join(some(names), ", ") }

func some(names []string) []string {
	if n := len(names); n > manyNames {
		return append(names[:manyNames:manyNames], fmt.Sprintf("and %d more", n-manyNames))
	}
	return names
}

func (d *draft) notice(text string) {
	if !d.noticed[text] {
		d.noticed[text] = true
		d.plan.Notices = append(d.plan.Notices, text)
	}
}
