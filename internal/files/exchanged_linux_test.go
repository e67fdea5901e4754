package files_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

// meanwhile does one thing again and again for a while, while the owner of the folder
// does another one all the time. It ends early where do returns false.
func meanwhile(t *testing.T, exchange func(), do func() bool) {
	t.Helper()
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				exchange()
			}
		}
	}()
	for end := time.Now().Add(1500 * time.Millisecond); time.Now().Before(end) && do(); {
	}
	close(stop)
	<-done
}

// Whoever owns the folder exchanges file and link while root writes and reads.
func TestALinkThatComesWhileItIsLookedForIsNotFollowed(t *testing.T) {
	folder, victim := foreign(t)
	path, link := filepath.Join(folder, "ledger.json"), filepath.Join(folder, "link")
	n := 0
	meanwhile(t, func() {
		_ = os.Symlink(victim, link)
		_ = os.Rename(link, path)
		_ = os.WriteFile(link, nil, 0o600)
		_ = os.Rename(link, path)
	}, func() bool {
		n++
		_ = files.Replace(path, 0o600, text("new"))
		read, _ := files.ReadOwn(path, 100)
		content, err := os.ReadFile(victim)
		return assert.NotEqual(t, "secret", string(read)) && err == nil && string(content) == "secret"
	})
	content, err := os.ReadFile(victim)
	require.NoError(t, err)
	assert.Equal(t, "secret", string(content), "after %d times", n)
}

// What a link leads to is not said to be who holds a lock.
func TestALinkThatComesWhileALockIsAwaitedIsNotRead(t *testing.T) {
	folder, victim := foreign(t)
	path, link, other := filepath.Join(folder, "run.lock"), filepath.Join(folder, "link"), filepath.Join(folder, "other")
	unlock, err := files.Lock(t.Context(), path, 0)
	require.NoError(t, err)
	defer unlock()
	meanwhile(t, func() {
		_ = os.Symlink(victim, link)
		_ = os.Rename(path, other)
		_ = os.Rename(link, path)
		_ = os.Rename(other, path)
	}, func() bool {
		_, err := files.Lock(t.Context(), path, time.Microsecond)
		return err == nil || assert.NotContains(t, err.Error(), "ecret")
	})
	content, err := os.ReadFile(victim)
	require.NoError(t, err)
	assert.Equal(t, "secret", string(content))
}

// The same of a folder in it.
func TestAFolderThatBecomesALinkIsNotFollowed(t *testing.T) {
	for name, do := range map[string]func(sub string){
		"replace": func(sub string) { _ = files.Replace(filepath.Join(sub, "report.json"), 0o600, text("new")) },
		"create":  func(sub string) { _ = files.Create(filepath.Join(sub, "hmac.key"), text("new")) },
		"lock": func(sub string) {
			if unlock, err := files.Lock(t.Context(), filepath.Join(sub, "run.lock"), 0); err == nil {
				unlock()
			}
		},
		"mark": func(sub string) {
			if mark, err := files.MakeMark(t.Context(), filepath.Join(sub, "session-")); err == nil {
				mark.Others()
				mark.Remove()
			}
		},
		"folder":     func(sub string) { _ = files.Mkdir(filepath.Join(sub, strconv.Itoa(rand.Int()), "month")) },
		"old ones":   func(sub string) { _ = files.RemoveOlder(filepath.Join(sub, "victim*"), 24*time.Hour) },
		"full check": func(sub string) { _ = files.CheckLock(filepath.Join(sub, "run.lock")) },
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			folder, victim := foreign(t)
			elsewhere, sub, other := filepath.Dir(victim), filepath.Join(folder, "reports"), filepath.Join(folder, "other")
			old := time.Now().Add(-48 * time.Hour)
			require.NoError(t, os.Mkdir(sub, 0o700))
			require.NoError(t, os.Chtimes(victim, old, old))
			require.NoError(t, os.Chtimes(elsewhere, old, old))
			untouched := func() bool {
				found, _ := os.ReadDir(elsewhere)
				info, err := os.Stat(elsewhere)
				return len(found) == 1 && err == nil && info.ModTime().Before(time.Now().Add(-time.Hour))
			}
			meanwhile(t, func() {
				_ = os.Rename(sub, other)
				_ = os.Symlink(elsewhere, sub)
				_ = os.Remove(sub)
				_ = os.Rename(other, sub)
			}, func() bool {
				do(sub)
				_ = os.Remove(filepath.Join(sub, "hmac.key"))
				_ = os.Remove(filepath.Join(other, "hmac.key"))
				return untouched()
			})
			assert.True(t, untouched(), "nothing is made, written or removed behind the link")
		})
	}
}

// What root makes in the folder of another user is that user's.
func TestAFolderMadeInAnothersFolderIsTheirs(t *testing.T) {
	folder, _ := foreign(t)
	require.NoError(t, files.Mkdir(filepath.Join(folder, "reports", "2026")))
	require.NoError(t, files.Mkdir(filepath.Join(folder, "reports", "2026")), "one that is there stays")
	for _, path := range []string{"reports", "reports/2026"} {
		others := owner(t, filepath.Join(folder, path))
		assert.Equal(t, uint32(54321), others)
	}
	require.ErrorContains(t, files.Mkdir(os.DevNull+"/reports"), "not a directory")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "file"), nil, 0o600))
	require.Error(t, files.Mkdir(filepath.Join(folder, "file")))
}

// A lock that is another file of root's under a second name would be written to.
func TestALockWithASecondNameIsRefused(t *testing.T) {
	folder := t.TempDir()
	file, lock := filepath.Join(folder, "file"), filepath.Join(folder, "run.lock")
	require.NoError(t, os.WriteFile(file, []byte("secret"), 0o600))
	require.NoError(t, os.Link(file, lock))
	_, err := files.Lock(t.Context(), lock, 0)
	require.ErrorContains(t, err, "another name")
	require.ErrorContains(t, files.CheckLock(lock), "another name")
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "secret", string(content))
}

func owner(t *testing.T, path string) uint32 {
	t.Helper()
	info, err := os.Lstat(path)
	require.NoError(t, err)
	return info.Sys().(*syscall.Stat_t).Uid
}
