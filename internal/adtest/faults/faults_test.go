package faults_test

import (
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adtest/faults"
)

var tried, broken atomic.Int64

// TestMain tells at the end how many scenarios there were. They wait most of the time,
// so six of them run at once, unless -parallel says another number.
func TestMain(m *testing.M) {
	atOnce := flag.Lookup("test.parallel")
	_ = atOnce.Value.Set("6")
	flag.Parse()
	code := m.Run()
	fmt.Printf("%d scenarios, %d held, %d broken\n", tried.Load(), tried.Load()-broken.Load(), broken.Load())
	os.Exit(code)
}

// whole reports whether all scenarios may run, or one of each kind of request and
// fault.
func whole() bool { return named() || os.Getenv("AD_USER_SYNC_FAULTS") == "all" }

// named reports whether -run names a scenario, or several.
func named() bool { return strings.Count(flag.Lookup("test.run").Value.String(), "/") >= 2 }

// scenario is a scene in which one fault is given.
type scenario struct {
	scene int
	at    faults.Point
	fault faults.Fault
}

// grid is every scenario, as the undisturbed runs count requests.
func grid(counts []map[faults.Kind]int) []scenario {
	var all []scenario
	for i := range counts {
		for _, kind := range faults.Kinds {
			for n := range counts[i][kind] {
				for _, fault := range faults.Faults() {
					if fault.At(kind) {
						all = append(all, scenario{i, faults.Point{Kind: kind, N: n + 1}, fault})
					}
				}
			}
		}
	}
	return all
}

// sample is one of each kind of request and fault, not always of the same scene.
func sample(all []scenario) []scenario {
	type group struct {
		kind  faults.Kind
		fault string
	}
	groups := map[group]map[int][]int{} // by scene, as indexes
	for i, s := range all {
		g := group{s.at.Kind, s.fault.Name}
		if groups[g] == nil {
			groups[g] = map[int][]int{}
		}
		groups[g][s.scene] = append(groups[g][s.scene], i)
	}
	chosen := map[int]bool{}
	for g, scenes := range groups {
		h := fnv.New32a()
		_, _ = fmt.Fprint(h, g)
		choice := int(h.Sum32() >> 8)
		indexes := scenes[slices.Sorted(maps.Keys(scenes))[choice%len(scenes)]]
		chosen[indexes[choice%len(indexes)]] = true
	}
	var some []scenario
	for i, s := range all {
		if chosen[i] {
			some = append(some, s)
		}
	}
	return some
}

func TestFaults(t *testing.T) {
	place := newMemory(t)
	stage := newStage(t, place)
	for _, k := range plan.Kinds() {
		if !stage.kinds[k] && k != plan.Name { // whose answer creates, renames or adopts
			t.Errorf("no scene has a run that does %q", k)
		}
	}
	all := grid(stage.counts)
	if !whole() {
		all = sample(all)
	}
	stage.play(t, all, place.world)
}

// TestFaultsOnSamba returns one of each kind of request and fault to a real
// controller, whose answers take requests of their own to read.
func TestFaultsOnSamba(t *testing.T) {
	if !whole() {
		return // "make faults" does
	}
	stage := newStage(t, newMemory(t))
	stage.short = 4 * time.Second // a busy machine's rename takes more than one, which would be a second fault
	for i := range stage.scenes {
		if stage.scenes[i].inMemory {
			stage.counts[i] = nil
			continue
		}
		stage.counts[i], _ = samba(t, &stage.scenes[i]).undisturbed(&stage.scenes[i])
	}
	all := grid(stage.counts)
	if !named() {
		all = sample(all)
	}
	stage.play(t, all, samba)
}
