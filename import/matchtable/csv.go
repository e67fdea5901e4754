package matchtable

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"
)

// Names of the columns, by which they are found again in whatever order.
const (
	columnTake    = "take over"
	columnAnchor  = "anchor"
	columnGUID    = "its objectGUID"
	columnName    = "account name"
	columnHasName = "its name"
	columnDigest  = "digest"
	columnUser    = "user"
)

var columns = []string{columnTake, "match", columnUser, columnName, "account here", columnHasName, "evidence", "why not", "by the move", columnAnchor, columnGUID, columnDigest}

// Names of the lines above the columns.
const (
	headFormat    = "table"
	headSource    = "source domain"
	headTarget    = "target domain"
	headContainer = "container"
	headFile      = "user file"
)

// fileOf keeps a spreadsheet from writing the time in a way of its own.
const fileOf = "written "

const yes, no = "yes", "no"

// WriteCSV writes for a spreadsheet: it begins with the mark by which Excel reads the
// letters right, and nothing in it is a formula.
func WriteCSV(w io.Writer, t Table, comma rune) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = comma, true
	lines := [][]string{{headFormat, t.Format}, {headSource, t.Source}, {headTarget, t.Target}, {headContainer, t.Container}, {headFile, fileOf + t.File}, {""}, columns}
	for _, r := range t.Rows {
		take := no
		if r.Take {
			take = yes
		}
		lines = append(lines, []string{take, r.Match, r.User, r.AccountName, r.Account, r.HasName, strings.Join(r.Evidence, " / "), r.Why, strings.Join(r.Moving, " / "), r.Anchor, r.GUID, r.Digest})
	}
	for _, line := range lines {
		cells := make([]string, len(columns)) // every line is as long: some spreadsheets take the first for all
		for i, text := range line {
			cells[i] = plainCell(text)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

var (
	controls  = regexp.MustCompile(`\p{Cc}+`)
	formula   = regexp.MustCompile(`(^|[;,])([\s"]*[=+\-@＝＋－＠|%])`)
	unformula = regexp.MustCompile(`(^|[;,])'([\s"]*[=+\-@＝＋－＠|%])`)
)

// plainCell is text that no spreadsheet takes for a formula: not at its beginning, nor
// behind a separator, at which some cut the line, whatever stands in quotes.
func plainCell(text string) string {
	return formula.ReplaceAllString(controls.ReplaceAllString(text, " "), "$1'$2")
}

// cellText is what plainCell was made of.
func cellText(cell string) string {
	return unformula.ReplaceAllString(strings.TrimSpace(cell), "$1$2")
}
