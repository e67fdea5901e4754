package files

import (
	"fmt"
	"path/filepath"
	"strings"
)

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
