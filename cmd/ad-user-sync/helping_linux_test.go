package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest/mailbox"
)

// Someone who forgot the password is helped on a day without a question, too; what no
// one sits before ends by itself.
func TestThePageOpensWithoutAQuestionAtATerminalAlone(t *testing.T) {
	p := newPost(t, mailbox.Options{})
	for i, person := range []string{"Jane Doe", "-Jane Doe"} { // who is disabled in the source then, and asked about no more
		code, said := p.run(time.Duration(2-i)*time.Minute, person)
		require.Equal(t, exitDone, code, said)
	}

	code, said := p.command("import", "--interactive", "--no-browser")
	assert.Equal(t, exitDone, code, said)
	assert.NotContains(t, said, "#code=")

	x := onTerminal(t, p.folder, "import", "--interactive", "--no-browser")
	x.answer(`Nothing waits for a decision. On the tab "Accounts"`, "")
	x.answer("/#code=", "")
	_, err := x.side.WriteString("\x03")
	require.NoError(t, err)
	assert.Equal(t, exitDone, x.ends(), x.seen())
	assert.Contains(t, x.seen(), "The approval session ended (interrupted at the terminal): 0 done")
}
