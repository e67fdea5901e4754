package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLooks(t *testing.T) {
	s := serve(t, &paperDesk{view: sample()}, brisk)
	b := look(t, s.address)
	b.sees("Approvals for plant.example")
	for _, v := range views {
		b.viewport(v.width, v.height, v.dark)
		b.until("innerWidth === " + quoteInt(v.width))
		assert.LessOrEqual(t, eval[int](b, "document.documentElement.scrollWidth"), int(v.width), "%s scrolls sideways", v.name)
	}
}
