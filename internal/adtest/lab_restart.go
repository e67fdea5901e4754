package adtest

import "testing"

// Stop ends a domain's controller as a restart of the machine does. Start
// brings it back as it was; the test does that at the latest when it ends.
// Nothing else may use the lab meanwhile.
func (d Domain) Stop(t testing.TB) {
	t.Helper()
	if err := stop(d); err != nil {
		t.Fatalf("stop the controller of %s: %v", d.Name, err)
	}
	t.Cleanup(func() { d.Start(t) })
}

// Start starts a controller that was stopped, and waits until it answers.
func (d Domain) Start(t testing.TB) {
	t.Helper()
	if running(d) {
		return
	}
	if err := launch(d); err != nil {
		t.Fatalf("start the controller of %s: %v", d.Name, err)
	}
}
