package approval

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Of two passwords that an account was given in one session, the first is void: no one
// may be handed it.
func TestAVoidPasswordIsNotHandedOut(t *testing.T) {
	jane := plan.Person{CN: "Jane Doe", AccountName: "jane.doe", Anchor: "a"}
	john := plan.Person{CN: "John Doe", AccountName: "john.doe", Anchor: "b"}
	v := &vault{}
	g := newAgenda(Options{}, v)
	g.read(plan.View{Questions: []plan.Question{{ID: "enable", Kind: plan.Enable, Person: &jane}, {ID: "john", Kind: plan.Enable, Person: &john},
		{ID: "first", Kind: plan.NewPassword, Person: &jane}, {ID: "second", Kind: plan.NewPassword, Person: &jane}}})
	set := func(id, password string, unsure bool) {
		outcome := plan.Done
		if unsure {
			outcome = plan.NotDone
		}
		g.record(plan.Answer{ID: id, Accept: true, Password: schema.Secret(password)}, plan.Result{ID: id, Outcome: outcome, Unsure: unsure})
	}
	held := func() string {
		var passwords []string
		for _, i := range v.all() {
			passwords = append(passwords, i.password.Reveal())
		}
		return strings.Join(passwords, " ")
	}
	set("enable", "one", false)
	set("john", "johns", false)
	v.handOver([]string{"enable"})
	set("first", "two", true)
	assert.Equal(t, "one johns two", held(), "while it is not known which of them is right")
	set("second", "three", false)
	assert.Equal(t, "johns three", held())
	assert.Equal(t, []string{"john.doe", "jane.doe"}, v.unsaved())
	assert.NotContains(t, string(list(v.all())), "Password:     one")
	set("second", "four", false)
	assert.Equal(t, "johns four", held())
}
