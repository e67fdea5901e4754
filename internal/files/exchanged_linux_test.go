package files_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

// Whoever owns the folder exchanges file and link while root writes and reads.
func TestALinkThatComesWhileItIsLookedForIsNotFollowed(t *testing.T) {
	folder, victim := foreign(t)
	path, link := filepath.Join(folder, "ledger.json"), filepath.Join(folder, "link")
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
			}
			_ = os.Symlink(victim, link)
			_ = os.Rename(link, path)
			_ = os.WriteFile(link, nil, 0o600)
			_ = os.Rename(link, path)
		}
	}()
	n := 0
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); n++ {
		_ = files.Replace(path, 0o600, text("new"))
		read, _ := files.ReadOwn(path, 100)
		if content, err := os.ReadFile(victim); !assert.NotEqual(t, "secret", string(read)) || err != nil || string(content) != "secret" {
			break
		}
	}
	close(stop)
	<-done
	content, err := os.ReadFile(victim)
	require.NoError(t, err)
	assert.Equal(t, "secret", string(content), "after %d times", n)
}

// The same of a folder in it.
func TestAFolderThatBecomesALinkIsNotFollowed(t *testing.T) {
	folder, victim := foreign(t)
	elsewhere, sub, other := filepath.Dir(victim), filepath.Join(folder, "reports"), filepath.Join(folder, "other")
	require.NoError(t, os.Mkdir(sub, 0o700))
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
			}
			_ = os.Rename(sub, other)
			_ = os.Symlink(elsewhere, sub)
			_ = os.Remove(sub)
			_ = os.Rename(other, sub)
		}
	}()
	var found []os.DirEntry
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); {
		_ = files.Replace(filepath.Join(sub, "report.json"), 0o600, text("new"))
		if found, _ = os.ReadDir(elsewhere); len(found) > 1 {
			break
		}
	}
	close(stop)
	<-done
	assert.Len(t, found, 1, "%v", found)
}
