package report

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What a report says of each change of each action is not in memory beside the plan.
func TestAReportIsMadeAsItIsWritten(t *testing.T) {
	const n = 10_000
	actions := make([]plan.Action, n)
	for i := range actions {
		actions[i] = plan.Action{Kind: plan.Update, Person: &plan.Person{CN: fmt.Sprint("Person ", i)}, Changes: make([]plan.Change, 15)}
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := Actions(schema.Report{}, actions).Sorted()
	runtime.GC()
	runtime.ReadMemStats(&after)
	assert.Less(t, (after.HeapAlloc-before.HeapAlloc)/n, uint64(200), "bytes of an action")
	assert.Len(t, r.Changes.Entries(), 15*n)
	runtime.KeepAlive(actions)
}

// Changes of one account by actions of one kind stand together, by attribute.
func TestChangesOfAnAccountStandTogether(t *testing.T) {
	who := plan.Person{CN: "Jane Doe"}
	change := func(attribute string) []plan.Change {
		return []plan.Change{{Attribute: attribute, After: []string{"x"}}}
	}
	r := Actions(schema.Report{}, []plan.Action{
		{Kind: plan.Update, Person: &who, Changes: slices.Concat(change("title"), change("mail"))},
		{Kind: plan.Rename, Person: &who, Changes: change("cn")},
		{Kind: plan.Update, Person: &who, Changes: change("manager")},
		{Kind: plan.Update, Person: &plan.Person{CN: "Anna A"}, Changes: change("sn")},
	}).Sorted()
	var order []string
	for c := range r.Changes.All() {
		order = append(order, c.User+" "+c.Action+" "+c.Attribute)
	}
	assert.Equal(t, []string{"Anna A update sn", "Jane Doe rename cn", "Jane Doe update mail", "Jane Doe update manager", "Jane Doe update title"}, order)
}
