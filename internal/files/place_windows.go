package files

import (
	"os"
	"path/filepath"
)

// locate goes by names: a file gets its access list as it is made, which takes a name.
func locate(path string) (place, error) { return locateByName(path) }

func locateFolder(folder string) (place, error) { return locateFolderByName(folder) }

func (p place) create(name, like string) (*os.File, error) {
	return createPrivate(filepath.Join(p.folder, name), like)
}

// sync has nothing to do: a folder cannot be flushed here.
func (place) sync() error { return nil }
