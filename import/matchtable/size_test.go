package matchtable_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/matchtable"
)

// A table that anyone may have sent costs no more than some times its size.
func TestATableOfNothingButSeparators(t *testing.T) {
	const size = 2 << 20
	data := []byte(strings.Repeat(";", size))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := matchtable.Read(data)
	runtime.ReadMemStats(&after)
	assert.Error(t, err)
	assert.Less(t, (after.TotalAlloc-before.TotalAlloc)/size, uint64(32), "bytes of memory for each byte of a file of at most %d", matchtable.Most)
}
