package export

import (
	"io"
	"os"

	"ad-user-sync/hmacfile"
)

// signed reports whether the file of an earlier export has a trailer. What cannot
// be read tells nothing.
func signed(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	const enough = 1024 // a trailer, and what may follow it
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return false
	}
	end, err := io.ReadAll(io.NewSectionReader(f, max(0, size-enough), enough))
	return err == nil && hmacfile.HasTrailer(end)
}
