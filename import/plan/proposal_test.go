package plan

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestProposalsArePlain(t *testing.T) {
	for name, want := range map[string]string{
		"zoé": "zoe", "Łęcka": "Lecka", "strauß": "strauss", "müller": "muller", "Ærø": "Aero", "田中": "user",
		"a b/c": "abc", "maximiliane.hohenstein": "maximiliane.hohenste",
	} {
		assert.Equal(t, want, proposals(name)[0], name)
	}
}
