package userfile

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// However the bytes come: a file is read alike, and so are the lines of its faults.
func TestReadInPieces(t *testing.T) {
	sound, err := os.ReadFile("../testdata/user_file.json")
	require.NoError(t, err)
	gap := strings.Repeat("\n", 3*(1<<14))
	for _, body := range []string{
		string(sound),
		"{\"users\": [\n{\"cn\": 1},\n{" + jane + ",\n\"disabled\": 1,\n\"memberOf\": 2},\n7]}",
		"{\"users\": [" + gap + "{" + gap + jane + ",\n\"cn\": \"again\"}]}",
		"{\"users\": [" + gap + "7,\n" + gap + "8," + gap + "{" + jane + gap + ", \"disabled\":" + gap + "1}]}\n",
		"{\"old\": [" + gap + "7,\n" + gap + "8]," + gap + "\"users\": 1\n}\n",
		"{\"users\": [{" + jane + "\n}]}" + gap + "\n.",
		"{\"users\": [{" + gap,
		" \n\t",
	} {
		want, wantErr := Decode([]byte(body))
		for name, pieces := range map[string]func(io.Reader) io.Reader{"bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "with the end": iotest.DataErrReader} {
			got, err := Read(pieces(strings.NewReader(body)))
			assert.Equal(t, wantErr, err, "%s of %.40q", name, body)
			assert.Equal(t, want, got, "%s of %.40q", name, body)
		}
	}
}

// The lines are those that an editor shows, however much white space there is.
func TestLinesOfFaults(t *testing.T) {
	gap := strings.Repeat("\n", 40_000)
	_, err := Decode([]byte("{\"users\": [" + gap + "7,\n8," + gap + "{" + jane + ", \"disabled\":" + gap + "1}]}"))
	var faults *Error
	require.ErrorAs(t, err, &faults)
	var lines []int
	for _, f := range faults.Faults {
		lines = append(lines, f.Line)
	}
	assert.Equal(t, []int{40_001, 40_002, 120_002}, lines)
}

// A file that can be read no further is no faulty file.
func TestReadThatFails(t *testing.T) {
	gone := errors.New("the share is gone")
	body := "{\"users\": [\n{" + jane + "},\n{\"cn\": 1}]}  "
	for at := range len(body) {
		file, err := Read(io.MultiReader(strings.NewReader(body[:at]), iotest.ErrReader(gone)))
		require.ErrorIs(t, err, gone, "after %q", body[:at])
		assert.Nil(t, file)
	}
}
