package approval

import (
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Both sessions are told of each other: in the page, whether it is loaded or was open
// before, and on the terminal.
func TestSessionsKnowOfEachOther(t *testing.T) {
	var others atomic.Pointer[[]string]
	meet := func(who ...string) { others.Store(&who) }
	meet("anna, process 77 on HOST, since 2026-11-22 08:00 UTC")
	s, b := opened(t, &paperDesk{view: sample()}, func(o *Options) { o.Others = func() []string { return *others.Load() } })

	b.sees("Another session is open: anna, process 77 on HOST, since 2026-11-22 08:00 UTC.")
	meet("anna, process 77 on HOST, since 2026-11-22 08:00 UTC", "ben\u202e, process 78 on HOST, since 2026-11-22 08:05 UTC")
	b.sees("Other sessions are open: anna,")
	s.read("ben[U+202E], process 78 on HOST, since 2026-11-22 08:05 UTC. Both may go on")
	b.sees("U+202E")
	meet()
	s.read("No other approval session is open any more.")
	b.seesNot("Other sessions are open")
	b.click(of("id-enable-jane.doe"), "Enable")
	b.gone("id-enable-jane.doe")
	assert.Contains(t, s.log.String(), "other approval sessions")
}
