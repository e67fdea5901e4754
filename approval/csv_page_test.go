package approval

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// saved is the list that a button saves.
func (b *tab) saved(within string) [][]string {
	b.t.Helper()
	eval[bool](b, `(() => { // caught on its way to the disk
		window.file = undefined;
		const create = URL.createObjectURL;
		URL.createObjectURL = (blob) => { blob.text().then((t) => { window.file = t; }); URL.createObjectURL = create; return create(blob); };
		return true;
	})()`)
	b.click(within, "Save as CSV")
	b.until("window.file")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(eval[string](b, "window.file"), "\ufeff"))).ReadAll()
	require.NoError(b.t, err)
	return rows
}

func TestListsAsCSV(t *testing.T) {
	desk := &paperDesk{view: sample()}
	evil := desk.view.Questions[0].Person
	evil.DisplayName, evil.CN = `=HYPERLINK("http://evil","Jane")`, "Jane Doe"
	_, b := opened(t, desk)
	b.click("#open .tools", "Table")
	b.click("#open thead", "Account")
	b.until(tableRows + `[0].dataset.id === "id-adopt-alma.adopt"`)
	rows := b.saved("#open .tools")
	require.Len(t, rows, 10)
	assert.Equal(t, []string{"Name", "Account", "Question", "Department", "Title", "Groups", "Reason", "Guarded", "Logon name", "Mail"}, rows[0])
	assert.Equal(t, "alma.adopt", rows[1][1], "in the order that is shown")
	text := eval[string](b, "window.file")
	assert.Contains(t, text, `"'=HYPERLINK(""http://evil"",""Jane"")"`)
	for _, output := range eval[[]string](b, `[...document.querySelectorAll("output.passphrase")].map((e) => e.textContent)`) {
		assert.NotContains(t, text, output)
	}

	b.click("#open .tools", "Cards")
	b.click(of("id-enable-jane.doe"), "Enable")
	password := answerTo(t, desk, "id-enable-jane.doe").Password.Reveal()
	b.gone("id-enable-jane.doe")
	b.click(of("id-disable-dora.disable"), "Reject")
	b.gone("id-disable-dora.disable")
	b.click("[role=tablist]", "Done")
	b.click("#done", "Show")
	b.sees(password)
	rows = b.saved("#done")
	require.Len(t, rows, 3)
	assert.Equal(t, []string{"", "Dora Disable"}, rows[1][:2])
	assert.Equal(t, []string{"Operations", `'=HYPERLINK("http://evil","Jane")`, "jane.doe"}, rows[2][:3])
	assert.Equal(t, "yes", rows[2][9])
	assert.NotContains(t, eval[string](b, "window.file"), password)
}

func TestCellIsNoFormula(t *testing.T) {
	_, b := opened(t, &paperDesk{view: sample()})
	for text, cell := range map[string]string{"=1+1": `"'=1+1"`, "+49": `"'+49"`, "-1": `"'-1"`, "@a": `"'@a"`, "\t=1": `"' =1"`, "\n@x": `"' @x"`, "a\"b": `"a""b"`, "Ann-Marie": `"Ann-Marie"`, "＝1": `"'＝1"`, "Clerk;=1": `"Clerk;'=1"`, `x;"=1`: `"x;'""=1"`, "a; b": `"a; b"`} {
		assert.Equal(t, cell, eval[string](b, `import("/page/csv.js").then((m) => m.cell(`+quote(text)+`))`), text)
	}
}
