package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What is being carried out can't be ticked, one by one or with all others: it would
// be answered a second time.
func TestWhatIsCarriedOutCannotBeTicked(t *testing.T) {
	desk := &paperDesk{view: sample(), hold: make(chan struct{})}
	_, b := opened(t, desk)
	b.click("#open .tools", "Table")
	row := "#open tr[data-id='id-disable-dora.disable']"
	b.click(row, "Dora Disable")
	b.click("#open .detail article", "Disable")
	b.until(`document.querySelector("` + row + `").classList.contains("busy")`)
	assert.True(t, eval[bool](b, `document.querySelector("`+row+` input").disabled`))
	b.click("#open .tools", "Select all shown (4)")
	b.sees("4 selected")
	assert.False(t, eval[bool](b, `document.querySelector("`+row+` input").checked`))
	close(desk.hold)
	b.until(`!document.querySelector("` + row + `")`)
}
