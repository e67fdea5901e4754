package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
)

// A disk that fills up while someone decides: the page says so, nothing is done that could
// not be remembered, nothing is half-written, the question stays, and once there is room the session goes on.
func TestAFullDiskInASession(t *testing.T) {
	if withoutBrowser() {
		t.Skip("left out: this needs Chromium, and AD_USER_SYNC_BROWSER=none was given")
	}
	disk, fill, free := adtest.SmallDisk(t)
	x := newCrossing(t)
	x.configured(map[string]any{"resolutions_file": filepath.Join(disk, "resolutions.json"), "report_dir": filepath.Join(disk, "reports")})
	x.runExport()
	x.runImport()
	w := x.sit(t)
	p := w.open(t)
	enable, reject := p.card(x.name(1), "Enable"), p.card(x.name(3), "Enable")
	fill()
	files, accounts := filesOn(t, disk), x.state()
	for card, label := range map[string]string{enable: "Enable", reject: "Reject"} {
		p.click(card, label)
		p.until("document.querySelector(" + quote("#open "+card+" .trouble") + ")?.textContent.includes('no space left on device') && 'told'")
		assert.Equal(t, files, filesOn(t, disk), "%s: nothing is lost, and nothing half-written", label)
		assert.Equal(t, accounts, x.state(), "%s: nothing is done that could not be remembered", label)
	}
	free()
	p.decide(enable, "Enable")
	p.decide(reject, "Reject")
	assert.Contains(t, x.enabled(), x.account(1))
	fill()
	w.interrupt(t, "not handed out")
	w.interrupt(t, "The approval session ended")
	<-w.drained
	require.Error(t, w.cmd.Wait())
	assert.Equal(t, exitFault, w.cmd.ProcessState.ExitCode(), w.shown())
	assert.Contains(t, w.shown(), "no space left on device", "the report of the session cannot be kept")
	free()
	x.runImport()
}
