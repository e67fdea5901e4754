package bench

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
)

// cost of one run.
type cost struct {
	wall, cpu, dc time.Duration
	peak          int // MiB
}

func (c cost) work() time.Duration { return c.cpu + c.dc }

// run runs a command and returns what it costs this machine and the controller.
func run(b *testing.B, d adtest.Domain, cmd *exec.Cmd) cost {
	b.Helper()
	c, err := try(b, d, cmd)
	require.NoError(b, err)
	return c
}

func try(b *testing.B, d adtest.Domain, cmd *exec.Cmd) (cost, error) {
	b.Helper()
	var out bytes.Buffer
	cmd.Stderr = &out
	if cmd.Stdout == nil {
		cmd.Stdout = &out
	}
	before, began := d.CPU(), time.Now()
	require.NoError(b, cmd.Start())
	ended := make(chan struct{})
	peak := make(chan int)
	go func() { peak <- watch(cmd.Process.Pid, ended) }()
	err := cmd.Wait()
	c := cost{wall: time.Since(began)}
	close(ended)
	c.peak = <-peak
	if err != nil {
		return c, fmt.Errorf("%v: %w: %s", cmd.Args, err, tail(out.String()))
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	c.dc = d.CPU() - before
	return c, nil
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// watch returns the largest resident size. That of the rusage would begin with
// the size of the process that started this one.
func watch(pid int, ended <-chan struct{}) (peak int) {
	for {
		select {
		case <-ended:
			return peak
		case <-time.After(5 * time.Millisecond):
		}
		text, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
		if found := highWater.FindSubmatch(text); found != nil {
			n, _ := strconv.Atoi(string(found[1]))
			peak = max(peak, n>>10)
		}
	}
}

func tail(s string) string { return s[max(0, len(s)-2000):] }

func median[T cmp.Ordered](all []T) T {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// row of the table: a program and, where there is one to compare with, a tool.
type row struct {
	what, program string
	people        int
	ours, tool    []cost
	searches      int     // beyond pages and ranges
	growth        float64 // of work a person, against the smaller number of people
}

func of[T any](costs []cost, f func(cost) T) (all []T) {
	for _, c := range costs {
		all = append(all, f(c))
	}
	return all
}

// ratio is the median of those of the pairs.
func (r row) ratio(f func(cost) time.Duration) string {
	var all []float64
	for i := range r.tool {
		all = append(all, float64(f(r.ours[i]))/float64(max(f(r.tool[i]), time.Millisecond)))
	}
	if len(all) == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", median(all))
}

func (r row) String() string {
	wall := func(c cost) time.Duration { return c.wall }
	seconds := func(costs []cost, f func(cost) time.Duration) string {
		if len(costs) == 0 {
			return ""
		}
		return fmt.Sprintf("%.2f", median(of(costs, f)).Seconds())
	}
	known := func(format string, value float64) string {
		if value == 0 {
			return ""
		}
		return fmt.Sprintf(format, value)
	}
	return fmt.Sprintf("| %-27s | %9d | %-12s | %7s | %7s | %5s | %7s | %7s | %5s | %6s | %5d | %8s |", r.what, r.people, r.program,
		seconds(r.ours, wall), seconds(r.tool, wall), r.ratio(wall), seconds(r.ours, cost.work), seconds(r.tool, cost.work), r.ratio(cost.work),
		known("%.2f", r.growth), slices.Max(of(r.ours, func(c cost) int { return c.peak })), known("%.0f", float64(r.searches)))
}

const head = `| what                        |    people | program      | wall s  |  tool s | ratio | cpu+dc  |    tool | ratio | growth |   MiB | searches |
|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|`
