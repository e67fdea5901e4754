//go:build unix

package plan_test

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// BenchmarkMake measures matching, names and decision together: the processor's time for
// one of so many people, and that against one of fewer. A million, with SCALE set, takes
// some 10 GiB, most of it for the people.
func BenchmarkMake(b *testing.B) {
	large := []int{10_000, 100_000}
	if os.Getenv("SCALE") != "" {
		large = append(large, 1_000_000)
	}
	type kind struct {
		what  string
		sizes []int
		world func(n int) *world
	}
	kinds := []kind{
		{"unchanged", large, func(n int) *world { return many(n, n) }},
		{"changed", large[:2], func(n int) *world { return many(n, 2) }},
		{"new", large, newcomers},
		{"conflicts", []int{1_000, 10_000}, conflicts},
		{"went over", []int{1_000, 10_000}, goneOver},
		{"namesakes", []int{1_000, 10_000}, namesakes},
	}
	for _, h := range hard {
		kinds = append(kinds, kind{h.what, []int{2_000, 20_000}, h.world})
	}
	for _, c := range kinds {
		each := 0.0
		for _, n := range c.sizes {
			b.Run(fmt.Sprintf("%s/%d", c.what, n), func(b *testing.B) { each = benchmark(b, n, c.world(n).input(), each) })
		}
	}
}

// benchmark returns the microseconds that one of n people takes; before is what one
// took of fewer.
func benchmark(b *testing.B, n int, in plan.Input, before float64) (each float64) {
	var began, ended runtime.MemStats
	runtime.ReadMemStats(&began)
	at := processor(b)
	for b.Loop() {
		sketch := plan.Begin(in)
		sketch.Unknown()
		sketch.Make()
	}
	took := processor(b) - at
	runtime.ReadMemStats(&ended)
	people := float64(b.N) * float64(n)
	each = float64(took.Microseconds()) / people
	b.ReportMetric(each, "µs/user")
	b.ReportMetric(float64(ended.Mallocs-began.Mallocs)/people, "allocs/user")
	if before > 0 {
		b.ReportMetric(each/before, "growth")
	}
	return each
}

// processor is the time that this process has had, which other load hardly changes.
func processor(b *testing.B) time.Duration {
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
