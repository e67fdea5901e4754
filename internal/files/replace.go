package files

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Replace fills the file at path with what write produces, completely or not
// at all: until it returns nil, and after an error, what was there before is
// untouched. (The one exception: an error that says the file was replaced.)
// A new file gets mode; one that exists keeps its permissions, but the
// right of everybody to write. A symbolic link stays, its target is replaced,
// unless others could have made the link.
func Replace(path string, mode fs.FileMode, write func(io.Writer) error) error {
	p, err := replaceable(path)
	if err != nil {
		return err
	}
	defer p.close()
	target, before := p.target(), p.before
	temp, name, err := p.createBeside()
	if err != nil {
		return fmt.Errorf("write %s: %w", path, noNewFile(target, err))
	}
	markInUse(temp)
	kept := false
	defer func() {
		if !kept {
			_ = temp.Close()
			_ = p.remove(name)
		}
	}()
	if before != nil {
		mode = before.Mode().Perm() &^ 0o002
	}
	if err := fill(temp, path, write); err != nil {
		return err
	}
	if err := takeAccess(temp, target, mode, before); err != nil {
		return fmt.Errorf("set the permissions of %s: %w", path, err)
	}
	if err := temp.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, cause(err))
	}
	if err := p.take(name); err != nil {
		return fmt.Errorf("replace %s: %w", path, explained(target, err))
	}
	kept = true
	if err := p.sync(); err != nil {
		return fmt.Errorf("%s was replaced, but its folder could not be written through to the disk: %w", path, err)
	}
	return nil
}

// Create makes a file for its owner alone; what is there already, links included, is
// fs.ErrExist. After an error there is none; killed, it leaves what was written so far,
// which a later call does not replace.
func Create(path string, write func(io.Writer) error) error {
	p, err := locateIn(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, cause(err))
	}
	defer p.close()
	f, err := p.create(p.name, "")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, cause(err))
	}
	if err := errors.Join(fill(f, path, write), f.Close()); err != nil {
		return errors.Join(err, p.remove(p.name))
	}
	return p.sync()
}

// replaceable follows links and tells what is there. The place is to be closed.
func replaceable(path string) (place, error) {
	if path == "" {
		return place{}, errors.New("write a file: the path is empty")
	}
	p, err := locate(path)
	switch {
	case err != nil:
		err = fmt.Errorf("write %s: %w", path, cause(err))
	case p.before == nil:
	case p.before.IsDir():
		err = fmt.Errorf("write %s: %w; name a file in it", path, ErrDirectory)
	case !p.before.Mode().IsRegular():
		err = fmt.Errorf("write %s: it is a device or pipe, not a file that can be replaced", path)
	}
	if err != nil {
		p.close()
		return place{}, err
	}
	return p, nil
}

// createBeside makes the temporary file in the same folder, since a rename
// works within one file system only.
func (p place) createBeside() (f *os.File, name string, err error) {
	like := ""
	if p.before != nil {
		like = p.target()
	}
	for {
		name = "." + p.name + "." + rand.Text()[:randomChars] + ".tmp"
		if f, err = p.create(name, like); !errors.Is(err, fs.ErrExist) {
			return f, name, err
		}
	}
}

// RemoveLeftovers removes the temporary files of processes that were killed while
// they replaced the file at path; not those of whoever is replacing it now.
func RemoveLeftovers(path string) error {
	p, err := replaceable(path)
	if err != nil {
		return nil // nothing can be beside it
	}
	defer p.close()
	entries, err := p.entries()
	if err != nil {
		return fmt.Errorf("look for leftovers of %s: %w", path, cause(err))
	}
	var faults []error
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), "."+p.name+".")
		if random, temp := strings.CutSuffix(rest, ".tmp"); ours && temp && len(random) == randomChars && e.Type().IsRegular() {
			if !inUse(filepath.Join(p.folder, e.Name())) {
				faults = append(faults, p.remove(e.Name()))
			}
		}
	}
	return errors.Join(faults...)
}

const randomChars = 10

// fill writes, and makes sure that the disk has it. What write itself reports passes
// as it is.
func fill(temp *os.File, path string, write func(io.Writer) error) error {
	d := &disk{file: temp}
	buffered := bufio.NewWriterSize(d, 1<<16)
	err := write(buffered)
	switch {
	case d.err != nil:
		err = d.err
	case err != nil:
		return err
	default:
		err = buffered.Flush()
	}
	if err == nil {
		err = temp.Sync()
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, cause(err))
	}
	return nil
}

// disk remembers its first error, which tells a full disk from a source that
// failed.
type disk struct {
	file *os.File
	err  error
}

func (d *disk) Write(p []byte) (int, error) {
	n, err := d.file.Write(p)
	if d.err == nil {
		d.err = err
	}
	return n, err
}
