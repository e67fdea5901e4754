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
	case everybody.write != nil:
		return fmt.Errorf("%s can be changed by %s; take that right away: %s", path, everybody.writers(), adviceWrite(path, everybody.write)), nil
	case everybody.read != nil:
		warning = fmt.Errorf("%s can be read by %s; take that right away: %s", path, everybody.readers(), adviceRead(path, everybody.read))
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
	case everybody.write != nil:
		return fmt.Errorf("%s can exchange files in the folder %s, %s among them; take that right away: %s",
			everybody.writers(), folder, filepath.Base(path), adviceWrite(folder, everybody.write))
	}
	return nil
}

// access tells who of those that stand for everybody on this computer may do what.
type access struct{ write, read []string }

// CheckOwner tells of a file or its folder that belongs to neither an administrator
// nor the running user, on Windows, where the owner can give themselves any right
// at any time. What does not exist has no owner.
func CheckOwner(path string) error {
	for _, object := range []string{path, filepath.Dir(path)} {
		owner, err := stranger(object)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return fmt.Errorf("look whose %s is: %w", object, cause(err))
		case owner != "":
			return fmt.Errorf("%s belongs to %s, who can change it at any time; unless this is an administrator, make it theirs, and look at what lies there: %s",
				object, owner, adviceOwner(object))
		}
	}
	return nil
}

// CheckControlled tells who, besides administrators and the user who runs this
// program, may change a file: by the rights on the file itself, by those on a
// folder above it, in which it could be exchanged, or as their owner. Of a link,
// what it leads to is judged, too. nil: no one.
func CheckControlled(path string) error { return checkControl(path, true) }

// CheckAdministered is CheckControlled where the user who runs this program counts
// as anybody else, unless that is an administrator.
func CheckAdministered(path string) error { return checkControl(path, false) }

// CheckProgram is CheckAdministered for what is run. Windows looks for a program's
// libraries in its own folder first, so that there no one else may even add files.
func CheckProgram(path string) error {
	if err := CheckAdministered(path); err != nil {
		return err
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return fmt.Errorf("check who may change %s: %w", path, cause(err))
	}
	folder := filepath.Dir(target)
	others, err := whoElse(folder, true, false)
	if err == nil && len(others) > 0 {
		err = fmt.Errorf("libraries can be put beside it into the folder %s by %s", folder, strings.Join(others, ", "))
	}
	if err != nil {
		return fmt.Errorf("check who may change %s: %w", path, err)
	}
	return nil
}

func checkControl(path string, mine bool) error {
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
		others, err := whoElse(part, file, mine)
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
