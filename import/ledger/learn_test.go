package ledger

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheLedgerKeepsFormerEnds(t *testing.T) {
	known := Account{}
	for end := range int64(7) {
		known = known.ending(end).ending(end)
	}
	assert.Equal(t, int64(6), known.Expires)
	assert.Equal(t, []int64{2, 3, 4, 5}, known.FormerExpires)
}
