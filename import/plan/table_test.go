package plan_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// proposed are two people whose accounts were found for sure, and one who is not sure.
func proposed() *plan.Plan {
	p := &plan.Plan{}
	for i, name := range []string{"0012", "ben", "eva"} {
		p.Questions = append(p.Questions, plan.Question{ID: "id-" + name, Kind: plan.Adopt, Reason: plan.MatchSure, Wanted: name, Single: name == "eva",
			Person: &plan.Person{CN: name, Anchor: "anchor-" + name}, Holder: &plan.Account{GUID: adrules.GUID{byte(i + 1)}, AccountName: "old-" + name}})
	}
	return p
}

func rowOf(q plan.Question, line int) plan.Row {
	return plan.Row{Line: line, Anchor: q.Person.Anchor, GUID: q.Holder.GUID.String(), Wanted: q.Wanted, HasName: q.Holder.AccountName, Digest: q.ID}
}

// A table answers nothing but what is proposed today as it was then, and what is
// answered together anyway.
func TestATableOfMatch(t *testing.T) {
	elsewhere := adrules.GUID{99}.String()
	for name, c := range map[string]struct {
		change func(p *plan.Plan, rows []plan.Row) []plan.Row
		stand  []string
		apart  map[int]plan.RowWhy // by line
		single []string            // of those who were not
	}{
		"as it was": {stand: []string{"id-0012", "id-ben"}, apart: map[int]plan.RowWhy{3: plan.RowAlone}},
		"in other letters": {func(_ *plan.Plan, rows []plan.Row) []plan.Row {
			rows[0].Anchor = "ANCHOR-0012"
			return rows[:1]
		}, []string{"id-0012"}, nil, nil},
		"another account": {func(_ *plan.Plan, rows []plan.Row) []plan.Row {
			rows[0].GUID = elsewhere
			return rows[:2]
		}, []string{"id-ben"}, map[int]plan.RowWhy{1: plan.RowOther}, []string{"0012"}},
		"the account of someone else of the table": {func(_ *plan.Plan, rows []plan.Row) []plan.Row {
			rows[0].GUID = rows[1].GUID
			return rows[:2]
		}, nil, map[int]plan.RowWhy{1: plan.RowTwice, 2: plan.RowTwice}, []string{"0012", "ben"}},
		"the account that is proposed for someone without a row": {func(_ *plan.Plan, rows []plan.Row) []plan.Row {
			rows[0].GUID = rows[1].GUID
			return rows[:1]
		}, nil, map[int]plan.RowWhy{1: plan.RowOther}, []string{"0012", "ben"}},
		"of someone who is not asked about": {func(_ *plan.Plan, rows []plan.Row) []plan.Row {
			rows[0].Anchor = "forged"
			return rows[:1]
		}, nil, map[int]plan.RowWhy{1: plan.RowNotAsked}, []string{"0012"}},
		"swapped": {func(_ *plan.Plan, rows []plan.Row) []plan.Row {
			rows[0].Anchor, rows[1].Anchor = rows[1].Anchor, rows[0].Anchor
			return rows[:2]
		}, nil, map[int]plan.RowWhy{1: plan.RowOther, 2: plan.RowOther}, []string{"0012", "ben"}},
		"twice": {func(_ *plan.Plan, rows []plan.Row) []plan.Row {
			again := rows[1]
			again.Line = 9
			return []plan.Row{rows[0], rows[1], again}
		}, []string{"id-0012"}, map[int]plan.RowWhy{2: plan.RowTwice, 9: plan.RowTwice}, []string{"ben"}},
		"zeros lost": {func(_ *plan.Plan, rows []plan.Row) []plan.Row {
			rows[0].Wanted = "12"
			return rows[:2]
		}, []string{"id-ben"}, map[int]plan.RowWhy{1: plan.RowZeros}, []string{"0012"}},
		"another name": {func(_ *plan.Plan, rows []plan.Row) []plan.Row {
			rows[0].HasName = "administrator"
			rows[1].Wanted = "benjamin"
			return rows[:2]
		}, nil, map[int]plan.RowWhy{1: plan.RowNames, 2: plan.RowNames}, []string{"0012", "ben"}},
		"a forged digest": {func(_ *plan.Plan, rows []plan.Row) []plan.Row {
			rows[0].Digest = "forged"
			return rows[:2]
		}, []string{"id-ben"}, map[int]plan.RowWhy{1: plan.RowEvidence}, []string{"0012"}},
		"another's digest": {func(_ *plan.Plan, rows []plan.Row) []plan.Row {
			rows[0].Digest = rows[1].Digest
			return rows[:2]
		}, []string{"id-ben"}, map[int]plan.RowWhy{1: plan.RowEvidence}, []string{"0012"}},
		"protected by now": {func(p *plan.Plan, rows []plan.Row) []plan.Row {
			p.Questions[0].Barred = "it administers the domain"
			return rows[:2]
		}, []string{"id-ben"}, map[int]plan.RowWhy{1: plan.RowBarred}, []string{"0012"}},
		"a name question": {func(p *plan.Plan, rows []plan.Row) []plan.Row {
			p.Questions[0].Kind = plan.Name
			return rows[:1]
		}, nil, map[int]plan.RowWhy{1: plan.RowAlone}, []string{"0012"}},
		"agreed to in this session": {func(p *plan.Plan, rows []plan.Row) []plan.Row {
			p.Agreed, p.Questions = p.Questions[:1], p.Questions[1:]
			p.Managed = []*plan.Person{{Anchor: "anchor-0012", GUID: p.Agreed[0].Holder.GUID}}
			rows[0].Digest = "of before"
			return rows[:1]
		}, nil, map[int]plan.RowWhy{1: plan.RowEvidence}, []string{"0012"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := proposed()
			rows := []plan.Row{rowOf(p.Questions[0], 1), rowOf(p.Questions[1], 2), rowOf(p.Questions[2], 3)}
			if c.change != nil {
				rows = c.change(p, rows)
			}
			out := p.Hold(rows, true)
			assert.Equal(t, c.stand, out.Stand)
			apart := map[int]plan.RowWhy{}
			for _, a := range out.Apart {
				apart[a.Row.Line] = a.Why
			}
			if c.apart == nil {
				c.apart = map[int]plan.RowWhy{}
			}
			assert.Equal(t, c.apart, apart)
			var single []string
			for _, q := range slices.Concat(p.Agreed, p.Questions) {
				if q.Single && q.Wanted != "eva" {
					single = append(single, q.Wanted)
					assert.Len(t, q.Shown(plan.FieldRow), 1)
				}
			}
			assert.Equal(t, c.single, single)
			assert.Equal(t, len(rows), len(out.Stand)+len(out.Apart)+out.Taken, "every row is told of")
		})
	}
}

// Two people are asked about one account, the one for their anchor, the other for its name:
// that the other is not to have it is no word against the one, unless it is edited.
func TestANoToAnotherPersonOfOneAccount(t *testing.T) {
	world := func() (*plan.Plan, []plan.Row) {
		p := proposed()
		p.Questions[1].Kind, p.Questions[1].Holder, p.Questions[1].Single = plan.Name, p.Questions[0].Holder, true
		rows := []plan.Row{rowOf(p.Questions[0], 1), rowOf(p.Questions[1], 2)}
		rows[1].Refused = true
		return p, rows
	}
	p, rows := world()
	assert.Equal(t, []string{"id-0012"}, p.Hold(rows, true).Stand)
	assert.False(t, p.Questions[0].Single)

	p, rows = world()
	rows[1].Wanted = "edited"
	assert.Empty(t, p.Hold(rows, true).Stand)
	assert.True(t, p.Questions[0].Single)
}

func TestATableOfMatchThatIsDone(t *testing.T) {
	p := proposed()
	rows := []plan.Row{rowOf(p.Questions[0], 1), rowOf(p.Questions[1], 2)}
	for i, row := range rows {
		p.Managed = append(p.Managed, &plan.Person{Anchor: row.Anchor, GUID: p.Questions[i].Holder.GUID})
	}
	p.Questions = nil
	assert.Equal(t, plan.Tabled{Rows: 2, Taken: 2}, p.Hold(rows, true))
	rows[0].GUID = adrules.GUID{7}.String() // has another by now
	assert.Equal(t, plan.RowNotAsked, p.Hold(rows, true).Apart[0].Why)
}

func TestATableOfAnotherFileAnswersNothing(t *testing.T) {
	p := proposed()
	out := p.Hold([]plan.Row{rowOf(p.Questions[0], 1)}, false)
	assert.Empty(t, out.Stand)
	assert.Equal(t, plan.RowOtherFile, out.Apart[0].Why)
	assert.False(t, p.Questions[0].Single, "nothing is said of today's")
}

// People who have no account at all, and to whom a yes was filled down.
func TestRowsWithoutAnAccountAreNotOneAnothers(t *testing.T) {
	p := proposed()
	out := p.Hold([]plan.Row{{Line: 1, Anchor: "new-1"}, {Line: 2, Anchor: "new-2"}, rowOf(p.Questions[1], 3)}, true)
	assert.Equal(t, []string{"id-ben"}, out.Stand)
	for _, a := range out.Apart {
		assert.Equal(t, plan.RowNotAsked, a.Why, a.Row.Line)
	}
}
