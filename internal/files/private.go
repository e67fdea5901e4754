package files

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
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
