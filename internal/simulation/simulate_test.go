package simulation

import (
	"flag"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

var (
	wantedDays = flag.Int("days", 0, "simulate that many days; -1: until told to stop")
	firstSeed  = flag.Uint64("seed", 1, "the first life")
	lifeDays   = flag.Int("life", 365, "days of a life")
	small      = flag.Bool("shrink", true, "shrink what breaks")
	without    = flag.String("without", "", "kinds of events that do not happen, by commas")
	story      = flag.String("story", "", "events to replay of -seed, as a breach lists them")
)

// A few lives, whatever else is tested.
func TestLives(t *testing.T) {
	for seed := uint64(1); seed <= 4; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := newWorld(seed)
			defer w.end()
			if broken := w.live(90); broken != nil {
				t.Error(lifeText(w, broken))
			}
		})
	}
}

// One seed decides everything.
func TestOneSeedDecidesEverything(t *testing.T) {
	var traces []string
	for range 2 {
		w := newWorld(1)
		w.live(60)
		w.end()
		traces = append(traces, strings.Join(w.trace, "\n"))
	}
	if traces[0] != traces[1] {
		t.Error("the same seed gave another life:\n" + difference(traces[0], traces[1]))
	}
	other := newWorld(2)
	defer other.end()
	other.live(60)
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

// make simulate
func TestSimulate(t *testing.T) {
	if *wantedDays == 0 {
		t.Skip("a run of its own: make simulate")
	}
	debug.SetGCPercent(400)
	began, days, breaks := time.Now(), 0, 0
	for seed := *firstSeed; *wantedDays < 0 || days < *wantedDays; seed++ {
		length := *lifeDays
		if *wantedDays > 0 {
			length = min(length, *wantedDays-days)
		}
		w := newWorld(seed)
		broken := w.live(length)
		w.end()
		days += w.day
		if broken != nil {
			breaks++
			text := lifeText(w, broken)
			if *small {
				text = shrink(seed, w, broken)
			}
			fmt.Printf("day %d of all: %s\n", days, text)
			t.Errorf("seed %d: %s", seed, broken)
		}
		if seed%20 == 0 || broken != nil {
			fmt.Printf("%d days, %d seeds, %d breaks, %.0f days a second\n", days, seed-*firstSeed+1, breaks, float64(days)/time.Since(began).Seconds())
		}
	}
	fmt.Printf("%d days, %d breaks, in %s\n", days, breaks, time.Since(began).Round(time.Second))
}

// Replays what a breach printed, with all that was done: -seed and -story.
func TestReplay(t *testing.T) {
	if *story == "" {
		t.Skip("takes -seed and -story")
	}
	w, broken := replay(*firstSeed, *lifeDays, strings.Split(*story, " "))
	t.Log(strings.Join(w.trace, "\n"))
	if broken != nil {
		t.Error(broken)
	}
}

func lifeText(w *world, b *breach) string {
	return fmt.Sprintf("seed %d, day %d, %s\n%s", w.seed, w.day, b, strings.Join(w.story[max(0, len(w.story)-60):], "\n"))
}
