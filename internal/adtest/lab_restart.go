package adtest

import (
	"net"
	"testing"
	"time"
)

// Stop ends a domain's controller as a restart of the machine does. Start
// brings it back as it was; the test does that at the latest when it ends.
// Nothing else may use the lab meanwhile.
func (d Domain) Stop(t testing.TB) {
	t.Helper()
	if err := stop(d); err != nil {
		t.Fatalf("stop the controller of %s: %v", d.Name, err)
	}
	for answers(net.JoinHostPort(d.Address, "636")) { // its children end a moment later
		time.Sleep(10 * time.Millisecond)
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

// IdleLimit sets MaxConnIdleTime (MS-ADTS 3.1.1.3.4.6), in seconds, for the
// connections that are made from now on.
func (d Domain) IdleLimit(t testing.TB, seconds string) {
	t.Helper()
	d.Admin(t).Replace("CN=Default Query Policy,CN=Query-Policies,CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,"+d.Base,
		"lDAPAdminLimits", "MaxConnIdleTime="+seconds)
}

// AwaitIdleEnd waits until the controller has ended a connection that idles.
func (d Domain) AwaitIdleEnd(t testing.TB) {
	t.Helper()
	idle := d.Admin(t).conn
	for limit := time.Now().Add(time.Minute); !idle.IsClosing(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("%s does not end idle connections", d.Name)
		}
	}
}
