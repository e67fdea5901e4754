package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// noticeOf is said once, with the names of all whom it concerns.
func (m *maker) noticeOf(p *person, text string) {
	if m.concerned[text] == nil {
		m.concerned[text] = map[*person]bool{}
	}
	m.concerned[text][p] = true
}

func (m *maker) noticeConcerned() {
	for _, text := range slices.Sorted(maps.Keys(m.concerned)) {
		var names []string
		for p := range m.concerned[text] {
			names = append(names, m.display(p).CN)
		}
		slices.Sort(names)
		m.notice(text + ": " + someOf(names))
	}
}

// manyNames is how many people a notice names.
const manyNames = 20

func someOf(names []string) string {
	if n := len(names); n > manyNames {
		names = append(names[:manyNames:manyNames], fmt.Sprintf("and %d more", n-manyNames))
	}
	return strings.Join(names, ", ")
}

func (m *maker) notice(text string) {
	if !m.noticed[text] {
		m.noticed[text] = true
		m.plan.Notices = append(m.plan.Notices, text)
	}
}
