package simulation

import (
	"flag"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	wantedDays = flag.Int("days", 180, "how many days; -1: until told to stop")
	lifeDays   = flag.Int("life", 60, "days of a life")
	firstSeed  = flag.Uint64("seed", 1, "the first life")
	first      = flag.Bool("first", false, "end with the first breach")
	small      = flag.Bool("shrink", true, "shrink what breaks")
	without    = flag.String("without", "", "kinds of events that do not happen, by commas")
	story      = flag.String("story", "", "events to replay of the first life, as a breach lists them")
)

// Life after life. "make test" has a few, "make simulate" as many as are wanted.
func TestLives(t *testing.T) {
	debug.SetGCPercent(1600)
	if *story != "" {
		w, broken := replay(*firstSeed, *lifeDays, strings.Split(*story, " "))
		t.Log(strings.Join(w.trace, "\n"))
		if broken != nil {
			t.Error(broken)
		}
		return
	}
	s := sum{began: time.Now(), counts: map[string]int{}}
	for seed := *firstSeed; *wantedDays < 0 || s.days < *wantedDays; seed++ {
		if broken := s.life(seed, *wantedDays); broken != "" {
			fmt.Println(broken)
			if t.Errorf("seed %d is broken", seed); *first {
				break
			}
		}
	}
	fmt.Println(s)
	for _, what := range slices.Sorted(maps.Keys(s.counts)) {
		fmt.Printf("%7d %s\n", s.counts[what], what)
	}
}

// sum of many lives.
type sum struct {
	began, shown        time.Time
	days, seeds, breaks int
	counts              map[string]int // events that came to something, and exit codes
}

func (s sum) String() string {
	took := time.Since(s.began)
	return fmt.Sprintf("%d days, %d seeds, %d breaks, %.0f days a second", s.days, s.seeds, s.breaks, float64(s.days)/took.Seconds())
}

func (s *sum) life(seed uint64, most int) (text string) {
	length := *lifeDays
	if most > 0 {
		length = min(length, most-s.days)
	}
	w := newWorld(seed)
	defer w.end()
	broken := w.live(length)
	s.days, s.seeds = s.days+w.day, s.seeds+1
	for what, n := range w.counts {
		s.counts[what] += n
	}
	if broken != nil {
		s.breaks++
		fmt.Printf("day %d of all: seed %d, day %d, %s\n", s.days, seed, w.day, broken)
		if text = lifeText(w, broken); *small {
			text = shrink(seed, w, broken)
		}
	}
	if time.Since(s.shown) > 20*time.Second {
		s.shown = time.Now()
		fmt.Println(s)
	}
	return text
}

// One seed decides everything.
func TestOneSeedDecidesEverything(t *testing.T) {
	var traces []string
	for range 2 {
		w := newWorld(1)
		w.live(40)
		w.end()
		traces = append(traces, strings.Join(w.trace, "\n"))
	}
	if traces[0] != traces[1] {
		t.Error("the same seed gave another life:\n" + difference(traces[0], traces[1]))
	}
	other := newWorld(2)
	defer other.end()
	other.live(40)
	if strings.Join(other.trace, "\n") == traces[0] {
		t.Error("another seed gave the same life")
	}
}

func difference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n" + y[i]
		}
	}
	return fmt.Sprint(len(x), " lines, and ", len(y))
}

// What a breach lists happens again as it did.
func TestReplay(t *testing.T) {
	w := newWorld(3)
	defer w.end()
	w.live(30)
	again, _ := replay(3, 30, w.happened)
	if a, b := strings.Join(w.trace, "\n"), strings.Join(again.trace, "\n"); a != b {
		t.Error("the replay went another way:\n" + difference(a, b))
	}
}

func lifeText(w *world, b *breach) string {
	return fmt.Sprintf("seed %d, day %d, %s\n%s", w.seed, w.day, b, strings.Join(append(w.story[max(0, len(w.story)-60):], w.trace[max(0, len(w.trace)-1):]...), "\n"))
}
