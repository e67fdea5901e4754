// Package matchtable is the table of match: who may have which account, written for a
// person to edit in a spreadsheet, and read again. What stands in it is what someone
// wrote; whether it holds is decided in import/plan.
package matchtable

import "slices"

// Name and version of the format, in its first line.
const Name = "ad-user-sync match 1"

// Header says what the table was made of.
type Header struct {
	Format    string `json:"format"`
	Source    string `json:"source_domain"`
	Target    string `json:"target_domain"`
	Container string `json:"container"`    // DN
	File      string `json:"user_file_of"` // when it was written, RFC 3339
}

// Table is a header, and a row for each person.
type Table struct {
	Header
	Rows []Row `json:"rows"`
}

// Row is a person of the user file, and the account that may be theirs.
type Row struct {
	Line        int      `json:"-"` // where it was read, from 1
	Take        bool     `json:"take_over"`
	Match       string   `json:"match"`
	User        string   `json:"user"`
	AccountName string   `json:"account_name"` // of the user file
	Account     string   `json:"account"`      // DN, "" for none
	HasName     string   `json:"account_has_name"`
	Evidence    []string `json:"evidence"`
	Why         string   `json:"why"`    // it cannot be taken over; "" where it can
	Moving      []string `json:"moving"` // what it loses and gains by being moved in
	Anchor      string   `json:"anchor"`
	GUID        string   `json:"account_guid"`
	Digest      string   `json:"digest"` // of the question: evidence, and what the account has
}

// Taken are the rows that someone wants to be carried out.
func (t *Table) Taken() []Row {
	return slices.DeleteFunc(slices.Clone(t.Rows), func(r Row) bool { return !r.Take })
}

// mostShown is how much of a cell is shown, in characters: a common name has 64.
const mostShown = 64

// Shown is a cell as it is shown: anyone may have written anything into it.
func Shown(cell string) string {
	n := 0
	for at := range cell {
		if n++; n > mostShown {
			return cell[:at] + "…"
		}
	}
	return cell
}
