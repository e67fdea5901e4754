package approval

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

const tableRows = `[...document.querySelectorAll("#open tr.row")]`

// names of the rows that are drawn, in their order.
func (b *tab) names() []string {
	b.t.Helper()
	return eval[[]string](b, tableRows+`.map((r) => r.querySelector(".open").textContent)`)
}

func TestTableShowsTheWorstFirst(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	b.click("#open .tools", "Table")
	b.until(tableRows + ".length === 9")
	assert.Equal(t, "Paul Privileged", b.names()[0], "whose group leads into Domain Admins")
	assert.Equal(t, "Jane Doe|jane.doe|Enable|Operations||p-Viewers, p-Editors|new",
		eval[string](b, tableRows+`.find((r) => r.dataset.id === "id-enable-jane.doe").innerText.split("\t").slice(1).join("|")`))
}

// Beside room that is left over, which group it is about was cut off.
func TestTableCutsNothingOffOnAUsualScreen(t *testing.T) {
	_, b := opened(t, &paperDesk{view: sample()})
	b.click("#open .tools", "Table")
	b.until(tableRows + ".length === 9")
	assert.Empty(t, eval[[]string](b, tableRows+`.flatMap((r) => [...r.cells, r.querySelector(".open")]).filter((c) => c.scrollWidth > c.clientWidth).map((c) => c.textContent)`))
}

// The two people of a card stand in a table of their own, whose columns were those of the
// table of questions: heads beside what they are of, and a third of the width for labels.
func TestBothPeopleStandBelowTheirHeads(t *testing.T) {
	_, b := opened(t, &paperDesk{view: sample()})
	apart := `(() => {
		const table = document.querySelector("#open table.people"), [head, row] = [table.tHead.rows[0].cells, table.tBodies[0].rows[0].cells];
		const text = (cell) => cell.getBoundingClientRect().x + parseFloat(getComputedStyle(cell).paddingLeft);
		return [Math.abs(text(head[1]) - text(row[1])), Math.abs(text(head[2]) - text(row[2])), Math.max(0, row[0].offsetWidth - 150), Number(getComputedStyle(head[1]).position === "sticky")];
	})()`
	b.until(`document.querySelector("#open table.people")`)
	assert.Equal(t, []float64{0, 0, 0, 0}, eval[[]float64](b, apart), "in cards")
	b.click("#open .tools", "Table")
	b.until(tableRows + ".length === 9")
	b.click("#open tr.row[data-id*=nora]", "Nora Name")
	b.until(`document.querySelector("#open table.people")`)
	assert.Equal(t, []float64{0, 0, 0, 0}, eval[[]float64](b, apart), "below a row")
}

func TestTableSorts(t *testing.T) {
	_, b := opened(t, &paperDesk{view: sample()})
	b.click("#open .tools", "Table")
	b.click("#open thead", "Name")
	b.until(tableRows + `[0].querySelector(".open").textContent === "Alma Adopt"`)
	assert.Equal(t, "ascending", eval[string](b, `document.querySelector("#open th").getAttribute("aria-sort")`))
	b.click("#open thead", "Name")
	b.until(tableRows + `[0].querySelector(".open").textContent === "Rita Returned"`)
	b.click("#open thead", "Question")
	b.until(`!document.querySelector("#open th").hasAttribute("aria-sort")`)
	b.sees("9 questions about 8 people")
}

func TestTableByKeyboard(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	b.click("#open .tools", "Table")
	b.click("#open thead", "Name")
	eval[bool](b, `(document.querySelector("#open tr.row[tabindex='0']").focus(), true)`)
	focused := `document.activeElement.dataset?.id`
	b.keys(kb.Home + kb.ArrowDown + kb.ArrowDown + kb.ArrowDown)
	b.until(focused + ` === "id-enable-jane.doe" || ` + focused + ` === "id-join-jane.doe-p-Operators"`)
	b.keys(kb.End)
	b.until(focused + ` === "id-enable-rita.returned"`)
	b.keys(" ")
	b.sees("1 selected")
	b.keys(" ")
	b.seesNot("1 selected")
	b.keys(kb.Home + " ") // a take-over is decided alone
	b.until(focused + ` === "id-adopt-alma.adopt"`)
	b.seesNot("1 selected")
	b.keys(kb.End + kb.Enter)
	b.until(`document.querySelector("#open .detail article")?.dataset.id === "id-enable-rita.returned"`)
	b.keys(kb.Escape)
	b.until(`!document.querySelector("#open .detail")`)
}

func TestTableDecides(t *testing.T) {
	desk := &paperDesk{view: sample(), fails: map[string]string{"jane.doe": "the directory is full"}}
	_, b := opened(t, desk)
	b.click("#open .tools", "Table")
	b.click("#open tr[data-id='id-disable-dora.disable']", "Dora Disable")
	b.click("#open .detail article", "Disable")
	assert.True(t, answerTo(t, desk, "id-disable-dora.disable").Accept)
	b.until(`!document.querySelector("#open tr[data-id='id-disable-dora.disable']")`)
	b.until(`!document.querySelector("#open .detail")`)

	b.click("#open tr[data-id='id-enable-jane.doe']", "Select: Jane Doe")
	b.click("#open tr[data-id='id-leave-lea.leave-p-Viewers']", "Select: Lea Leave")
	b.click(".bulk", "Accept")
	b.sees("Jane Doe jane.doe")
	b.sees("Lea Leave lea.leave: p-Viewers")
	b.click("dialog", "Accept")
	b.until(`document.querySelector("#open tr[data-id='id-enable-jane.doe']").textContent.includes("not done")`)
	b.until(`!document.querySelector("#open tr[data-id='id-leave-lea.leave-p-Viewers']")`)
	b.click("#open tr[data-id='id-enable-jane.doe']", "Jane Doe")
	b.sees("The directory is full.")
}

func TestTableIsKeptOnReload(t *testing.T) {
	_, b := opened(t, &paperDesk{view: sample()})
	b.click("#open .tools", "Table")
	b.until(tableRows + ".length === 9")
	eval[bool](b, `(location.reload(), true)`)
	b.until(tableRows + ".length === 9")
}

// Find looks at whatever a question shows.
func TestFindLooksAtAllThatIsShown(t *testing.T) {
	v := sample()
	v.Questions[0].Context = append(v.Questions[0].Context, plan.Field{Code: plan.FieldCompany, After: []string{"Subcontractor Ltd"}})
	_, b := opened(t, &paperDesk{view: v})
	shown := `[...document.querySelectorAll("#open article")].filter((e) => e.checkVisibility()).length`
	for text, n := range map[string]int{"subcontractor": 1, "back in the user file": 1, "nested in domain admins": 1, "remote desktop users": 1, "anchor-jane": 0} {
		b.fill("#open input[type=search]", text)
		b.until(fmt.Sprintf(shown+" === %d", n))
	}
}

func TestTableOfFiveThousandDrawsWhatIsInView(t *testing.T) {
	desk := &paperDesk{view: many(5000)}
	_, b := opened(t, desk)
	b.click("#open .tools", "Table")
	b.until(tableRows + ".length > 5")
	drawn := tableRows + ".length"
	assert.Less(t, eval[int](b, drawn), 60)
	last := `document.querySelector("#open tr[aria-rowindex='5001']")`
	eval[bool](b, `(() => { const w = document.querySelector("#open .window"); w.scrollTop = w.scrollHeight; return true; })()`)
	b.until(last)
	assert.Equal(t, "Person Number4999", eval[string](b, last+`.querySelector(".open").textContent`))
	assert.Less(t, eval[int](b, drawn), 60)
	assert.Equal(t, "5001", eval[string](b, `document.querySelector("#open table.questions").getAttribute("aria-rowcount")`))

	b.click("#open tr[aria-rowindex='5001']", "Person Number4999")
	b.until(`document.querySelector("#open .detail article")`)
	eval[bool](b, `(document.querySelector("#open tr[tabindex='0']").focus(), true)`)
	b.keys(kb.Home)
	b.until(`document.activeElement.dataset?.id === "id-enable-person.number0000"`)
	b.until(`!document.querySelector("#open .detail")`)
	b.keys(kb.End)
	b.until(`document.activeElement.dataset?.id === "id-enable-person.number4999"`)
	b.until(`document.querySelector("#open .detail article")`)
	b.click("#open .detail article", "Enable")
	assert.True(t, answerTo(t, desk, "id-enable-person.number4999").Accept)
	b.sees("4,999 questions about 4,999 people")
}
