package matchtable

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// assemble makes a table of the lines, of which that at has the names of the columns.
func assemble(lines []line, at int) (*Table, error) {
	t := &Table{}
	if err := t.head(lines[:at]); err != nil {
		return nil, err
	}
	names := lines[at]
	where := map[string]int{}
	for _, column := range []string{columnTake, columnUser, columnName, columnHasName, columnAnchor, columnGUID, columnDigest} {
		switch names.times(column) {
		case 0:
			return nil, fmt.Errorf("%w (line %d has no column %q)", ErrFormat, names.number, column)
		case 1:
			where[column] = names.at(column)
		default:
			return nil, fmt.Errorf("%w (line %d has the column %q more than once)", ErrFormat, names.number, column)
		}
	}
	for _, l := range lines[at+1:] {
		cell := func(column string) string {
			if i := where[column]; i < len(l.cells) {
				return l.cells[i]
			}
			return ""
		}
		if strings.Join(l.cells, "") == "" {
			continue
		}
		take, err := decision(cell(columnTake))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", l.number, err)
		}
		t.Rows = append(t.Rows, Row{Line: l.number, Take: take, User: cell(columnUser), AccountName: cell(columnName), HasName: cell(columnHasName),
			Anchor: cell(columnAnchor), GUID: cell(columnGUID), Digest: cell(columnDigest)})
	}
	return t, nil
}

// head takes each of the lines above the columns once.
func (t *Table) head(lines []line) error {
	fields := map[string]*string{headFormat: &t.Format, headSource: &t.Source, headTarget: &t.Target, headContainer: &t.Container, headFile: &t.File}
	for _, l := range lines {
		field := fields[strings.ToLower(l.cells[0])]
		if field == nil || len(l.cells) < 2 {
			continue
		}
		if *field != "" {
			return fmt.Errorf("%w (line %d says %q again)", ErrFormat, l.number, l.cells[0])
		}
		*field = l.cells[1]
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if *fields[name] == "" {
			return fmt.Errorf("%w (no line says %q)", ErrFormat, name)
		}
	}
	if t.Format != Name {
		return ErrFormat
	}
	t.File = strings.TrimPrefix(t.File, fileOf)
	return nil
}

// decision is what someone wrote before a row.
func decision(cell string) (bool, error) {
	switch strings.ToLower(cell) {
	case yes, "y", "x", "1", "true":
		return true, nil
	case no, "n", "0", "false", "":
		return false, nil
	}
	return false, fmt.Errorf("%q stands under %q; write yes or no", Shown(cell), columnTake)
}
