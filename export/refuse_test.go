package export_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// Whatever fails, the old file stays, nothing is left beside it and nothing is
// printed.
func TestRefusals(t *testing.T) {
	lost := errors.New("connection lost")
	for _, c := range []struct {
		name   string
		change func(*schema.ExportConfig)
		dir    func(*memad.Directory) export.Directory
		says   string
		is     error
	}{
		{"the search breaks after two users", nil, func(d *memad.Directory) export.Directory {
			return &broken{Directory: d, after: 2, err: lost, times: 9}
		}, "user_path: connection lost", lost},
		{"the connection is lost twice", nil, func(d *memad.Directory) export.Directory {
			return &broken{Directory: d, after: 2, err: ad.ErrUnreachable, times: 2}
		}, "", ad.ErrUnreachable},
		{"the clock cannot be read", nil, func(d *memad.Directory) export.Directory {
			d.Fail(func(memad.Operation) error { return ad.ErrUnreachable })
			return d
		}, "read the controller's clock", ad.ErrUnreachable},
		{"user_path does not exist", func(c *schema.ExportConfig) { c.UserPath = "OU=Nobody,DC=corp,DC=example" }, nil,
			"user_path: OU=Nobody,DC=corp,DC=example does not exist in corp.example", ad.ErrNotFound},
		{"query does not exist", func(c *schema.ExportConfig) {
			c.Queries = []schema.Query{{Base: c.UserPath}, {Base: "OU=Nobody,DC=corp,DC=example"}}
		}, nil, "queries[2]: OU=Nobody", ad.ErrNotFound},
		{"user_path of another domain", func(c *schema.ExportConfig) { c.UserPath = "OU=People,DC=plant,DC=example" }, nil,
			"is not in the domain corp.example", nil},
		{"user_path in the configuration", func(c *schema.ExportConfig) { c.UserPath = "CN=Configuration,DC=corp,DC=example" }, nil,
			"no user was selected", export.ErrNoUsers},
		{"group does not exist", func(c *schema.ExportConfig) { c.SearchGroups = []string{"CN=t-Viewers", "CN=t-Nobody"} }, nil,
			"search_groups: the group CN=t-Nobody,OU=Groups,DC=corp,DC=example does not exist in corp.example", ad.ErrNotFound},
		{"group is none", func(c *schema.ExportConfig) {
			c.GroupPath, c.SearchGroups = "DC=corp,DC=example", []string{"OU=Groups"}
		}, nil, "search_groups: the group OU=Groups,DC=corp,DC=example does not exist", ad.ErrNotFound},
		{"nobody in the group", func(c *schema.ExportConfig) { c.SearchGroups = []string{"CN=Empty"} }, func(d *memad.Directory) export.Directory {
			d.AddGroup("CN=Empty,OU=Groups")
			return d
		}, "no user whom", export.ErrNoUsers},
		{"nobody but a group in the group", func(c *schema.ExportConfig) { c.SearchGroups = []string{"CN=Circle"} }, nil,
			`is left out (1: a group in a search group; its members go only where "nested_groups" is true)`, export.ErrNoUsers},
		{"everybody excluded", func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"cn": {"*"}} }, nil,
			`is left out (1: a group in a search group; its members go only where "nested_groups" is true; 4: exclude: cn matches "*")`, export.ErrNoUsers},
		{"unknown attribute", func(c *schema.ExportConfig) { c.Attributes = []string{"mail", "maill"} }, nil,
			`the schema of corp.example has no attribute "maill"`, nil},
		{"unknown attribute in exclude", func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"maill": {"*"}} }, nil,
			`has no attribute "maill", so no one would be excluded by it`, nil},
		{"unknown attribute in a filter", func(c *schema.ExportConfig) {
			c.Queries = []schema.Query{{Base: c.UserPath}, {Base: c.UserPath, Filter: "(|(department=Dept 1)(deprtment=Dept 2))"}}
		}, nil, `queries[2].filter: the schema of corp.example has no attribute "deprtment", so that part of (|(department=Dept 1)(deprtment=Dept 2)) matches no one`, nil},
		{"unknown attribute, alone and negated", func(c *schema.ExportConfig) {
			c.Queries = []schema.Query{{Base: c.UserPath, Filter: "(!(deprtment:1.2.840.113556.1.4.803:=2))"}}
		}, nil, `queries[1].filter: the schema of corp.example has no attribute "deprtment"`, nil},
		{"unknown OID in a filter", func(c *schema.ExportConfig) {
			c.Queries = []schema.Query{{Base: c.UserPath, Filter: "(1.2.3.4.5=x)"}}
		}, nil, `queries[1].filter: the schema of corp.example has no attribute "1.2.3.4.5"`, nil},
		{"pattern for what is not text", func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"objectSid": {"*"}} }, nil,
			"are not text", nil},
		{"no right to read userAccountControl", nil, func(d *memad.Directory) export.Directory {
			return &blind{Directory: d, to: "userAccountControl"}
		}, "userAccountControl of CN=Ada Okonkwo,OU=People,DC=corp,DC=example cannot be read", nil},
		{"no right to read objectGUID", nil, func(d *memad.Directory) export.Directory {
			return &blind{Directory: d, to: "objectGUID"}
		}, "objectGUID of", nil},
		{"configuration", func(c *schema.ExportConfig) { c.UserPath = "People" }, nil, "user_path", export.ErrConfig},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := config(t, c.change)
			require.NoError(t, os.WriteFile(cfg.ExportFile, []byte("old"), 0o600))
			t.Setenv("TMPDIR", t.TempDir())
			var stdout bytes.Buffer
			opts := export.Options{Tool: "t", Stdout: &stdout}
			for range 2 { // to the file, then to standard output
				var dir export.Directory = corp()
				if c.dir != nil {
					dir = c.dir(corp())
				}
				result, err := export.Run(t.Context(), dir, cfg, opts)
				require.ErrorContains(t, err, c.says)
				if c.is != nil {
					require.ErrorIs(t, err, c.is)
				}
				assert.Zero(t, result)
				if cfg.ExportFile != "" {
					data, err := os.ReadFile(cfg.ExportFile)
					require.NoError(t, err)
					assert.Equal(t, "old", string(data))
					assertAlone(t, filepath.Dir(cfg.ExportFile), 1)
				}
				cfg.ExportFile = ""
			}
			assert.Empty(t, stdout.String())
			assertAlone(t, os.Getenv("TMPDIR"), 0)
		})
	}
}

func assertAlone(t *testing.T, folder string, files int) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, files, "%v", entries)
}

func TestALostConnectionIsTriedOnceMore(t *testing.T) {
	cfg := config(t, nil)
	file, result := exported(t, &broken{Directory: corp(), after: 2, err: ad.ErrUnreachable, times: 1}, cfg)
	assert.Len(t, file.Users, 4)
	assert.Equal(t, 4, result.Users, "counted anew")
	assert.Len(t, result.Searches, 1)
}

func TestCancelledWritesNothing(t *testing.T) {
	cfg := config(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := export.Run(ctx, corp(), cfg, export.Options{Tool: "t", Progress: func(n int) {
		if n == 3 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "the export was ended before its file was complete")
	assert.NotErrorIs(t, err, ad.ErrUnreachable, "no controller is to blame")
	_, err = os.Stat(cfg.ExportFile)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestCancelledInTheMiddleOfASearchBlamesNoController(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d := corp()
	d.Fail(func(op memad.Operation) error {
		if op.Kind == memad.OpSearch {
			cancel()
			return ad.ErrUnreachable
		}
		return nil
	})
	_, err := export.Run(ctx, d, config(t, nil), options)
	require.ErrorContains(t, err, "the export was ended before its file was complete")
	assert.NotErrorIs(t, err, ad.ErrUnreachable)
}

// What an export that was killed left beside the file goes with the next one.
func TestLeftoversOfAnExportAreRemoved(t *testing.T) {
	cfg := config(t, nil)
	folder := filepath.Dir(cfg.ExportFile)
	for _, name := range []string{".users.json.ABCDEFGHIJ.tmp", ".users.json.controller.ABCDEFGHIJ.tmp", ".other.json.ABCDEFGHIJ.tmp"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("{"), 0o600))
	}
	exported(t, corp(), cfg)
	left, err := filepath.Glob(filepath.Join(folder, ".*.tmp"))
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(folder, ".other.json.ABCDEFGHIJ.tmp")}, left)
}
