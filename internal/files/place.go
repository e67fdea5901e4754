package files

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// place is where a file is or would be, links followed. Where its folder is held open,
// no one can lead elsewhere by exchanging what is on the way to it.
type place struct {
	root         *os.Root // nil where the folder goes by its name
	folder, name string
	before       fs.FileInfo // nil: nothing is there
}

func (p place) target() string { return filepath.Join(p.folder, p.name) }

func (p place) close() {
	if p.root != nil {
		_ = p.root.Close()
	}
}

func (p place) open() (*os.File, error) {
	if p.root != nil {
		return p.root.Open(p.name)
	}
	return open(p.target())
}

// take renames a file of the folder to the name of the place.
func (p place) take(name string) error {
	if p.root != nil {
		return p.root.Rename(name, p.name)
	}
	return rename(filepath.Join(p.folder, name), p.target())
}

func (p place) remove(name string) error {
	if p.root != nil {
		return p.root.Remove(name)
	}
	return os.Remove(filepath.Join(p.folder, name))
}

// locateByName looks at one name after the other, between which they can be exchanged.
func locateByName(path string) (place, error) {
	if err := CheckLinks(path); err != nil {
		return place{}, err
	}
	target := path
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		others, err := whoMadeLink(path, info)
		if err == nil {
			err = madeByOthers(path, others)
		}
		if err != nil {
			return place{}, err
		}
		if target, err = filepath.EvalSymlinks(path); err != nil {
			return place{}, leadsNowhere(err)
		}
	}
	folder, name := filepath.Split(target)
	p := place{folder: cmp.Or(folder, "."), name: name}
	err := p.look(os.Lstat(target))
	return p, err
}

// look takes what is there, or why that cannot be told.
func (p *place) look(info fs.FileInfo, err error) error {
	switch {
	case os.IsNotExist(err):
		return nil
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		return exchanged(p.target())
	}
	p.before = info
	return nil
}

func leadsNowhere(err error) error {
	return fmt.Errorf("the symbolic link leads nowhere: %w", err)
}

func exchanged(path string) error {
	return fmt.Errorf("%s was exchanged at this moment, so that it is not followed; find out by whom", path)
}

func madeByOthers(link string, others []string) error {
	if len(others) == 0 {
		return nil
	}
	return fmt.Errorf("%s is a link, which could have been made by %s, so that it is not followed; name what it leads to, or remove it", link, strings.Join(others, ", "))
}
