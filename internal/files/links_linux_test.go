package files_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

// Root follows no link that another could have made, of a file or of a folder above it,
// straight or over a link of its own.
func TestLinksOfOthersAreNotFollowed(t *testing.T) {
	folder, victim := foreign(t)
	elsewhere, mine := filepath.Dir(victim), t.TempDir()
	for link, target := range map[string]string{
		filepath.Join(folder, "ledger.json"): victim, filepath.Join(folder, "reports"): elsewhere, // root's own, but the folder is another's
		filepath.Join(mine, "theirs"): elsewhere, filepath.Join(mine, "state"): folder,
		filepath.Join(mine, "two-steps"): filepath.Join(folder, "reports"),
	} {
		require.NoError(t, os.Symlink(target, link))
	}
	require.NoError(t, os.Lchown(filepath.Join(mine, "theirs"), 54321, 54321))
	for _, path := range []string{filepath.Join(folder, "ledger.json"), filepath.Join(folder, "reports/victim"), filepath.Join(mine, "theirs/victim"),
		filepath.Join(mine, "state/ledger.json"), filepath.Join(mine, "two-steps/victim")} {
		require.ErrorContains(t, files.Replace(path, 0o600, text("new")), "is a link, which could have been made by its owner, the user 54321, so that it is not followed", path)
		require.ErrorContains(t, files.CheckReplace(path), "not followed")
		_, err := files.ReadOwn(path, 100)
		require.ErrorContains(t, err, "not followed")
	}
	_, err := files.Lock(context.Background(), filepath.Join(folder, "reports/lock"), time.Second)
	require.ErrorContains(t, err, "not followed")
	content, err := os.ReadFile(victim)
	require.NoError(t, err)
	assert.Equal(t, "secret", string(content))
	entries, err := os.ReadDir(elsewhere)
	require.NoError(t, err)
	assert.Len(t, entries, 1)

	require.NoError(t, files.Replace(filepath.Join(mine, "state/other.json"), 0o600, text("new")), "a link of root's in root's folder is one")
	round := filepath.Join(mine, "round")
	require.NoError(t, os.Symlink(round, round))
	require.ErrorContains(t, files.CheckLinks(round), "leads nowhere")
}
