package files

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const mostLinks = 40 // of one path, as systems have it

// CheckLinks refuses a path that leads over a link, of a file or a folder, which others than
// administrators and the running user could have made: they could lead it anywhere.
func CheckLinks(path string) error { return checkLinks(path, mostLinks) }

func checkLinks(path string, most int) error {
	full, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("look for links in %s: %w", path, cause(err))
	}
	for _, part := range upwards(full) {
		info, err := os.Lstat(part)
		if err != nil || info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) == 0 { // a junction is irregular
			continue
		}
		others, err := whoMadeLink(part, info)
		if err != nil {
			return fmt.Errorf("look who could have made the link %s: %w", part, cause(err))
		}
		if err := madeByOthers(part, others); err != nil {
			return err
		}
		target, err := os.Readlink(part)
		if err != nil && info.Mode()&fs.ModeSymlink == 0 {
			continue // something else
		}
		if err != nil || most == 0 {
			return fmt.Errorf("%s is a link that leads nowhere", part)
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(part), target)
		}
		if err := checkLinks(target, most-1); err != nil {
			return err
		}
	}
	return nil
}

// whoMadeLink lists who else may exchange what is in the link's folder, or owns the link.
func whoMadeLink(link string, info fs.FileInfo) ([]string, error) {
	if owner := linkOwner(info); owner != "" {
		return []string{owner}, nil
	}
	return whoElse(filepath.Dir(link), false, true)
}

// ReadOwn is [ReadLimited] for a file that this program wrote.
func ReadOwn(path string, limit int64) ([]byte, error) {
	p, err := locate(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, cause(err))
	}
	defer p.close()
	f, size, err := limited(path, limit, p.open)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return read(f, path, limit, size)
}
