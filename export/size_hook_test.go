package export

import "testing"

// LimitFile lowers what an import takes for one test.
func LimitFile(t *testing.T, bytes int64) {
	t.Helper()
	before := fileLimit
	fileLimit = bytes
	t.Cleanup(func() { fileLimit = before })
}

// Explained is what an export says of an error of its file.
func Explained(err error) error { return (&run{}).explain(err) }
