package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The page can be used once it has drawn what fits into the window; the rest
// follows in steps that leave room for clicks.
func TestAThousandQuestions(t *testing.T) {
	desk := &paperDesk{view: many(1000)}
	s := serve(t, desk, brisk)
	b := look(t, s.address)
	b.until(`performance.getEntriesByName("usable").length`)
	drawn := eval[int](b, `performance.getEntriesByName("usable")[0].detail`)
	assert.LessOrEqual(t, drawn, 30, "questions drawn before the page can be used")
	assert.GreaterOrEqual(t, drawn, 10, "more than fit into a window")
	b.sees("1,000 questions about 1,000 people")
	b.until(`document.querySelectorAll("#open article").length === 1000`)

	b.click("#open .tools", "Select all shown (1000)")
	b.sees("1000 selected")
	b.click(".bulk", "Clear")
	b.fill("#open input[type=search]", "number0777")
	b.sees("1 of 1,000 questions shown")
	b.click("#open article", "Enable")
	b.fill("#open input[type=search]", " ")
	b.sees("999 questions about 999 people")
	assert.Len(t, desk.taken(), 1)
}

// BenchmarkAThousandQuestions measures what a person waits for: from the
// address to the first questions with their buttons, and single clicks.
func BenchmarkAThousandQuestions(b *testing.B) {
	s := serve(b, &paperDesk{view: many(1000)}, brisk, func(o *Options) { o.Config.TerminateOnBrowserClose = false })
	look(b, s.address).until(`document.querySelectorAll("#open article").length === 1000`) // the browser has started
	var usable, selecting, filtering float64
	for b.Loop() {
		p := look(b, s.enter())
		p.until(`performance.getEntriesByName("usable").length`)
		usable += eval[float64](p, `performance.getEntriesByName("usable")[0].startTime`)
		p.until(`document.querySelectorAll("#open article").length === 1000`)
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
