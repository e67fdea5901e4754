package faults_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest/faults"
)

// stage knows of each scene how it goes undisturbed.
type stage struct {
	scenes []scene
	short  time.Duration         // how long a controller may be silent where the fault is that it is
	counts []map[faults.Kind]int // requests
	first  []sight               // what the directory shows after the run
	waits  [][]string            // what waits for a person after it
	would  []string              // what it tells it would do, where it only looks
	last   []sight               // what the directory shows after the clean runs
	open   [][]string            // what waits for a person then
	kinds  map[plan.Kind]bool    // of actions that any scene does
}

func newStage(t *testing.T, place *memory) *stage {
	st := &stage{scenes: newScenes(), short: time.Second, kinds: map[plan.Kind]bool{}}
	for i := range st.scenes {
		s := &st.scenes[i]
		w := place.world(t, s)
		counts, said := w.undisturbed(s)
		if said.report != nil {
			for a := range said.report.Actions.All() {
				st.kinds[plan.Kind(a.Type)] = true
			}
		}
		st.counts, st.first = append(st.counts, counts), append(st.first, w.look())
		st.waits, st.would = append(st.waits, said.open), append(st.would, would(said.report))
		if s.again != nil {
			said = w.settle(s)
			require.Equal(t, s.after, w.look().String(), s.name)
		}
		st.last, st.open = append(st.last, w.look()), append(st.open, said.open)
	}
	return st
}

// undisturbed runs a scene through a proxy that gives no fault, and counts.
func (w *world) undisturbed(s *scene) (map[faults.Kind]int, told) {
	proxy := &faults.Proxy{}
	w.patience = longPatience
	options := w.through(proxy)
	said := s.run(w.t.Context(), w, func() (*ad.Client, error) { return ad.Connect(w.t.Context(), options) })
	w.mustAs(s, said)
	return proxy.Counts(), said
}

// settle runs undisturbed until nothing is written, three times at most, or as often as
// the scene wants.
func (w *world) settle(s *scene) told {
	w.t.Helper()
	for range max(3, s.most) {
		w.later()
		before := w.admin.Operations()
		said := s.again(w)
		w.mustAs(s, said)
		after := w.admin.Operations()
		if before.Adds == after.Adds && before.Modifies == after.Modifies && before.Renames == after.Renames {
			return said
		}
	}
	require.Fail(w.t, "the last clean run still writes")
	return told{}
}

// play runs scenarios under their names.
func (st *stage) play(t *testing.T, all []scenario, world func(*testing.T, *scene) *world) {
	for i := range st.scenes {
		t.Run(st.scenes[i].name, func(t *testing.T) {
			t.Parallel()
			for _, points := range grouped(all, i) {
				t.Run(fmt.Sprintf("%s-%d", points[0].at.Kind, points[0].at.N), func(t *testing.T) {
					t.Parallel()
					for _, s := range points {
						t.Run(s.fault.Name, func(t *testing.T) {
							t.Parallel()
							tried.Add(1)
							defer func() {
								if t.Failed() {
									broken.Add(1)
								}
							}()
							st.try(t, s, world)
						})
					}
				})
			}
		})
	}
}

// try plays one scenario, with more patience where a machine that is busy made the
// program give up before the fault was given.
func (st *stage) try(t *testing.T, s scenario, world func(*testing.T, *scene) *world) {
	scene := &st.scenes[s.scene]
	patience := longPatience
	if s.fault.Silent() {
		patience = st.short
	}
	for ; ; patience *= 4 {
		w := world(t, scene)
		w.patience = patience
		if scene.try(st, w, s) {
			return
		}
		require.Less(t, patience, longPatience, "the fault was given")
	}
}

// longPatience is more than anything takes that is answered.
const longPatience = 20 * time.Second

// grouped are the scenarios of a scene by their points.
func grouped(all []scenario, scene int) [][]scenario {
	var groups [][]scenario
	for _, s := range all {
		if s.scene != scene {
			continue
		}
		if last := len(groups) - 1; last >= 0 && groups[last][0].at == s.at {
			groups[last] = append(groups[last], s)
		} else {
			groups = append(groups, []scenario{s})
		}
	}
	return groups
}

// tryImport runs one scenario and judges it.
func (st *stage) tryImport(w *world, s scenario) (given bool) {
	t, scene := w.t, &st.scenes[s.scene]
	outside := w.outside()
	o := oracle{before: w.look(), after: st.first[s.scene], waits: st.waits[s.scene], would: st.would[s.scene]}
	whole := oracle{before: o.before, after: st.last[s.scene]}
	var mu sync.Mutex
	var wrong []string
	judge := func() {
		mu.Lock()
		defer mu.Unlock()
		wrong = append(wrong, whole.between(w.look())...)
	}
	proxy := &faults.Proxy{At: s.at, Fault: s.fault, AfterWrite: judge}
	options := w.through(proxy)
	said := scene.run(t.Context(), w, func() (*ad.Client, error) { return ad.Connect(t.Context(), options) })
	if !proxy.Given() {
		return false
	}
	wrong = append(wrong, o.truth(w, said, w.look())...)
	assert.Empty(t, strings.Join(wrong, "\n"), "%s", said)

	after := w.settle(scene)
	assert.Equal(t, st.last[s.scene].String(), w.look().String(), "after the clean runs")
	assert.Equal(t, st.open[s.scene], after.open, "what waits for a person")
	assert.Empty(t, strings.Join(whole.between(w.look()), "\n"))
	assert.Equal(t, outside, w.outside(), "nothing is written outside of the container and the mapped groups")
	return true
}
