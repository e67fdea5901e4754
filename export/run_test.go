package export_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

func TestRun(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.Attributes = []string{"mail", "manager", "thumbnailPhoto", "otherTelephone"}
		c.Exclude = map[string][]string{"sAMAccountName": {"adm-*"}}
	})
	file, result := exported(t, corp(), cfg)

	assert.Equal(t, []string{"boss", "jdoe", "gparty"}, accounts(file))
	assert.Equal(t, clock, file.Timestamp)
	assert.Equal(t, &schema.Source{Domain: "corp.example", Scope: result.Scope, Tool: "ad-user-sync test"}, file.Source)
	require.Len(t, file.Complete.Searches, 1)
	assert.Equal(t, 3, file.Complete.Users)
	assert.Equal(t, 4, file.Complete.Searches[0].Entries)

	jane := find(t, file, "jdoe")
	assert.Equal(t, "Doe, Jane", jane.CN)
	assert.False(t, jane.Disabled)
	assert.Equal(t, []string{"CN=t-Viewers"}, jane.MemberOf)
	assert.Equal(t, time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC), *jane.AccountExpires)
	assert.Equal(t, map[string]schema.Value{
		"mail":           {List: []string{"jane@corp.example"}},
		"manager":        {List: []string{find(t, file, "boss").ObjectGUID}},
		"thumbnailPhoto": {List: []string{photo}, Binary: true},
		"otherTelephone": {List: []string{"1"}, Multi: true},
	}, jane.Attributes)

	gone := find(t, file, "gparty")
	assert.True(t, gone.Disabled)
	assert.Nil(t, gone.AccountExpires)
	assert.Nil(t, gone.Attributes["mail"].List)
	assert.Contains(t, gone.Attributes, "mail", "null: no value")
	assert.Equal(t, schema.Value{Multi: true}, withoutEmpty(gone.Attributes["otherTelephone"]))

	data, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	sum := sha256.Sum256(data)
	assert.Equal(t, hex.EncodeToString(sum[:]), result.SHA256)
	assert.Equal(t, []int{3, 1, 1, 0}, []int{result.Users, result.Disabled, result.LeftOut, result.Twice})
	assert.Empty(t, result.Warnings)
}

func withoutEmpty(v schema.Value) schema.Value {
	if len(v.List) == 0 {
		v.List = nil
	}
	return v
}

func TestNestedGroups(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.NestedGroups = true })
	file, _ := exported(t, corp(), cfg)
	assert.Equal(t, []string{"CN=t-Editors"}, find(t, file, "jmueller").MemberOf)
	assert.Len(t, file.Users, 5)
}

func TestWithoutSearchGroupsEverybodyGoes(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.SearchGroups, c.GroupPath = nil, "" })
	file, _ := exported(t, corp(), cfg)
	assert.ElementsMatch(t, []string{"boss", "jdoe", "jmueller", "gparty", "adm-jane", "ngroup"}, accounts(file))
	assert.Empty(t, file.Users[0].MemberOf)
	data, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"memberOf": []`)
}

func TestTheWholeDomainHasNoComputers(t *testing.T) {
	d := corp()
	d.AddUser(memad.User{CN: "Trust", AccountName: "OTHER$", Password: "Passw0rd.Lab"})
	trust, err := d.Domain().Base.Join("CN=Trust,CN=Users")
	require.NoError(t, err)
	d.Overwrite(trust, map[string]string{"userAccountControl": "2080"})
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups = nil
		c.Queries = []schema.Query{{Base: "DC=corp,DC=example", Scope: "subtree", Filter: "(objectClass=*)"}}
	})
	file, _ := exported(t, d, cfg)
	for _, name := range accounts(file) {
		assert.NotContains(t, name, "$")
	}
	assert.Contains(t, accounts(file), "Administrator")
}

func TestPrimaryGroupCounts(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.GroupPath, c.SearchGroups = "CN=Users,DC=corp,DC=example", []string{"CN=Domain Users"}
	})
	file, _ := exported(t, corp(), cfg)
	assert.Equal(t, []string{"CN=Domain Users"}, find(t, file, "ngroup").MemberOf)
	assert.Len(t, file.Users, 6)
}

func TestFoundTwiceGoesOnce(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups = nil
		c.Queries = []schema.Query{
			{Base: "OU=Lab,OU=People,DC=corp,DC=example", Scope: "onelevel"},
			{Base: "OU=People,DC=corp,DC=example", Scope: "subtree", Filter: "(|(sAMAccountName=ngroup)(sAMAccountName=boss))"},
			{Base: "CN=Ada Okonkwo,OU=People,DC=corp,DC=example", Scope: "base"},
		}
	})
	file, result := exported(t, corp(), cfg)
	assert.ElementsMatch(t, []string{"ngroup", "boss"}, accounts(file))
	assert.Equal(t, 2, result.Twice)
	assert.Equal(t, []int{1, 2, 1}, []int{result.Searches[0].Entries, result.Searches[1].Entries, result.Searches[2].Entries})
}

func TestOlderShape(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SourceAnchor = false
		c.Attributes = []string{"mail", "thumbnailPhoto", "manager"}
	})
	file, result := exported(t, corp(), cfg)
	assert.Nil(t, file.Source)
	assert.Nil(t, file.Complete)
	assert.False(t, file.Zoned)
	assert.Len(t, result.Warnings, 2, "%v", result.Warnings)
	data, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	assert.Equal(t, []string{"cn", "sAMAccountName", "disabled", "accountExpires", "memberOf", "mail"}, members(t, data))
}

func TestSigned(t *testing.T) {
	key, err := hmacfile.ParseKey("d8b1619ae68eec643255a74014233f6d")
	require.NoError(t, err)
	cfg := config(t, nil)
	result, err := export.Run(t.Context(), corp(), cfg, export.Options{Tool: "t", Key: &key})
	require.NoError(t, err)
	assert.True(t, result.Signed)
	data, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	opened, err := hmacfile.Open(data, []hmacfile.Key{key})
	require.NoError(t, err)
	assert.Equal(t, hmacfile.FormExact, opened.Form)
	_, err = schema.DecodeUserFile(opened.Body)
	require.NoError(t, err)
}

func TestStandardOutputGetsTheSameBytes(t *testing.T) {
	cfg := config(t, nil)
	_, want := exported(t, corp(), cfg)
	file, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	cfg.ExportFile = ""
	t.Setenv("TMPDIR", t.TempDir())
	var stdout bytes.Buffer
	got, err := export.Run(t.Context(), corp(), cfg, export.Options{Tool: options.Tool, Stdout: &stdout})
	require.NoError(t, err)
	assert.Equal(t, string(file), stdout.String())
	assert.Equal(t, want.SHA256, got.SHA256)
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

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
		}, nil, "queries[1]: OU=Nobody", ad.ErrNotFound},
		{"user_path of another domain", func(c *schema.ExportConfig) { c.UserPath = "OU=People,DC=plant,DC=example" }, nil,
			"is not in the domain corp.example", nil},
		{"user_path in the configuration", func(c *schema.ExportConfig) { c.UserPath = "CN=Configuration,DC=corp,DC=example" }, nil,
			"no user was selected", export.ErrNoUsers},
		{"group does not exist", func(c *schema.ExportConfig) { c.SearchGroups = []string{"CN=t-Viewers", "CN=t-Nobody"} }, nil,
			"search_groups: there is no group CN=t-Nobody (CN=t-Nobody,OU=Groups,DC=corp,DC=example)", ad.ErrNotFound},
		{"group is none", func(c *schema.ExportConfig) {
			c.GroupPath, c.SearchGroups = "DC=corp,DC=example", []string{"OU=Groups"}
		}, nil, "there is no group OU=Groups", ad.ErrNotFound},
		{"nobody in the group", func(c *schema.ExportConfig) { c.SearchGroups = []string{"CN=Circle"} }, nil,
			"nobody whom", export.ErrNoUsers},
		{"everybody excluded", func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"cn": {"*"}} }, nil,
			"the searches found 4, and all of them are left out", export.ErrNoUsers},
		{"unknown attribute", func(c *schema.ExportConfig) { c.Attributes = []string{"mail", "maill"} }, nil,
			`the schema of corp.example has no attribute "maill"`, nil},
		{"unknown attribute in exclude", func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"maill": {"*"}} }, nil,
			`has no attribute "maill", so nobody would be excluded by it`, nil},
		{"pattern for what is no text", func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"objectSid": {"*"}} }, nil,
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
	_, err = os.Stat(cfg.ExportFile)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// blind reads the domain without the right to one attribute.
type blind struct {
	export.Directory
	to string
}

func (b *blind) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if bytes.Contains([]byte(s.Filter), []byte("("+b.to+"=*)")) {
		s.Filter = ad.And(s.Filter, ad.Not(ad.Anything)) // matches nobody
	}
	return b.Directory.Search(ctx, s, func(e ad.Entry) error {
		values := map[string][][]byte{}
		for _, name := range e.Names() {
			if name != string(bytes.ToLower([]byte(b.to))) {
				values[name] = e.Values(name)
			}
		}
		return each(ad.NewEntry(e.DN, values))
	})
}

func TestWhatNobodyMayReadIsNotBlanked(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.Attributes = []string{"mail", "otherTelephone", "department"}
		c.Exclude = map[string][]string{"mail": {"*"}}
	})
	file, result := exported(t, &blind{corp(), "mail"}, cfg)
	for _, u := range file.Users {
		assert.NotContains(t, u.Attributes, "mail")
		assert.NotContains(t, u.Attributes, "department", "nobody has one")
		assert.Contains(t, u.Attributes, "otherTelephone")
	}
	require.Len(t, result.Warnings, 3)
	assert.Contains(t, result.Warnings[0], "attributes: mail is left out: nobody has a value of it that ")
	assert.Contains(t, result.Warnings[1], "attributes: department is left out")
	assert.Contains(t, result.Warnings[2], "exclude: nobody has a value of mail")
}

func TestAnUnseenManagerIsLeftOutAndNotCleared(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.Attributes = []string{"manager"} })
	file, result := exported(t, hiding{corp()}, cfg)
	assert.NotContains(t, find(t, file, "jdoe").Attributes, "manager")
	assert.Contains(t, find(t, file, "boss").Attributes, "manager", "null: has none")
	require.Len(t, result.Warnings, 1)
	assert.Contains(t, result.Warnings[0], "1 references to people")
}

func TestExcludeByNameAndByGroup(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups = nil
		c.Exclude = map[string][]string{"distinguishedName": {"*,OU=Lab,*"}, "memberOf": {"CN=t-Viewers,*"}}
	})
	file, result := exported(t, corp(), cfg)
	assert.ElementsMatch(t, []string{"boss", "jmueller"}, accounts(file))
	assert.Empty(t, result.Warnings)
}

func TestReferencesWithoutBackLink(t *testing.T) {
	d := corp()
	jane, err := d.Domain().Base.Join(`CN=Doe\, Jane,OU=People`)
	require.NoError(t, err)
	d.Set(jane, map[string]string{"secretary": "CN=Nina Keller,OU=Lab,OU=People,DC=corp,DC=example"})
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups, c.Attributes = nil, []string{"secretary", "manager"}
	})
	file, result := exported(t, d, cfg)
	assert.Equal(t, []string{find(t, file, "ngroup").ObjectGUID}, find(t, file, "jdoe").Attributes["secretary"].List)
	assert.Equal(t, []string{find(t, file, "boss").ObjectGUID}, find(t, file, "jdoe").Attributes["manager"].List)
	assert.Empty(t, result.Warnings)
}

// hiding does not show who is a manager.
type hiding struct{ export.Directory }

func (h hiding) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if s.Filter == ad.Present("directReports") {
		return ad.Summary{}, nil
	}
	return h.Directory.Search(ctx, s, each)
}

func TestWarnings(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups = append(c.SearchGroups, "CN=Circle")
		c.Queries = []schema.Query{{Base: c.UserPath}, {Base: "OU=Groups,DC=corp,DC=example"}}
	})
	_, result := exported(t, corp(), cfg)
	assert.Equal(t, []string{
		"queries[1]: the search below OU=Groups,DC=corp,DC=example found nobody",
		"search_groups: nobody in the file is in CN=Circle",
	}, result.Warnings)
}

func TestNoQueryPerUser(t *testing.T) {
	searches := func(extra int) int {
		d := corp()
		for i := range extra {
			d.AddUser(memad.User{Parent: "OU=People", AccountName: "u" + string(rune('a'+i)), Groups: []string{"CN=t-Viewers,OU=Groups"},
				Attributes: map[string]string{"manager": "CN=Ada Okonkwo,OU=People,DC=corp,DC=example"}})
		}
		exported(t, d, config(t, func(c *schema.ExportConfig) { c.Attributes = []string{"mail", "manager"}; c.NestedGroups = true }))
		return d.Operations().Searches
	}
	assert.Equal(t, searches(1), searches(20))
}
