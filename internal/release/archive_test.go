package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var at = time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC)

func TestArchivesAreInOrderAndBelongToNoOne(t *testing.T) {
	one := tree{{"b/two", 0o755, []byte("2")}, {"a", 0o644, []byte("1")}}
	other := tree{one[1], one[0]}

	var first, second bytes.Buffer
	require.NoError(t, tarGz(&first, "top/", one.sorted(), at))
	require.NoError(t, tarGz(&second, "top/", other.sorted(), at))
	assert.Equal(t, first.Bytes(), second.Bytes())
	packed, err := gzip.NewReader(&first)
	require.NoError(t, err)
	archive := tar.NewReader(packed)
	for _, want := range one.sorted() {
		header, err := archive.Next()
		require.NoError(t, err)
		assert.Equal(t, "top/"+want.name, header.Name)
		assert.Equal(t, int64(want.mode), header.Mode)
		assert.Zero(t, header.Uid+header.Gid)
		assert.Empty(t, header.Uname+header.Gname)
		assert.True(t, header.ModTime.Equal(at))
	}
	_, err = archive.Next()
	assert.ErrorIs(t, err, io.EOF)

	first.Reset()
	second.Reset()
	require.NoError(t, zipped(&first, "top/", one.sorted(), at))
	require.NoError(t, zipped(&second, "top/", other.sorted(), at))
	assert.Equal(t, first.Bytes(), second.Bytes())
	opened, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
	require.NoError(t, err)
	assert.Equal(t, "top/a", opened.File[0].Name)
	assert.True(t, opened.File[1].Modified.Equal(at))
}

func TestOnlyWhatIsReleasedCanBeChosen(t *testing.T) {
	all, err := chosen("")
	require.NoError(t, err)
	assert.Len(t, all, 6)
	some, err := chosen("windows/amd64,linux/arm64")
	require.NoError(t, err)
	assert.Equal(t, []target{{"windows", "amd64"}, {"linux", "arm64"}}, some)
	_, err = chosen("plan9/mips")
	assert.ErrorContains(t, err, "linux/amd64")
}
