package importer

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"ad-user-sync/internal/files"
)

// KeepReport writes a report into its folder and removes those older than days.
func KeepReport(folder, path string, days int, write func(io.Writer) error) error {
	if err := files.MkdirPrivate(folder); err != nil {
		return fmt.Errorf("report_dir: the report of this run could not be kept: %w", err)
	}
	if err := files.Replace(path, 0o600, write); err != nil {
		return fmt.Errorf("report_dir: the report of this run could not be kept: %w", err)
	}
	old, err := filepath.Glob(filepath.Join(folder, "report-*.json"))
	if err != nil {
		return err
	}
	for _, name := range old {
		info, err := os.Stat(name)
		if err == nil && days > 0 && time.Since(info.ModTime()) > time.Duration(days)*24*time.Hour {
			if err := os.Remove(name); err != nil {
				return fmt.Errorf("report_dir: remove the old report %s: %w", name, err)
			}
		}
	}
	return nil
}
