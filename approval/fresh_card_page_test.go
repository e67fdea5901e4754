package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// change edits the first question about someone.
func (d *paperDesk) change(id string, edit func(*plan.Question)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.view.Questions {
		if d.view.Questions[i].ID == id {
			edit(&d.view.Questions[i])
		}
	}
}

func TestAnOpenCardShowsWhatIsReadAfresh(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	id := "id-join-jane.doe-p-Operators"
	moved := func(to string) func(*plan.Question) {
		return func(q *plan.Question) {
			q.Context = []plan.Field{{Code: plan.FieldDepartment, After: []string{to}}, {Code: plan.FieldPresentGroup, After: []string{"Staff"}}}
		}
	}
	b.says(of(id), "Shift lead")
	desk.change(id, moved("Assembly"))
	b.click(of("id-leave-lea.leave-p-Viewers"), "Remove from group")
	b.gone("id-leave-lea.leave-p-Viewers")
	b.says(of(id), "Assembly")
	assert.NotContains(t, b.part(of(id), ".context"), "Shift lead")

	b.click("#open .tools", "Table")
	b.click("#open tr[data-id='"+id+"']", "Jane Doe")
	b.says("#open .detail article", "Assembly")
	desk.change(id, moved("Painting"))
	desk.change(id, func(q *plan.Question) { q.Person.Mail = "jane@new.example" })
	desk.change("id-enable-rita.returned", func(q *plan.Question) { q.Person.DisplayName = "Rita Again" })
	b.click("#open tr[data-id='id-disable-dora.disable']", "Select: Dora Disable")
	b.click(".bulk", "Accept")
	b.click("dialog", "Accept")
	b.gone("id-disable-dora.disable")
	b.says("#open .detail article", "Painting")
	b.says("#open .detail", "jane@new.example")
}

// The row stays open where another question takes the place of the one that was answered.
func TestAnOpenRowFollowsItsQuestion(t *testing.T) {
	desk := &paperDesk{view: sample(), vanish: map[string]bool{"jane.doe": true}}
	_, b := opened(t, desk)
	b.click("#open .tools", "Table")
	b.click("#open tr[data-id='id-enable-jane.doe']", "Jane Doe")
	b.click("#open .detail article", "Enable")
	b.until(`document.querySelector("#open .detail article")?.dataset.id === "id-enable-jane.doe-new"`)
	b.says("#open .detail article", "This changed meanwhile.")
}
