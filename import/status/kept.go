package status

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// Kept is a report of report_dir; Report is nil where there is none.
type Kept struct {
	Path   string
	Report *schema.Report
}

// maxReport bounds what is read: that of a first run of 100,000 people is below it.
const maxReport = 1 << 30

// LastReport is the newest report of a folder.
func LastReport(folder string) (Kept, error) {
	names, err := reports(folder)
	if err != nil || len(names) == 0 {
		return Kept{}, err
	}
	return ReadReport(names[0])
}

// FindReport is the newest report of the run whose identifier begins so, or that has
// this file name.
func FindReport(folder, run string) (Kept, error) {
	names, err := reports(folder)
	if err != nil {
		return Kept{}, err
	}
	for _, path := range names {
		base := strings.TrimSuffix(filepath.Base(path), ".json")
		id := base[strings.LastIndex(base, "-")+1:] // the run's first letters
		if n := min(len(id), len(run)); strings.TrimSuffix(run, ".json") == base || n > 0 && strings.EqualFold(id[:n], run[:n]) {
			return ReadReport(path)
		}
	}
	return Kept{}, fmt.Errorf("report_dir %s has no report of the run %s; it keeps %s", folder, schema.Quoted(run), schema.Plural(len(names), "report"))
}

// ReadReport reads a kept report.
func ReadReport(path string) (Kept, error) {
	data, err := files.ReadOwn(path, maxReport)
	if err != nil {
		return Kept{}, err
	}
	r := &schema.Report{}
	if err := json.Unmarshal(data, r); err != nil {
		return Kept{}, fmt.Errorf("read the report %s: %w", path, err)
	}
	return Kept{Path: path, Report: r}, nil
}

// reports are the paths of a folder's reports, the newest first.
func reports(folder string) (paths []string, err error) {
	if folder == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("report_dir: list the reports: %w", err)
	}
	for _, e := range slices.Backward(entries) { // the time is in the name
		if strings.HasPrefix(e.Name(), "report-") && strings.HasSuffix(e.Name(), ".json") {
			paths = append(paths, filepath.Join(folder, e.Name()))
		}
	}
	return paths, nil
}
