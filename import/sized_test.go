package importer

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What memory an import may take goes by all that it has to do with: a small file beside a
// large container, or a large ledger, must not be taken for little.
func TestHowManyAnImportHasToDoWith(t *testing.T) {
	s := newScene(t)
	sized := func() (all []int) {
		s.run(s.file(s.person("Jane Doe"), s.person("John Roe")), func(o *Options) { o.Sized = func(people int) { all = append(all, people) } })
		return all
	}
	assert.Equal(t, []int{2, 2}, sized(), "nothing there yet")
	for i := range 5 {
		s.user(s.account(fmt.Sprint("By hand ", i)), fmt.Sprint("byhand", i), nil)
	}
	assert.Equal(t, []int{2, 7}, sized())
}
