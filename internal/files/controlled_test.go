package files_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

func testCheckControlled(t *testing.T) {
	if !posix {
		return
	}
	const other = 54321 // a user and a group that the system does not know
	for _, c := range []struct {
		name                   string
		above, folder, file    fs.FileMode
		aboveOf, folderOf, its int // owner; 0: who runs this
		group                  int
		want                   string
	}{
		{name: "the running user's alone", above: 0o755, folder: 0o700, file: 0o600},
		{name: "readable by everybody", above: 0o755, folder: 0o755, file: 0o644},
		{name: "the file is somebody else's", above: 0o755, folder: 0o700, file: 0o600, its: other, want: "config.json can be changed by its owner, the user 54321"},
		{name: "the folder is somebody else's", above: 0o755, folder: 0o700, file: 0o600, folderOf: other, want: "can be exchanged in the folder"},
		{name: "the folder above is somebody else's", above: 0o755, folder: 0o700, file: 0o600, aboveOf: other, want: "by its owner, the user 54321"},
		{name: "a group may write", above: 0o755, folder: 0o700, file: 0o660, group: other, want: "config.json can be changed by the group 54321"},
		{name: "a group may exchange it", above: 0o755, folder: 0o770, file: 0o600, group: other, want: "by the group 54321"},
		{name: "everybody may write", above: 0o755, folder: 0o700, file: 0o602, want: "config.json can be changed by everybody"},
		{name: "a sticky folder above", above: 0o777 | fs.ModeSticky, folder: 0o700, file: 0o600},
		{name: "an open folder above", above: 0o777, folder: 0o700, file: 0o600, want: "by everybody"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if os.Geteuid() != 0 && c.aboveOf+c.folderOf+c.its+c.group != 0 {
				t.Log("only root can give files away")
				return
			}
			above := filepath.Join(t.TempDir(), "above")
			folder := filepath.Join(above, "folder")
			path := filepath.Join(folder, "config.json")
			require.NoError(t, os.MkdirAll(folder, 0o700))
			require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
			for _, o := range []struct {
				path  string
				owner int
				mode  fs.FileMode
			}{{above, c.aboveOf, c.above}, {folder, c.folderOf, c.folder}, {path, c.its, c.file}} {
				if os.Geteuid() == 0 {
					require.NoError(t, os.Chown(o.path, o.owner, c.group))
				}
				require.NoError(t, os.Chmod(o.path, o.mode))
			}
			link := filepath.Join(t.TempDir(), "link.json")
			require.NoError(t, os.Symlink(path, link))
			for _, name := range []string{path, link} {
				err := files.CheckControlled(name)
				if c.want == "" {
					assert.NoError(t, err)
					continue
				}
				assert.ErrorContains(t, err, c.want)
			}
		})
	}
}

func TestCheckControlledNeedsTheFile(t *testing.T) {
	require.ErrorIs(t, files.CheckControlled(filepath.Join(t.TempDir(), "none.json")), fs.ErrNotExist)
}
