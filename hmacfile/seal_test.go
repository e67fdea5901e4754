package hmacfile_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/hmacfile"
)

func TestSealerHashesWhatPassesInParts(t *testing.T) {
	k := key(t, referenceKey)
	var file bytes.Buffer
	s := hmacfile.NewSealer(&file, &k)
	for _, part := range []string{`{"us`, "", `ers": []`, "}"} {
		_, err := io.WriteString(s, part)
		require.NoError(t, err)
	}
	assert.Equal(t, referenceBody, file.String(), "nothing is held back")
	require.NoError(t, s.Close())
	assert.Equal(t, referenceFile, file.String())
}

func TestSealerWithoutKeyAddsNothing(t *testing.T) {
	var file bytes.Buffer
	s := hmacfile.NewSealer(&file, nil)
	_, err := io.WriteString(s, referenceBody)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	assert.Equal(t, referenceBody, file.String())
}

// fullDisk takes so many bytes and no more.
type fullDisk struct{ room int }

var errFull = errors.New("no space left on device")

func (f *fullDisk) Write(p []byte) (int, error) {
	n := min(len(p), f.room)
	f.room -= n
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

func TestSealerSealsNothingThatWasNotWrittenWhole(t *testing.T) {
	k := key(t, referenceKey)
	s := hmacfile.NewSealer(&fullDisk{room: 5}, &k)
	_, err := io.WriteString(s, referenceBody)
	require.ErrorIs(t, err, errFull)
	_, err = io.WriteString(s, "more")
	require.ErrorIs(t, err, errFull)
	require.ErrorIs(t, s.Close(), errFull)

	s = hmacfile.NewSealer(&fullDisk{room: len(referenceBody)}, &k)
	_, err = io.WriteString(s, referenceBody)
	require.NoError(t, err)
	require.ErrorIs(t, s.Close(), errFull)
}
