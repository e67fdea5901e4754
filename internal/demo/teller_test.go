package demo

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

func TestNarrationIsWrappedAndVisible(t *testing.T) {
	var out bytes.Buffer
	s := &teller{out: &out}
	s.chapter("Two domains")
	s.promise(true, "%s", strings.Repeat("müde Wörter ", 20))
	s.say("a\u202Eb")
	require.NoError(t, s.kept())
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	assert.Equal(t, "1  Two domains", lines[0])
	assert.True(t, strings.HasPrefix(lines[1], "    - müde"))
	assert.True(t, strings.HasPrefix(lines[2], "      "))
	for _, line := range lines {
		assert.LessOrEqual(t, utf8.RuneCountInString(line), width)
	}
	assert.Equal(t, "    a[U+202E]b", lines[len(lines)-1])
}

func TestABrokenPromiseIsNotTold(t *testing.T) {
	var out bytes.Buffer
	s := &teller{out: &out}
	s.promise(false, "pigs fly")
	s.check(false, "and dogs")
	require.ErrorContains(t, s.kept(), "pigs fly; and dogs")
	assert.Empty(t, out.String())
}

func TestWordsForNumbers(t *testing.T) {
	for want, got := range map[string]string{
		"1 account": schema.Plural(1, "account"), "0 accounts": schema.Plural(0, "account"), "2 people": schema.Plural(2, "person"),
		"1 search": schema.Plural(1, "search"), "3 searches": schema.Plural(3, "search"),
		"A": enumerate([]string{"A"}), "A and B": enumerate([]string{"A", "B"}), "A, B and C": enumerate([]string{"A", "B", "C"}),
	} {
		assert.Equal(t, want, got)
	}
}
