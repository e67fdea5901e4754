package adtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Up starts the lab where it does not run. The first start provisions both
// domains (about 20 s) and keeps them as templates; later ones unpack those.
func Up(logf func(string, ...any)) (*TwoDomains, error) {
	lab, unlock, err := lockLab()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if running(lab.Source) && running(lab.Target) {
		return lab, nil
	}
	if err := ready(); err != nil {
		return nil, err
	}
	if err := lab.prepare(); err != nil {
		return nil, err
	}
	start := func(d Domain) error { return lab.start(d, logf) }
	return lab, together(start, lab.Source, lab.Target)
}

// together does the same for two controllers at once.
func together(do func(Domain) error, a, b Domain) error {
	var both sync.WaitGroup
	var first, second error
	both.Go(func() { first = do(a) })
	both.Go(func() { second = do(b) })
	both.Wait()
	return errors.Join(first, second)
}

// Down ends both controllers. Their templates stay.
func Down() error {
	lab, unlock, err := lockLab()
	if err != nil {
		return err
	}
	defer unlock()
	return errors.Join(stop(lab.Source), stop(lab.Target))
}

// Running reports whether both controllers are up.
func Running() (*TwoDomains, bool, error) {
	lab, unlock, err := lockLab()
	if err != nil {
		return nil, false, err
	}
	defer unlock()
	return lab, running(lab.Source) && running(lab.Target), nil
}

func (lab *TwoDomains) start(d Domain, logf func(string, ...any)) error {
	if running(d) {
		return nil
	}
	if err := stop(d); err != nil {
		return err
	}
	began := time.Now()
	if err := lab.ensureTemplate(d); err != nil {
		return fmt.Errorf("make the domain %s: %w", d.Name, err)
	}
	if err := unpackTemplate(d); err != nil {
		return fmt.Errorf("unpack the domain %s: %w", d.Name, err)
	}
	if err := launch(d); err != nil {
		return err
	}
	logf("%s runs on %s after %s", d.Host, d.Address, time.Since(began).Round(100*time.Millisecond))
	return nil
}

// prepare makes what both domains share.
func (lab *TwoDomains) prepare() error {
	if err := ensureCertificates(lab.CAFile, lab.Source, lab.Target); err != nil {
		return fmt.Errorf("make the lab's certificates: %w", err)
	}
	if err := os.WriteFile(lab.Krb5, []byte(krb5Conf(lab.Source, lab.Target)), 0o600); err != nil {
		return err
	}
	if !running(lab.Target) { // the target starts anew, and so does what the importer remembers of it
		if err := os.RemoveAll(lab.Files); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(lab.Files, 0o700); err != nil {
		return err
	}
	if complete(lab.HMAC) {
		return nil
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return os.WriteFile(lab.HMAC, []byte(hex.EncodeToString(key)+"\n"), 0o600)
}

// lockLab waits for other processes that start or end the lab.
func lockLab() (*TwoDomains, func(), error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, nil, err
	}
	lab := newTwoDomains(filepath.Join(root, ".lab"), labAddresses)
	unlock, err := lockFolder(lab.Dir, 3*time.Minute)
	return lab, unlock, err
}

// lockFolder waits for other processes that use what is in the folder, and makes it.
func lockFolder(dir string, patience time.Duration) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	lock := flock.New(filepath.Join(dir, "lock"))
	if ok, err := lock.TryLockContext(ctx, 100*time.Millisecond); !ok {
		return nil, fmt.Errorf("wait for another process that uses %s: %w", dir, err)
	}
	return func() { _ = lock.Unlock() }, nil
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("the lab lives in the folder of go.mod, and the working folder is not below one")
		}
	}
}

// ready tells why the lab cannot be started here.
func ready() error {
	for _, program := range []string{"samba", "samba-tool", "ldbadd", "ldbmodify", "ldbsearch", "tar"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is not installed; on Debian run \"make install\" as root", program)
		}
	}
	if os.Geteuid() != 0 {
		return errors.New("Samba domain controllers listen on ports below 1024; run this as root")
	}
	return nil
}

// randomName is n letters and digits.
func randomName(n int) string { return strings.ToLower(rand.Text()[:n]) }
