package files

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// CheckPrivate looks at who may reach a file. fault: everybody may change the
// file, or its folder so that the file can be exchanged; such a file must not
// be trusted. warning: everybody may read it, which matters for secrets. For a
// file that does not exist yet its folder is judged. Where a link leads, the
// folders of both are judged.
func CheckPrivate(path string) (fault, warning error) {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return checkFolder(path), nil
	}
	if err != nil {
		return fmt.Errorf("check the permissions of %s: %w", path, cause(err)), nil
	}
	everybody, err := accessOf(target)
	switch {
	case err != nil:
		return fmt.Errorf("check the permissions of %s: %w", path, cause(err)), nil
	case everybody.write:
		return fmt.Errorf("%s can be changed by everybody on this computer; take that right away: %s", path, adviceWrite(path)), nil
	case everybody.read:
		warning = fmt.Errorf("%s can be read by everybody on this computer; take that right away: %s", path, adviceRead(path))
	}
	return errors.Join(checkFolder(path), differentFolder(path, target)), warning
}

func differentFolder(path, target string) error {
	linked, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err == nil && linked == filepath.Dir(target) {
		return nil
	}
	return checkFolder(target)
}

func checkFolder(path string) error {
	folder := filepath.Dir(path)
	everybody, err := folderAccessOf(folder)
	switch {
	case err != nil:
		return fmt.Errorf("check the permissions of the folder %s: %w", folder, cause(err))
	case everybody.write:
		return fmt.Errorf("everybody on this computer can exchange files in the folder %s, %s among them; take that right away: %s",
			folder, filepath.Base(path), adviceWrite(folder))
	}
	return nil
}

// access is what everybody on this computer may do.
type access struct{ write, read bool }

// CheckControlled tells who, besides administrators and the user who runs this
// program, may change a file: by the rights on the file itself, by those on a
// folder above it, in which it could be exchanged, or as their owner. Of a link,
// what it leads to is judged, too. nil: no one.
func CheckControlled(path string) error {
	full, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("check who may change %s: %w", path, cause(err))
	}
	target, err := filepath.EvalSymlinks(full)
	if err != nil {
		return fmt.Errorf("check who may change %s: %w", path, cause(err))
	}
	file := true
	for _, part := range append(upwards(target), upwards(filepath.Dir(full))...) {
		others, err := whoElse(part, file)
		switch {
		case err != nil:
			return fmt.Errorf("check who may change %s: %w", path, err)
		case len(others) > 0 && file:
			return fmt.Errorf("%s can be changed by %s", part, strings.Join(others, ", "))
		case len(others) > 0:
			return fmt.Errorf("%s can be exchanged in the folder %s by %s", full, part, strings.Join(others, ", "))
		}
		file = false
	}
	return nil
}

// upwards is a path and every folder above it.
func upwards(path string) []string {
	list := []string{path}
	for parent := filepath.Dir(path); parent != path; path, parent = parent, filepath.Dir(parent) {
		list = append(list, parent)
	}
	return list
}
