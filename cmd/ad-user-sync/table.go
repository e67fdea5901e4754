package main

import (
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"ad-user-sync/schema"
)

// widestCell that others are aligned with; a longer one pushes the rest of its
// line.
const widestCell = 40

// table is lines of cells, aligned when written. Cells may hold anything: what
// cannot be seen is shown.
type table [][]string

func (t *table) add(cells ...string) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = schema.Visible(cell)
	}
	*t = append(*t, row)
}

// write puts two blanks between columns and none at line ends.
func (t table) write(w io.Writer) error {
	var widths []int
	for _, row := range t {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if n := cellWidth(cell); n <= widestCell {
				widths[i] = max(widths[i], n)
			}
		}
	}
	var s strings.Builder
	for _, row := range t {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", max(0, widths[i]-cellWidth(cell))+2))
		}
		s.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	_, err := io.WriteString(w, s.String())
	return err
}

// cellWidth is how many columns a text takes on a terminal (UAX 11).
func cellWidth(text string) int {
	n := 0
	for _, r := range text {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.Is(unicode.Mn, r):
		case kind == width.EastAsianWide || kind == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
