package main

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adrules"
)

// The day the courier is dead: the last file is older than max_age, and a person gives
// accounts more time at the page.
func TestMoreTimeByAFileThatIsTooOld(t *testing.T) {
	if withoutBrowser() {
		t.Skip("left out: this needs Chromium, and AD_USER_SYNC_BROWSER=none was given")
	}
	x := newCrossing(t)
	x.runExport()
	x.runImport()
	w := x.sit(t)
	p := w.open(t)
	p.decide(p.card(x.name(1), "Enable"), "Enable")
	p.until(`document.body.textContent.includes("1 new password") && "done"`)
	w.interrupt(t, "not handed out")
	w.interrupt(t, "The approval session ended")
	w.ended(t)
	before := x.ends(1)

	x.configured(map[string]any{"max_age": "PT1S"})
	time.Sleep(time.Second)
	cmd, _, log := x.command("import")
	require.Error(t, cmd.Run())
	require.Equal(t, 3, cmd.ProcessState.ExitCode())
	require.Contains(t, log.String(), "more time can be given to accounts with import --interactive")
	state := x.state()
	w = x.sit(t)
	p = w.open(t)
	p.click(".prolong", "Give more time…")
	p.until(`(() => { const i = document.querySelector("dialog textarea"); i.value = "the courier is ill"; i.dispatchEvent(new Event("input", { bubbles: true })); return "typed"; })()`)
	p.click("dialog", "Give 14 days to 1 account")
	p.until(`document.body.textContent.includes("1 given more time") && "done"`)
	w.interrupt(t, "The approval session ended")
	<-w.drained
	require.Error(t, w.cmd.Wait())
	assert.Equal(t, 3, w.cmd.ProcessState.ExitCode(), "the file is still refused")
	assert.Equal(t, before.Add(14*24*time.Hour), x.ends(1))
	r := x.report(w.out)
	assert.Equal(t, []string{"EXT " + x.name(1)}, r.Prolonged)
	require.NotNil(t, r.Guard)
	require.Len(t, r.GivenTime, 1)
	assert.Equal(t, "the courier is ill", r.GivenTime[0].Reason)
	delete(state, x.managed(1))
	now := x.state()
	delete(now, x.managed(1))
	assert.Equal(t, state, now, "nothing else was written")

	x.configured(map[string]any{"max_age": nil})
	x.runImport()
	assert.Equal(t, before.Add(14*24*time.Hour), x.ends(1), "an import of the same file leaves it")
	status, out, _ := x.command("status", "--format", "text")
	require.NoError(t, status.Run())
	assert.Contains(t, out.String(), "14 days to 1 account, by ")
}

// ends is when an account ends.
func (x *crossing) ends(i int) time.Time {
	x.Helper()
	v, err := strconv.ParseInt(x.target.Read(x.managed(i), "accountExpires")["accountExpires"][0], 10, 64)
	require.NoError(x, err)
	t, ends := adrules.TimeFromFileTime(v)
	require.True(x, ends)
	return t
}
