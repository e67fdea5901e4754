package adtest

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// LabAlone starts two new domains for this test alone, beside those that all tests
// share, and ends them with it: for what fills a domain, or measures it.
func LabAlone(t testing.TB) *TwoDomains {
	t.Helper()
	leaveOut(t)
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	lab := newTwoDomains(filepath.Join(root, ".lab", "alone"), [2]string{"127.0.0.50", "127.0.0.60"})
	unlock, err := lockFolder(lab.Dir, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	end := func() error { return errors.Join(stop(lab.Source), stop(lab.Target)) }
	t.Cleanup(func() {
		if err := end(); err != nil {
			t.Errorf("end the lab: %v", err)
		}
		unlock()
	})
	start := func(d Domain) error { return lab.start(d, t.Logf) }
	if err := errors.Join(end(), ready(), lab.prepare(), together(start, lab.Source, lab.Target)); err != nil {
		t.Fatalf("the lab did not start: %v", err)
	}
	return lab
}

// Keep keeps a domain of LabAlone as it is, and returns what brings it back to that.
func (d Domain) Keep(t testing.TB) (restore func()) {
	t.Helper()
	kept := filepath.Join(t.TempDir(), "dc")
	d.stopped(t, func() error { return d.tool("cp", "-a", "--sparse=always", d.root(), kept) })
	return func() {
		d.stopped(t, func() error {
			return errors.Join(os.RemoveAll(d.root()), d.tool("cp", "-a", "--sparse=always", kept, d.root()))
		})
	}
}

func (d Domain) stopped(t testing.TB, do func() error) {
	t.Helper()
	if err := errors.Join(stop(d), do(), launch(d)); err != nil {
		t.Fatalf("keep or bring back %s: %v", d.Name, err)
	}
}
