package export

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		pattern, value string
		want           bool
	}{
		{"adm-*", "ADM-jdoe", true}, {"adm-*", "xadm-jdoe", false}, {"*", "", true}, {"*", "anything", true},
		{"", "", true}, {"", "x", false}, {"?", "", false}, {"?", "ü", true}, {"?", "李", true}, {"j?oe", "jdoe", true},
		{"j?oe", "joe", false}, {"*oe", "jdoe", true}, {"*a*b*", "xaxxbx", true}, {"*a*b*", "xbxxax", false},
		{"*.ext@*", "a.ext.ext@corp.example", true}, {"MÜLLER", "müller", true}, {"**", "x", true}, {"a*", "b", false},
		{"[a]", "[a]", true}, {"[a]", "a", false}, {`\*`, `\x`, true}, {"a.c", "abc", false}, {"*ab", "aab", true},
	} {
		assert.Equal(t, c.want, newPattern(c.pattern).matches(c.value), "%q %q", c.pattern, c.value)
	}
}

func TestPatternAgreesWithARegularExpression(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab*?ü")), 0, 12, -1)
		pattern, value := text.Draw(t, "pattern"), text.Draw(t, "value")
		expression := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
		want := regexp.MustCompile("^(?s:" + expression + ")$").MatchString(value)
		assert.Equal(t, want, newPattern(pattern).matches(value))
	})
}
