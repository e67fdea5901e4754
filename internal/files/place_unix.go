//go:build unix

package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// locate goes from folder to folder, each held open while it looks at what is in it, so
// that whoever exchanges names meanwhile gains nothing. A folder on the way that the
// running user may not read, which root always may, leaves the names.
func locate(path string) (place, error) {
	p, err := walk(path)
	if errors.Is(err, fs.ErrPermission) {
		return locateByName(path)
	}
	return p, err
}

// locateFolder holds open a folder that is there.
func locateFolder(folder string) (place, error) {
	p, err := walk(folder)
	if err == nil && p.before == nil {
		err = fs.ErrNotExist
	}
	if err == nil {
		if err = p.enter(p.before); err == nil {
			return p, nil
		}
	}
	p.close()
	if errors.Is(err, fs.ErrPermission) {
		return locateFolderByName(folder)
	}
	return place{}, err
}

const top = string(filepath.Separator)

func walk(path string) (place, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return place{}, err
	}
	link := false // the file itself is one
	for range mostLinks {
		p, rest, err := walkToLink(full)
		if link && (errors.Is(err, fs.ErrNotExist) || err == nil && rest == "" && p.before == nil) {
			p.close()
			return place{}, leadsNowhere(fs.ErrNotExist)
		}
		if err != nil || rest == "" {
			return p, err
		}
		full, link = rest, link || p.name == ""
	}
	return place{}, fmt.Errorf("%s is a link that leads nowhere", full)
}

// walkToLink ends at the file, or at a link on the way; again is the path with what that
// one leads to instead, "" at the file. Of a link to the file itself there is no name.
func walkToLink(full string) (p place, again string, err error) {
	p = place{folder: top, name: "."}
	if p.root, err = os.OpenRoot(top); err != nil {
		return place{}, "", err
	}
	defer func() {
		if err != nil || again != "" {
			p.close()
		}
	}()
	rest := strings.Split(strings.Trim(full, top), top)
	for i, name := range rest {
		p.name = name
		if name == "" { // the top itself
			p.name = "."
		}
		info, err := p.root.Lstat(p.name)
		last := i == len(rest)-1
		switch {
		case err == nil && info.Mode()&fs.ModeSymlink != 0:
			again, err = p.follow(info)
			if last {
				p.name = ""
			}
			return p, filepath.Join(append([]string{again}, rest[i+1:]...)...), err
		case last:
			err = p.look(info, err)
			return p, "", err
		case err != nil:
			return p, "", err
		}
		if err := p.enter(info); err != nil {
			return p, "", err
		}
	}
	return p, "", nil
}

// follow tells where a link leads, unless others could have made it.
func (p *place) follow(link fs.FileInfo) (string, error) {
	others := []string{linkOwner(link)}
	if others[0] == "" {
		folder, err := p.root.Stat(".")
		if err != nil {
			return "", err
		}
		others = whoElseBy(p.folder, folder, true)
	}
	if err := madeByOthers(p.target(), others); err != nil {
		return "", err
	}
	to, err := p.root.Readlink(p.name)
	if err != nil {
		return "", err
	}
	if !filepath.IsAbs(to) {
		to = filepath.Join(p.folder, to)
	}
	return to, nil
}

// enter goes on into a folder, which is the one that was looked at.
func (p *place) enter(folder fs.FileInfo) error {
	next, err := p.root.OpenRoot(p.name)
	if err != nil {
		return err
	}
	info, err := next.Stat(".")
	if err == nil && !os.SameFile(folder, info) {
		err = exchanged(p.target())
	}
	if err != nil {
		return errors.Join(err, next.Close())
	}
	p.close()
	p.root, p.folder = next, p.target()
	return nil
}

// create makes a file for its owner alone, as createPrivate does.
func (p place) create(name, _ string) (*os.File, error) {
	if p.root == nil {
		return createPrivate(filepath.Join(p.folder, name), "")
	}
	f, err := p.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	giveToOwner(f, func() (fs.FileInfo, error) { return p.root.Stat(".") })
	return f, nil
}

// mkdir makes a folder for its owner alone.
func (p place) mkdir() error {
	if p.root == nil {
		return os.Mkdir(p.target(), 0o700)
	}
	if err := p.root.Mkdir(p.name, 0o700); err != nil {
		return err
	}
	owner, others := ofAnother(p.root.Stat("."))
	if os.Geteuid() != 0 || !others {
		return nil
	}
	made, err := p.root.OpenRoot(p.name)
	if err != nil {
		return err
	}
	return errors.Join(made.Chown(".", int(owner.Uid), int(owner.Gid)), made.Close())
}

// sync makes the rename itself durable. Some file systems cannot.
func (p place) sync() error {
	var f *os.File
	var err error
	if p.root != nil {
		f, err = p.root.Open(".")
	} else {
		f, err = os.Open(p.folder)
	}
	if err != nil {
		return err
	}
	return syncFolder(f)
}
