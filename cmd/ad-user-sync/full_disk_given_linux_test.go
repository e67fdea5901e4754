package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
)

// A disk that is full while a limit is overridden in the page: nothing is written, the
// person is told, and the override, which was not used up, goes through once there is room.
func TestAFullDiskWhileALimitIsOverridden(t *testing.T) {
	x, disk, fill, free := diskOfASession(t)
	for i := range 6 {
		x.source.Delete(x.source.dn(x.name(i)))
	}
	x.runExport()
	x.configured(map[string]any{"limits": map[string]any{"disable": map[string]any{"max": 2}}})
	w := x.sit(t)
	p := w.open(t)
	p.until(`document.querySelector(".limits")?.textContent.includes("The run was stopped before the first write") && "stopped"`)
	fill()
	files, accounts := filesOn(t, disk), x.state()
	override := func() {
		p.until(`(() => { const i = document.querySelector(".limits form input"); if (!i || i.disabled) return "";
			i.value = i.closest("form").textContent.match(/type the number of accounts \((\d+)\)/)[1]; i.dispatchEvent(new Event("input")); return "typed"; })()`)
		p.click(".limits", "Override for this plan")
	}
	override()
	p.until(`/nothing was done: the ledger: .*no space left on device/.test(document.body.innerText) && "told"`)
	assert.Equal(t, files, filesOn(t, disk), "nothing is lost, and nothing half-written")
	assert.Equal(t, accounts, x.state(), "nothing is done that could not be remembered")
	p.until(`document.querySelector(".limits")?.checkVisibility() && "it still stands"`)
	free()
	override()
	p.until(`document.querySelector(".limits").hidden && document.body.textContent.includes("6 disabled") && "done"`)
	assert.NotEqual(t, accounts, x.state())
	w.interrupt(t, "The approval session ended")
	log := w.ended(t)
	assert.Contains(t, log, "no space left on device", "the end of the session names what failed in it")
	r := x.report(w.out)
	assert.Len(t, r.Disabled, 6)
	before := x.state()
	x.runImport()
	assert.Equal(t, before, x.state(), "a second import writes nothing")
}

// The same while an approver gives more time: it is given once, and who gave it is kept.
func TestAFullDiskWhileTimeIsGiven(t *testing.T) {
	x, disk, fill, free := diskOfASession(t)
	x.configured(map[string]any{"max_age": "PT1S"})
	time.Sleep(time.Second)
	w := x.sit(t)
	p := w.open(t)
	give := func(reason string) {
		p.click(".prolong", "Give more time…")
		p.until(`(() => { for (const [what, text] of [["textarea", ` + quote(reason) + `], ["input[inputmode]", "6"]]) { const i = document.querySelector("dialog " + what);
			i.value = text; i.dispatchEvent(new Event("input", { bubbles: true })); } return "typed"; })()`)
		p.click("dialog", "Give 14 days to 6 accounts")
	}
	p.until(`document.querySelector(".prolong")?.checkVisibility() && "offered"`)
	before := x.ends(0)
	fill()
	files, accounts := filesOn(t, disk), x.state()
	give("the courier is ill")
	p.until(`/no time was given: the ledger: .*no space left on device/.test(document.body.innerText) && "told"`)
	assert.Equal(t, files, filesOn(t, disk), "nothing is lost, and nothing half-written")
	assert.Equal(t, accounts, x.state(), "no time is given that could not be remembered")
	free()
	give("the courier is still ill")
	p.until(`document.body.textContent.includes("6 given more time") && "done"`)
	assert.Equal(t, before.Add(14*24*time.Hour), x.ends(0), "once")
	w.interrupt(t, "The approval session ended")
	<-w.drained
	require.Error(t, w.cmd.Wait())
	assert.Equal(t, exitRefused, w.cmd.ProcessState.ExitCode(), "the file is still refused")
	assert.Contains(t, w.shown(), "no space left on device", "the end of the session names what failed in it")
	r := x.report(w.out)
	assert.Len(t, r.Prolonged, 6)
	require.Len(t, r.GivenTime, 1, "the one that failed is not among them")
	assert.Equal(t, "the courier is still ill", r.GivenTime[0].Reason)
	status, out, _ := x.command("status", "--format", "text")
	require.NoError(t, status.Run())
	assert.Contains(t, out.String(), "14 days to 6 accounts, by ")
}

// diskOfASession is an installation with its memory on a small disk, and six accounts in use.
func diskOfASession(t *testing.T) (x *crossing, disk string, fill, free func()) {
	t.Helper()
	if withoutBrowser() {
		t.Skip("left out: this needs Chromium, and AD_USER_SYNC_BROWSER=none was given")
	}
	disk, fill, free = adtest.SmallDisk(t)
	x = newCrossing(t)
	x.configured(map[string]any{"resolutions_file": filepath.Join(disk, "resolutions.json"), "report_dir": filepath.Join(disk, "reports")})
	x.runExport()
	x.runImport()
	w := x.sit(t)
	p := w.open(t)
	for i := range 6 {
		p.decide(p.card(x.name(i), "Enable"), "Enable")
	}
	p.until(fmt.Sprintf(`document.body.textContent.includes("%d new passwords") && "done"`, 6))
	w.interrupt(t, "not handed out")
	w.interrupt(t, "The approval session ended")
	w.ended(t)
	return x, disk, fill, free
}
