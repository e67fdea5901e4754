package ad

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adrules"
)

func TestUpToDatenessVectors(t *testing.T) {
	database, err := adrules.ParseGUID("40cd1915-190e-4b90-9008-ebd1dae89912")
	require.NoError(t, err)
	guid := hex.EncodeToString(database[:])
	const one = "0100000000000000"
	for name, c := range map[string]struct {
		blob string
		want map[adrules.GUID]int64
	}{
		"version 2": {"0200000000000000" + one + guid + "730f000000000000" + "00803ed5deb19d01", map[adrules.GUID]int64{database: 3955}},
		"version 1": {"0100000000000000" + one + guid + "730f000000000000", map[adrules.GUID]int64{database: 3955}},
		"none yet":  {"0200000000000000" + "0000000000000000", map[adrules.GUID]int64{}},
		"not given": {"", nil},
		"cut short": {"0200000000000000" + one + guid, nil},
		"unknown":   {"0300000000000000" + one + guid + "730f000000000000" + "00803ed5deb19d01", nil},
		"too many":  {"0200000000000000" + "ffffffff00000000" + guid + "730f000000000000" + "00803ed5deb19d01", nil},
	} {
		blob, err := hex.DecodeString(c.blob)
		require.NoError(t, err)
		assert.Equal(t, c.want, upToDateness(blob), name)
	}
}
