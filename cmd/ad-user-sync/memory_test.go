package main

import (
	"math"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A session keeps all that it showed: with the limit of a scheduled import it would
// collect garbage all the time, and each answer took seconds.
func TestASessionHasNoMemoryLimit(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	t.Setenv("GOMEMLIMIT", "")
	debug.SetMemoryLimit(math.MaxInt64)
	importMemory(130, true)
	assert.EqualValues(t, math.MaxInt64, debug.SetMemoryLimit(-1))
	importMemory(130, false)
	assert.EqualValues(t, 14<<20+7400*1000, debug.SetMemoryLimit(-1))
	importMemory(5000, false)
	assert.EqualValues(t, 14<<20+7400*5000, debug.SetMemoryLimit(-1))
}
