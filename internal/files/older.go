package files

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// RemoveOlder removes the files of a folder whose names match the last part of pattern
// ([filepath.Match]), and that were last written longer than age ago.
func RemoveOlder(pattern string, age time.Duration) error {
	p, err := locateIn(pattern)
	if err != nil {
		return fmt.Errorf("look for old files in %s: %w", filepath.Dir(pattern), cause(err))
	}
	defer p.close()
	entries, err := p.entries()
	if err != nil {
		return fmt.Errorf("look for old files in %s: %w", p.folder, cause(err))
	}
	var faults []error
	for _, e := range entries {
		if match, err := filepath.Match(p.name, e.Name()); err != nil || !match {
			continue
		}
		if info, err := p.lstat(e.Name()); err != nil || !info.Mode().IsRegular() || time.Since(info.ModTime()) <= age {
			continue
		}
		if err := p.remove(e.Name()); err != nil {
			faults = append(faults, fmt.Errorf("remove the old file %s: %w", filepath.Join(p.folder, e.Name()), cause(err)))
		}
	}
	return errors.Join(faults...)
}
