package memad

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A copy keeps what its domain asks of passwords, and can be made to
// give nothing that the other has given.
func TestCopies(t *testing.T) {
	d := New("plant.example")
	early := d.Clone()
	assert.Equal(t, d.domain.rules, early.domain.rules)
	d.AddUser(User{CN: "Anna", AccountName: "anna"})
	early.Diverge(d)
	early.AddUser(User{CN: "Bert", AccountName: "bert"})
	a, b := d.store.account("anna"), early.store.account("bert")
	assert.NotEqual(t, a.guid, b.guid)
	assert.NotEqual(t, a.sid(), b.sid())
}
