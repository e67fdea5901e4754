package matchtable

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Most is the size of a table, in bytes, that is worth reading.
const Most = 8 << 20

// mostCells is how many cells a line may have, those that someone added among them.
const mostCells = 200

// mostSeparators is how many of a separator a line may have: some stand within a cell.
const mostSeparators = 20000

// What is wrong with a table as a whole.
var (
	ErrText   = errors.New("it is neither UTF-8 nor UTF-16 text, so that letters such as ä would be other ones than was meant; save it as “CSV UTF-8” or as “Unicode text”")
	ErrFormat = errors.New("it is no table that ad-user-sync match has written: keep the lines above the names of the columns, and these names")
)

// Read takes what match has written, as CSV or JSON, and what a spreadsheet has made
// of it: ; or , or a tab between the cells, UTF-8 or UTF-16 with its mark, columns in
// another order, others beside them, lines that are empty.
func Read(data []byte) (*Table, error) {
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	if err != nil || !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, ErrText
	}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return readJSON(text)
	}
	return readCSV(text)
}

func readJSON(text []byte) (*Table, error) {
	t := &Table{}
	if err := json.Unmarshal(text, t, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrFormat, err)
	}
	if t.Format != Name {
		return nil, ErrFormat
	}
	for i := range t.Rows {
		t.Rows[i].Line = i + 1
	}
	return t, nil
}

// readCSV reads by the separator that parts the names of the columns.
func readCSV(text []byte) (*Table, error) {
	if first, _, more := bytes.Cut(text, []byte("\n")); more && bytes.HasPrefix(bytes.ToLower(bytes.Trim(first, "\"")), []byte("sep=")) {
		text = text[len(first):] // Excel's own
	}
	for l := range bytes.Lines(text) { // before any memory is taken for cells
		if max(bytes.Count(l, []byte(";")), bytes.Count(l, []byte(",")), bytes.Count(l, []byte("\t"))) > mostSeparators {
			return nil, fmt.Errorf("%w (a line has more than %d separators)", ErrFormat, mostSeparators)
		}
	}
	for _, comma := range []rune{';', ',', '\t'} {
		lines, err := cut(text, comma)
		at := slices.IndexFunc(lines, func(l line) bool { return l.at(columnAnchor) >= 0 && l.at(columnDigest) >= 0 })
		switch {
		case at >= 0 && err != nil:
			return nil, err
		case at >= 0:
			return assemble(lines, at)
		}
	}
	return nil, ErrFormat
}

type line struct {
	number int
	cells  []string
}

// at is where a line has a cell, -1 for nowhere.
func (l line) at(cell string) int {
	return slices.IndexFunc(l.cells, func(text string) bool { return strings.EqualFold(text, cell) })
}

// times is how many cells of a line are the same but for case.
func (l line) times(cell string) (n int) {
	for _, text := range l.cells {
		if strings.EqualFold(text, cell) {
			n++
		}
	}
	return n
}

// cut reads as far as it can be read.
func cut(text []byte, comma rune) (lines []line, err error) {
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma, in.FieldsPerRecord = comma, -1
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return lines, fmt.Errorf("its cells cannot be told apart: %w", err)
		}
		if len(cells) > mostCells {
			return lines, fmt.Errorf("a line has more than %d cells", mostCells)
		}
		number, _ := in.FieldPos(0)
		for i := range cells {
			cells[i] = cellText(cells[i])
		}
		lines = append(lines, line{number, cells})
	}
}
