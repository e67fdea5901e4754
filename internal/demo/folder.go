package demo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ad-user-sync/internal/files"
)

// defaultFolder is made in the working folder; with a number where it exists.
const defaultFolder = "ad-user-sync-demo"

// mostFolders is how many demos are kept beside each other.
const mostFolders = 1000

// NewFolder makes the folder for the files and returns its full name. Where dir
// is "" it chooses a name; a folder that exists must be empty.
func NewFolder(dir string) (string, error) {
	if dir == "" {
		return freeFolder()
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("folder %s: %w", dir, err)
	}
	content, err := os.ReadDir(path)
	switch {
	case err == nil && len(content) > 0:
		return "", fmt.Errorf("the folder %s is not empty; name a new one, so that the demo overwrites nothing of yours", dir)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("the demo needs a new or empty folder: %w", err)
	}
	return path, private(path)
}

func freeFolder() (string, error) {
	path, err := filepath.Abs(defaultFolder)
	if err != nil {
		return "", fmt.Errorf("folder %s: %w", defaultFolder, err)
	}
	for n := 2; n < mostFolders; n++ {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path, private(path)
		}
		path = fmt.Sprintf("%s-%d", filepath.Join(filepath.Dir(path), defaultFolder), n)
	}
	return "", fmt.Errorf("there are %d folders named %s already; remove some, or name another one with --dir", mostFolders, defaultFolder)
}

// private makes the folder; others could exchange files in one that everybody
// may write to.
func private(path string) error {
	if err := files.MkdirPrivate(path); err != nil {
		return fmt.Errorf("make the folder for the demo: %w", err)
	}
	fault, _ := files.CheckPrivate(filepath.Join(path, keyFile))
	return fault
}
