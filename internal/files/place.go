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
		return outlastLease(func() (*os.File, error) { return p.root.OpenFile(p.name, os.O_RDONLY|noWait, 0) })
	}
	return open(p.target())
}

// change opens what is there to write to it.
func (p place) change() (*os.File, error) {
	if p.root != nil {
		return outlastLease(func() (*os.File, error) { return p.root.OpenFile(p.name, os.O_RDWR|noFollow|noWait, 0) })
	}
	return outlastLease(func() (*os.File, error) { return os.OpenFile(p.target(), os.O_RDWR|noFollow|noWait, 0) })
}

// lstat is of a file of the folder.
func (p place) lstat(name string) (fs.FileInfo, error) {
	if p.root != nil {
		return p.root.Lstat(name)
	}
	return os.Lstat(filepath.Join(p.folder, name))
}

// entries are what the folder has, in order.
func (p place) entries() ([]os.DirEntry, error) {
	if p.root != nil {
		return fs.ReadDir(p.root.FS(), ".")
	}
	return os.ReadDir(p.folder)
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

// locateIn is the place of a file that is to be made, or is no link: what is there is not
// looked at.
func locateIn(path string) (place, error) {
	folder, name := filepath.Split(filepath.Clean(path))
	p, err := locateFolder(cmp.Or(folder, "."))
	p.name = name
	return p, err
}

func locateFolderByName(folder string) (place, error) {
	return place{folder: folder}, CheckLinks(folder)
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
