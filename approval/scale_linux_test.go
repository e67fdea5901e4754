package approval

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Five thousand questions are usable two seconds after the address was opened, in a tab of
// less than 150 MB. Of several tabs the best counts; on a machine that has more to do than it
// has processors, time says nothing, and BenchmarkQuestions has to be asked again.
func TestFiveThousandQuestionsAreUsableInTwoSeconds(t *testing.T) {
	const tries = 5
	s := serve(t, &paperDesk{view: many(5000)}, brisk, func(o *Options) { o.Config.TerminateOnBrowserClose = false })
	look(t, s.address).until(`performance.getEntriesByName("usable").length`) // the browser has started
	usable, memory := 1e9, 1<<40
	for range tries {
		before := renderers(t)
		b := look(t, s.enter())
		b.until(`performance.getEntriesByName("usable").length`)
		usable = min(usable, eval[float64](b, `performance.getEntriesByName("usable")[0].startTime`))
		b.sees("5,000 questions about 5,000 people")
		tab := 0 // besides a spare process that Chromium keeps
		for pid, size := range renderers(t) {
			if _, old := before[pid]; !old {
				tab = max(tab, size)
			}
		}
		memory = min(memory, tab)
		b.close()
		if usable < 2000 && memory < 150<<20 {
			break
		}
	}
	t.Logf("usable after %.0f ms, in a tab of %d MiB", usable, memory>>20)
	if busy := load(t); busy > float64(runtime.NumCPU()) && usable >= 2000 {
		t.Logf("not judged: this machine has a load of %.1f", busy)
	} else {
		assert.Less(t, usable, 2000.0, "ms")
	}
	assert.Less(t, memory, 150<<20, "bytes")
}

func load(t *testing.T) float64 {
	t.Helper()
	text, err := os.ReadFile("/proc/loadavg")
	require.NoError(t, err)
	average, err := strconv.ParseFloat(strings.Fields(string(text))[0], 64)
	require.NoError(t, err)
	return average
}

// renderers are the processes of this test's tabs, by their number, with their memory in
// bytes, of what several share a part (Pss in proc(5)).
func renderers(t *testing.T) map[string]int {
	t.Helper()
	all := map[string]int{}
	list, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	for _, path := range list {
		command, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(command, []byte("--type=renderer")) || !ours(filepath.Dir(path)) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(filepath.Dir(path), "smaps_rollup"))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			if rest, is := strings.CutPrefix(line, "Pss:"); is {
				kB, err := strconv.Atoi(strings.Fields(rest)[0])
				require.NoError(t, err)
				all[filepath.Base(filepath.Dir(path))] = kB << 10
			}
		}
	}
	return all
}

// ours reports whether a process was started by this one, or by what it started.
func ours(process string) bool {
	for range 10 {
		text, err := os.ReadFile(filepath.Join(process, "stat"))
		if err != nil {
			return false
		}
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // state, parent
		if fields[1] == strconv.Itoa(os.Getpid()) {
			return true
		}
		process = "/proc/" + fields[1]
	}
	return false
}
