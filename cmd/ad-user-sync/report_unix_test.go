//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The account of the scheduled import may write nothing into the folder of the
// configuration; it is told where a report can go.
func TestReportTellsWhereItCanBeWritten(t *testing.T) {
	s := newStranger(t)
	s.give(t, map[string]string{"import_config.yaml": "managed_user_path: OU=Managed,DC=plant,DC=example\nreport_dir: state/reports\n"})
	reports := filepath.Join(s.folder, "state", "reports")
	require.NoError(t, os.MkdirAll(reports, 0o755))
	writeAll(t, reports, map[string]string{"report-20260110T054500Z-AAAAAAAA.json": `{"run": "AAAAAAAABB", "started": "2026-01-10T05:45:00Z"}`})
	require.NoError(t, os.Chmod(filepath.Join(reports, "report-20260110T054500Z-AAAAAAAA.json"), 0o644))
	if s.credential != nil {
		require.NoError(t, os.Chown(s.folder, 0, 0))
		require.NoError(t, os.Chown(filepath.Join(s.folder, "state"), 65534, 65534))
	}
	require.NoError(t, os.Chmod(s.folder, 0o555))
	t.Cleanup(func() { _ = os.Chmod(s.folder, 0o755) })
	assert.Contains(t, s.run(t, "report --format html --output report.html"),
		"permission denied: it belongs to the user", "why")
	assert.Contains(t, s.run(t, "report --format html --output report.html"),
		"a place that can be written to: --output "+filepath.Join(s.folder, "state", "report.html"))
}
