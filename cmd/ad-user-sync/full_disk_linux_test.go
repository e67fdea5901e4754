package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
	"ad-user-sync/internal/memad"
)

// filesOn are the files of a disk with what they hold.
func filesOn(t *testing.T, disk string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(disk, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".lock") || entry.Name() == "filler" {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = string(text)
		return err
	}))
	return all
}

// A disk that is full while a command writes to it: the command says so, ends with
// 1, and leaves what was there before; the next run does all that is due.
func TestAFullDisk(t *testing.T) {
	disk, fill, free := adtest.SmallDisk(t)
	etc := t.TempDir()
	corp, plant := documentDomain("corp.example"), documentDomain("plant.example")
	person := func(cn, account string) {
		corp.AddUser(memad.User{Parent: "OU=Staff", CN: cn, AccountName: account, Password: secretPassword})
	}
	person("Jane Doe", "jdoe")
	imports := func(state, reports string) string {
		return "managed_user_path: OU=Managed,DC=plant,DC=example\ninput_file: " + disk + "/users.json\nresolutions_file: " + state + "/resolutions.json\nreport_dir: " +
			reports + "/reports\n" + documentDirectory(t, etc, plant)
	}
	writeAll(t, etc, map[string]string{"directory.password": boundPassword,
		"export_config.yaml": "user_path: OU=Staff,DC=corp,DC=example\nexport_file: " + disk + "/users.json\n" + documentDirectory(t, etc, corp),
		"import_config.yaml": imports(disk, disk), "reports.yaml": imports(etc, disk),
		"observed.yaml": "managed_user_path: OU=Observed,DC=plant,DC=example\ninput_file: " + disk + "/users.json\nresolutions_file: " + disk + "/observed/kept.json\nobserve: {until: " +
			time.Now().AddDate(0, 0, 9).Format(time.DateOnly) + "}\n" + documentDirectory(t, etc, plant)})
	plant.AddOU("OU=Observed")
	require.NoError(t, os.Mkdir(filepath.Join(disk, "observed"), 0o700))
	ran := func(args ...string) (int, string) {
		cmd := exec.Command(binary, args...)
		cmd.Dir = etc
		out, err := cmd.CombinedOutput()
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
			require.NoError(t, err)
		}
		return cmd.ProcessState.ExitCode(), string(out)
	}
	does := func(args ...string) {
		t.Helper()
		code, out := ran(args...)
		require.Zero(t, code, out)
	}
	accounts := func() string { return plant.Dump(plant.AddOU("OU=Managed")) }
	does("export")
	does("import")
	does("import", "--config", "observed.yaml")
	person("John Doe", "john")
	does("export", "--output", "newer.json")
	writeAll(t, etc, map[string]string{"resolutions.state.json": read(t, disk, "resolutions.state.json")})
	fill()
	before, people := filesOn(t, disk), accounts()
	for _, command := range []string{"export", "import --input newer.json", "import --config observed.yaml --input newer.json", "keygen --out DISK/hmac.key", "status --textfile DISK/status.prom",
		"report --format html --output DISK/report.html", "embed --config import_config.yaml --out DISK/ad-user-sync",
		"init import --yes --config DISK/import.yaml --from import_config.yaml --set approval_directory.username=PLANT\\svc-sync --set expect.domain=corp.example"} {
		t.Run(strings.Join(strings.Fields(command)[:1], ""), func(t *testing.T) {
			code, out := ran(strings.Fields(strings.ReplaceAll(command, "DISK", disk))...)
			want := exitFault
			if strings.HasPrefix(command, "init") { // where to write is an answer, and this one will not do
				want = exitUsage
			}
			assert.Equal(t, want, code, out)
			assert.Contains(t, out, "no space left on device")
			assert.Equal(t, before, filesOn(t, disk), "nothing is lost, and nothing half-written")
			assert.Equal(t, people, accounts(), "nothing is done that could not be remembered")
		})
	}
	t.Run("report of a run that is done", func(t *testing.T) {
		code, out := ran("import", "--config", "reports.yaml", "--input", "newer.json")
		assert.Equal(t, exitFault, code, out)
		assert.Contains(t, out, "no space left on device")
		assert.Equal(t, before, filesOn(t, disk))
		assert.Contains(t, accounts(), "CN=John Doe,OU=Managed", "what was done is said on standard output, and remembered")
	})
	free()
	writeAll(t, disk, map[string]string{"resolutions.state.json": read(t, etc, "resolutions.state.json")})
	person("Jim Doe", "jim")
	does("export")
	does("import")
	assert.Contains(t, accounts(), "CN=Jim Doe,OU=Managed")
}
