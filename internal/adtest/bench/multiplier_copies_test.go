package bench

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adrules"
)

// The anchor of a copy is the GUID of that copy, so that an import knows it again.
func TestCopiesOfPeopleAndOfTheirAccountsBelongTogether(t *testing.T) {
	own := []byte("0123456789abcdef")
	guid, err := adrules.GUIDFromBytes(own)
	require.NoError(t, err)
	seen := map[string]bool{}
	for n := range 300 {
		copy, err := adrules.GUIDFromBytes(copied("objectGUID", own, n))
		require.NoError(t, err)
		seen[copy.String()] = true
		assert.Equal(t, "ad-user-sync:"+copy.String()+"@corp.example", string(copied("adminDescription", []byte("ad-user-sync:"+guid.String()+"@corp.example"), n)))
	}
	assert.Len(t, seen, 300)
	assert.Equal(t, "0123456789abcdef", string(own))
	assert.Equal(t, "by hand", string(copied("adminDescription", []byte("by hand"), 1)))
}
