package approval

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The page draws what is looked at: people follow as their end comes into view, so
// that five thousand take no more room than a hundred.
func TestFiveThousandQuestions(t *testing.T) {
	desk := &paperDesk{view: many(5000)}
	s := serve(t, desk, brisk)
	b := look(t, s.address)
	b.until(`performance.getEntriesByName("usable").length`)
	drawn := `document.querySelectorAll("#open article").length`
	assert.GreaterOrEqual(t, eval[int](b, drawn), 10, "more than fit into a window")
	b.sees("5,000 questions about 5,000 people")
	b.sees("Show more people (4,940)")
	assert.Equal(t, 60, eval[int](b, drawn))
	eval[bool](b, `(window.scrollTo(0, document.body.scrollHeight), true)`)
	b.until(drawn + " > 60")
	b.sees("Show more people")
	assert.Less(t, eval[int](b, `document.querySelectorAll("*").length`), 60_000)

	b.click("#open .tools", "Select all shown (5000)")
	b.sees("5000 selected")
	eval[bool](b, `(window.scrollTo(0, document.body.scrollHeight), true)`)
	b.until(`[...document.querySelectorAll("#open article .pick")].every((p) => p.checked)`)
	b.click(".bulk", "Clear")
	b.fill("#open input[type=search]", "number0777")
	b.sees("1 of 5,000 questions shown")
	b.click("#open article", "Enable")
	b.fill("#open input[type=search]", " ")
	b.sees("4,999 questions about 4,999 people")
	assert.Equal(t, 60, eval[int](b, drawn), "a filter begins at the top")
	assert.Len(t, desk.taken(), 1)
}

// BenchmarkQuestions measures what a person waits for: from the
// address to the first questions with their buttons, and single clicks.
func BenchmarkQuestions(b *testing.B) {
	for _, n := range []int{1000, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkQuestions(b, n) })
	}
}

func benchmarkQuestions(b *testing.B, n int) {
	s := serve(b, &paperDesk{view: many(n)}, brisk, func(o *Options) { o.Config.TerminateOnBrowserClose = false })
	look(b, s.address).until(`document.querySelectorAll("#open article").length === 60`) // the browser has started
	var usable, selecting, filtering float64
	for b.Loop() {
		p := look(b, s.enter())
		p.until(`performance.getEntriesByName("usable").length`)
		usable += eval[float64](p, `performance.getEntriesByName("usable")[0].startTime`)
		p.until(`document.querySelectorAll("#open article").length === 60`)
		took := func(action string) float64 {
			return eval[float64](p, `(() => { const start = performance.now(); `+action+`; document.body.offsetHeight; return performance.now() - start; })()`)
		}
		selecting += took(`document.querySelector("#open .all input").click()`)
		filtering += took(`(() => { const s = document.querySelector("#open select"); s.value = "enable"; s.dispatchEvent(new Event("change")); })()`)
		p.close()
	}
	for name, sum := range map[string]float64{"usable": usable, "select-all": selecting, "filter": filtering} {
		b.ReportMetric(sum/float64(b.N), name+"-ms")
	}
}
