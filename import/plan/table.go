package plan

import (
	"slices"
	"strings"
)

// Row of a table that was made of the questions of match, and edited: who is to have
// which account. Anyone may have written it, so that it is a wish and no proof.
type Row struct {
	Line    int    // of its file, from 1
	User    string // what the file calls the person, for display only
	Anchor  string // source objectGUID
	GUID    string // objectGUID of the account
	Wanted  string // account name of the user file, then
	HasName string // account name of the account, then
	Digest  string // ID of the question that it was made of
	Refused bool   // the person is not to have the account
}

// Tabled is what a table comes to now.
type Tabled struct {
	Rows  int      // that are not refused, as in all of the following
	Taken int      // rows whose person has that account
	Stand []string // IDs of questions: asked now as they were then, and may be answered together
	Apart []Apart  // the other rows, by line
}

// Apart is a row that is not answered with the others.
type Apart struct {
	Row Row
	Why RowWhy
	ID  string // of the question that is asked about its person; "" for none
}

// RowWhy is why a row is not answered with the others.
type RowWhy string

// The reasons, the first that applies counts.
const (
	RowOtherFile RowWhy = "other-file"    // than the table was made of
	RowTwice     RowWhy = "twice"         // another row has the person or the account
	RowOther     RowWhy = "other-account" // than the one that is proposed now
	RowNotAsked  RowWhy = "not-asked"
	RowZeros     RowWhy = "zeros" // a name has lost the zeros that it began with
	RowNames     RowWhy = "names"
	RowBarred    RowWhy = "barred"
	RowAlone     RowWhy = "alone"     // never answered together with others
	RowEvidence  RowWhy = "evidence"  // or what the account has, or would be given
	RowContested RowWhy = "contested" // another row gives the account to another person
	RowRefused   RowWhy = "refused"   // of a question only: the table says no
)

// Hold holds a table against the questions. Those that it is about, and that do not
// stand as it has them, are decided alone from then on; sameFile reports whether the
// plan was made of the file that the table was made of. What was not proposed, or is refused,
// is decided alone by another file, too.
func (p *Plan) Hold(rows []Row, sameFile bool) Tabled {
	h := &held{plan: p, byAnchor: map[string][]*Question{}, byCell: map[cell][]*Question{}, taken: map[string]string{}}
	h.index(rows)
	rows = h.refuse(rows)
	out := Tabled{Rows: len(rows)}
	contested := map[string]string{} // account, and anchor of the row that wants it
	for _, row := range rows {
		anchor, guid := strings.ToLower(row.Anchor), strings.ToLower(row.GUID)
		if sameFile && h.times(row) == 1 && len(h.byAnchor[anchor]) == 0 && guid != "" && h.taken[anchor] == guid {
			out.Taken++
			continue
		}
		why, q := h.judge(row)
		if why == "" && sameFile {
			out.Stand = append(out.Stand, q.ID)
			continue
		}
		apart := Apart{Row: row, Why: why}
		if q != nil && sameFile {
			apart.ID = q.ID
		}
		if !sameFile {
			apart.Why = RowOtherFile
		}
		out.Apart = append(out.Apart, apart)
		if why != "" {
			h.alone(anchor, why)
			contested[guid] = anchor
		}
	}
	h.contest(&out, rows, contested)
	return out
}

type held struct {
	plan     *Plan
	byAnchor map[string][]*Question // that are about an account of a person
	byCell   map[cell][]*Question   // the same
	taken    map[string]string      // by anchor: objectGUID of the account
	anchors  map[string]int         // rows
	guids    map[string]int
}

func (h *held) index(rows []Row) {
	for _, list := range [][]Question{h.plan.Agreed, h.plan.Questions} {
		for i := range list {
			if q := &list[i]; q.Holder != nil && (q.Kind == Adopt || q.Kind == Name) && q.Person.Anchor != "" {
				anchor := strings.ToLower(q.Person.Anchor)
				h.byAnchor[anchor] = append(h.byAnchor[anchor], q)
				of := Row{GUID: q.Holder.GUID.String(), Wanted: q.Wanted, HasName: q.Holder.AccountName, Digest: q.ID}
				for _, cell := range of.cells() {
					h.byCell[cell] = append(h.byCell[cell], q)
				}
			}
		}
	}
	for _, p := range h.plan.Managed {
		h.taken[strings.ToLower(p.Anchor)] = p.GUID.String()
	}
	h.anchors, h.guids = map[string]int{}, map[string]int{}
	for _, row := range rows {
		h.anchors[strings.ToLower(row.Anchor)]++
		if !row.Refused {
			h.guids[strings.ToLower(row.GUID)]++
		}
	}
	delete(h.guids, "") // no account is no one's
}

// refuse sets apart whom the table refuses, and returns the other rows. A row that is not as
// it was proposed is about whomever any of its cells names.
func (h *held) refuse(rows []Row) (wanted []Row) {
	for _, row := range rows {
		if !row.Refused {
			wanted = append(wanted, row)
			continue
		}
		anchor := strings.ToLower(row.Anchor)
		h.alone(anchor, RowRefused)
		if slices.ContainsFunc(h.byAnchor[anchor], row.isOf) {
			continue
		}
		for _, cell := range row.cells() {
			for _, q := range h.byCell[cell] {
				h.setApart(q, RowRefused)
			}
		}
	}
	return wanted
}

// isOf reports whether a row is as a question was that is asked now.
func (r Row) isOf(q *Question) bool {
	return q.ID == r.Digest && sameFold(q.Person.Anchor, r.Anchor) && sameFold(q.Holder.GUID.String(), r.GUID) && q.Wanted == r.Wanted && q.Holder.AccountName == r.HasName
}

// cell is what a row names a question by.
type cell struct{ column, value string }

func (r Row) cells() []cell {
	return []cell{{"account", strings.ToLower(r.GUID)}, {"wanted", r.Wanted}, {"has", r.HasName}, {"digest", r.Digest}}
}

func (h *held) times(row Row) int {
	return max(h.anchors[strings.ToLower(row.Anchor)], h.guids[strings.ToLower(row.GUID)])
}

// judge returns why a row does not stand, "" where it does, and the question about its person.
func (h *held) judge(row Row) (RowWhy, *Question) {
	asked := h.byAnchor[strings.ToLower(row.Anchor)]
	if len(asked) == 0 {
		if h.times(row) > 1 {
			return RowTwice, nil
		}
		return RowNotAsked, nil
	}
	q := asked[0]
	for _, other := range asked {
		if sameFold(other.Holder.GUID.String(), row.GUID) {
			q = other
		}
	}
	switch {
	case h.times(row) > 1:
		return RowTwice, q
	case !sameFold(q.Holder.GUID.String(), row.GUID):
		return RowOther, q
	case q.Wanted != row.Wanted || q.Holder.AccountName != row.HasName:
		if zerosLost(q.Wanted, row.Wanted) && zerosLost(q.Holder.AccountName, row.HasName) {
			return RowZeros, q
		}
		return RowNames, q
	case q.Barred != "":
		return RowBarred, q
	case q.Single || q.Kind != Adopt:
		return RowAlone, q
	case q.ID != row.Digest:
		return RowEvidence, q
	}
	return "", q
}

// zerosLost reports whether a spreadsheet may have made the one of the other.
func zerosLost(name, cell string) bool {
	zeros, ends := strings.CutSuffix(name, cell)
	return name == cell || ends && cell != "" && strings.Trim(zeros, "0") == "" && strings.Trim(cell, "0123456789") == ""
}

// alone keeps the questions about a person from being answered together with others.
func (h *held) alone(anchor string, why RowWhy) {
	for _, q := range h.byAnchor[anchor] {
		h.setApart(q, why)
	}
}

func (h *held) setApart(q *Question, why RowWhy) {
	q.Single = true
	if len(q.Shown(FieldRow)) == 0 {
		q.Context = append(slices.Clip(q.Context), Field{Code: FieldRow, After: []string{string(why)}})
	}
}

// contest sets apart who would get an account that a row, which does not stand, gives to another.
func (h *held) contest(out *Tabled, rows []Row, contested map[string]string) {
	delete(contested, "")
	stands, rowOf := map[string]bool{}, map[string]Row{}
	for _, id := range out.Stand {
		stands[id] = true
	}
	for _, row := range slices.Backward(rows) { // the first counts
		rowOf[strings.ToLower(row.Anchor)] = row
	}
	for _, asked := range h.byAnchor {
		for _, q := range asked {
			anchor, wanted := contested[strings.ToLower(q.Holder.GUID.String())]
			if !wanted || sameFold(anchor, q.Person.Anchor) {
				continue
			}
			h.setApart(q, RowContested)
			if stands[q.ID] {
				delete(stands, q.ID)
				out.Apart = append(out.Apart, Apart{Row: rowOf[strings.ToLower(q.Person.Anchor)], Why: RowContested, ID: q.ID})
			}
		}
	}
	out.Stand = slices.DeleteFunc(out.Stand, func(id string) bool { return !stands[id] })
	slices.SortFunc(out.Apart, func(a, b Apart) int { return a.Row.Line - b.Row.Line })
}
