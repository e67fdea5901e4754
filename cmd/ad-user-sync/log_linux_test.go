package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest/mailbox"
)

// On a terminal a person is named by the report, a line in each list, and not by the log
// beside it, which a file has; -v shows both.
func TestATerminalHasOneLineAPerson(t *testing.T) {
	for _, flags := range [][]string{nil, {"-v"}} {
		p := newPost(t, mailbox.Options{})
		code, said := p.run(time.Minute, "Jane Doe")
		require.Equal(t, exitDone, code, said)
		assert.Contains(t, said, `user="Jane Doe"`, "elsewhere than on a terminal")
		p.bring(0, "Jane Doe", "Max Roe")
		x := onTerminal(t, p.folder, append([]string{"import"}, flags...)...)
		require.Equal(t, exitDone, x.ends(), x.seen())
		assert.Contains(t, x.seen(), "+ Max Roe (user1)")
		assert.Equal(t, len(flags) > 0, strings.Contains(x.seen(), "CN=Max Roe"), x.seen())
		assert.Equal(t, len(flags) > 0, strings.Contains(x.seen(), "the import is over"), "its counts are the last line of the report")
		assert.Contains(t, x.seen(), "user file read", "what is of no one alone")
	}
}
